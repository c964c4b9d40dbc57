"""What a published version shows, ready in the process: a page of a lesson asks the database nothing for it.

Versions never change, so what is kept is never wrong. It lives in the bounded cache ``local`` of this process, by version id.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.core.cache import caches

from linimasa.writing import MINUTES_PER_JP

from .models import ActivityKind, FrozenLesson, Version

Kept = TypeVar("Kept")


@dataclass(frozen=True, slots=True)
class OutlineItem:
    """One activity as a version shows it. ``minutes`` count towards JP; ``position`` orders the items."""

    activity_id: int
    kind: str
    code: str
    slug: str
    title: str
    minutes: int
    required: bool
    position: int
    kilobytes: int = 0


@dataclass(frozen=True, slots=True)
class Outline:
    """A version's items in order, and its facts (title, summary, objectives … of the module; rules and programme of the course)."""

    version_id: int
    number: int
    course_id: int
    module_id: int | None
    items: tuple[OutlineItem, ...]
    facts: Mapping[str, Any]

    @property
    def minutes(self) -> int:
        return sum(item.minutes for item in self.items)

    @property
    def jp(self) -> float:
        return self.minutes / MINUTES_PER_JP

    @property
    def lessons(self) -> tuple[OutlineItem, ...]:
        return tuple(item for item in self.items if item.kind == ActivityKind.LESSON)

    @property
    def kilobytes(self) -> int:
        return sum(item.kilobytes for item in self.items)

    def item(self, activity_id: int) -> OutlineItem | None:
        return next((item for item in self.items if item.activity_id == activity_id), None)


@dataclass(frozen=True, slots=True)
class LessonPage:
    """A lesson as one version shows it. ``html`` is sanitised; ``checks`` fill its places (``markdown.replace_blocks``):
    ``{key, prompt, choices: [{text, feedback}], answer}``, never graded and never from a bank."""

    version_id: int
    activity_id: int
    title: str
    html: str
    objectives: tuple[str, ...]
    checks: tuple[Mapping[str, Any], ...]
    reviewed_on: date | None
    words: int
    size: int

    def check(self, key: str) -> Mapping[str, Any] | None:
        return next((check for check in self.checks if check["key"] == key), None)


def of_version(version_id: int) -> Outline:
    """The outline of a version. Two statements the first time in a process, none afterwards. Raises Version.DoesNotExist."""
    return kept(f"courses.outline:{version_id}", lambda: _outline(Version.objects.defer("parts").get(pk=version_id)))


def frozen_lesson(version_id: int, activity_id: int) -> LessonPage:
    """The lesson of a version. One statement the first time in a process, none afterwards. Raises FrozenLesson.DoesNotExist."""
    return kept(f"courses.lesson:{version_id}:{activity_id}", lambda: _lesson_page(version_id, activity_id))


def part(version_id: int, name: str) -> dict[str, Any]:
    """What another app froze in this version under its name; empty when nothing. One statement the first time, none afterwards."""
    return kept(
        f"courses.part:{version_id}:{name}",
        lambda: Version.objects.values_list("parts", flat=True).get(pk=version_id).get(name) or {},
    )


def kept(key: str, make: Callable[[], Kept]) -> Kept:
    """What ``make`` gives, made once a process. The key must name every version that it is made of, so that it is never wrong."""
    found = caches["local"].get(key)
    if found is None:
        found = make()
        caches["local"].set(key, found, None)
    return found


def _outline(version: Version) -> Outline:
    sizes = dict(version.lessons.values_list("activity_id", "size"))
    return Outline(
        version_id=version.pk,
        number=version.number,
        course_id=version.course_id,
        module_id=version.module_id,
        facts=version.facts,
        items=tuple(
            OutlineItem(
                activity_id=item["activity"],
                kind=item["kind"],
                code=item["code"],
                slug=item["slug"],
                title=item["title"],
                minutes=item["minutes"],
                required=item["required"],
                position=item["position"],
                kilobytes=-(-sizes.get(item["activity"], 0) // 1000),
            )
            for item in version.outline
        ),
    )


def _lesson_page(version_id: int, activity_id: int) -> LessonPage:
    row = FrozenLesson.objects.defer("body").get(version=version_id, activity=activity_id)
    return LessonPage(
        version_id=version_id,
        activity_id=activity_id,
        title=row.title,
        html=row.html,
        objectives=tuple(row.objectives),
        checks=tuple(row.checks),
        reviewed_on=row.reviewed_on,
        words=row.words,
        size=row.size,
    )
