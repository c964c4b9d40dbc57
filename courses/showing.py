"""The public face of what is published: the programme strip, the catalogue's cards, a module's page. The same for everyone."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse

from linimasa import markdown
from linimasa.writing import MINUTES_PER_JP, number_word

from . import outline
from .holders import Holder
from .models import ActivityKind, Course, Module
from .publishing import registered_parts
from .rules import module_conditions, programme_conditions

SHORT_LISTS = 3


@dataclass(frozen=True, slots=True)
class Stage:
    """One piece of the JP strip. ``label`` is shown under it when there is room; ``core`` marks the core modules."""

    title: str
    label: str
    minutes: int
    module_code: str
    core: bool
    optional: bool

    @property
    def jp(self) -> int:
        return self.minutes // MINUTES_PER_JP


@dataclass(frozen=True, slots=True)
class Card:
    """A module in the catalogue."""

    title: str
    url: str
    number: int
    course_title: str
    minutes: int
    optional: bool
    summary: str
    objectives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Line:
    """One activity on a module's public line; ``notes`` are words of the app that owns it («8 soal», «3 kesempatan»)."""

    item: outline.OutlineItem
    number: int
    notes: tuple[str, ...]

    @property
    def is_lesson(self) -> bool:
        return self.item.kind == ActivityKind.LESSON

    @property
    def is_quiz(self) -> bool:
        return self.item.kind == ActivityKind.QUIZ


@dataclass(frozen=True)
class ModulePage:
    """Everything a module's public page shows."""

    title: str
    code: str
    summary: str
    optional: bool
    objectives: tuple[str, ...]
    number: int
    of: int
    minutes: int
    kilobytes: int
    lines: tuple[Line, ...]
    conditions: tuple[str, ...]
    programme_conditions: tuple[str, ...]
    stages: tuple[Stage, ...]
    counts: dict[str, int] = field(default_factory=dict)

    @property
    def first_lesson(self) -> Line | None:
        return next((line for line in self.lines if line.is_lesson), None)

    @property
    def lessons_word(self) -> str:
        return number_word(self.counts.get("lesson", 0))

    @property
    def core_minutes(self) -> int:
        return core_minutes(self.stages)


def published_modules() -> QuerySet[Module]:
    """The modules that anyone may see, in order: published, not archived, of a published course that is offered."""
    return (
        Module.objects.filter(archived_at__isnull=True, current_version__isnull=False, course__current_version__isnull=False)
        .filter(course__archived_at__isnull=True, course__is_practice=False)
        .select_related("course")
        .order_by("course__title", "position", "pk")
    )


def published_id(holder: Holder) -> int:
    """The id of the holder's current version; 404 where nothing is published."""
    if holder.current_version_id is None:
        raise Http404
    return holder.current_version_id


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide for trainers as a version of the course shows it; ``html`` is sanitised."""

    slug: str
    title: str
    minutes: int
    summary: str
    html: str


def guides_of(course: Course) -> tuple[Guide, ...]:
    """The guides of a published course in their order. No statement once the version is in the process."""
    version_id = published_id(course)
    return outline.kept(f"courses.guides:{version_id}", lambda: _guides(version_id))


def _guides(version_id: int) -> tuple[Guide, ...]:
    rows = outline.of_version(version_id).facts.get("guides") or []
    return tuple(
        Guide(row["slug"], row["title"], row["minutes"], row["summary"], markdown.replace_blocks(row["html"], lambda _key: ""))
        for row in rows
    )


def main_course() -> Course | None:
    """The course that the landing page introduces: the first one published."""
    offered = Course.objects.filter(current_version__isnull=False, archived_at__isnull=True, is_practice=False)
    return offered.order_by("pk").first()


def card_of(module: Module) -> Card:
    """The card of a published module (from what is kept of its version)."""
    shown = outline.of_version(published_id(module))
    facts = shown.facts
    return Card(
        title=facts["title"],
        url=reverse("courses:module_page", args=[module.course.slug, module.slug]),
        number=module.position,
        course_title=module.course.title,
        minutes=shown.minutes,
        optional=facts["is_optional"],
        summary=facts["summary"],
        objectives=tuple(text.rstrip(".") for text in facts["objectives"][:SHORT_LISTS]),
    )


def stages_of(course_version_id: int) -> tuple[Stage, ...]:
    """The JP strip of a published course."""
    facts = outline.of_version(course_version_id).facts
    optional = set(_optional_codes(course_version_id))
    found = []
    for stage in facts.get("programme") or []:
        code = stage.get("module", "")
        found.append(
            Stage(
                title=stage["title"],
                label=stage.get("short") or stage["title"],
                minutes=stage["minutes"],
                module_code=code,
                core=bool(code) and code not in optional,
                optional=code in optional,
            )
        )
    return tuple(found)


def core_minutes(stages: tuple[Stage, ...]) -> int:
    return sum(stage.minutes for stage in stages if not stage.optional)


def _optional_codes(course_version_id: int) -> tuple[str, ...]:
    course_id = outline.of_version(course_version_id).course_id
    return outline.kept(
        f"courses.optional:{course_version_id}",
        lambda: tuple(Module.objects.filter(course=course_id, is_optional=True).values_list("code", flat=True)),
    )


def module_page(course_slug: str, module_slug: str) -> tuple[Module, ModulePage]:
    """The module and its public page; 404 when it is not published. One statement once the versions are in the process."""
    module = get_object_or_404(published_modules(), course__slug=course_slug, slug=module_slug)
    key = f"courses.page:{published_id(module)}:{published_id(module.course)}:{module.position}"
    return module, outline.kept(key, lambda: _page(module))


def _page(module: Module) -> ModulePage:
    shown = outline.of_version(published_id(module))
    course = outline.of_version(published_id(module.course))
    facts, rules = shown.facts, course.facts.get("rules") or {}
    stages = stages_of(published_id(module.course))
    counts: dict[str, int] = {}
    lines = []
    for item in shown.items:
        counts[item.kind] = counts.get(item.kind, 0) + 1
        lines.append(Line(item, counts[item.kind], tuple(_notes(shown.version_id, item.activity_id))))
    optional = facts["is_optional"]
    return ModulePage(
        title=facts["title"],
        code=facts["code"],
        summary=facts["summary"],
        optional=optional,
        objectives=tuple(facts["objectives"]),
        number=module.position,
        of=published_modules().filter(course=module.course_id).count(),
        minutes=shown.minutes,
        kilobytes=shown.kilobytes,
        lines=tuple(lines),
        conditions=tuple(
            module_conditions(rules, lessons=counts.get("lesson", 0), assignments=counts.get("assignment", 0), is_optional=optional)
        ),
        programme_conditions=tuple(programme_conditions(rules)),
        stages=stages,
        counts=counts,
    )


def _notes(version_id: int, activity_id: int) -> list[str]:
    """What the apps to the right say about an activity that they own."""
    found: list[str] = []
    for name, part in registered_parts().items():
        describe: Any = getattr(part, "describe", None)
        if describe:
            found += describe(outline.part(version_id, name), activity_id)
    return found
