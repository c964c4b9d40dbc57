"""Where a thing of the library is used: drafts of lessons and guides, published versions, and what apps to the right say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.urls import reverse

from ..models import Activity, Companions, FrozenLesson, Media

MOST_VERSIONS = 40


@dataclass(frozen=True)
class Use:
    """One place. ``is_draft``: what is written today (so it must not be archived), else a version that was published."""

    label: str
    url: str
    is_draft: bool = True


_tellers: list[Callable[[Media], list[Use]]] = []


def register_uses(tell: Callable[[Media], list[Use]]) -> None:
    """``tell(media)`` names the places of an app to the right that show it. Called in ``ready()``."""
    if tell not in _tellers:
        _tellers.append(tell)


def uses(media: Media) -> list[Use]:
    """Every place: drafts first, then versions, newest first (at most 40)."""
    word = written_word(media)
    rows = Activity.objects.filter(course=media.course_id, lesson__body__contains=word).select_related("lesson", "module")
    found = [
        Use(f"{row.code} {row.title} ({_state(row)})", reverse("courses:studio_lesson", args=[row.pk]), is_draft=row.archived_at is None)
        for row in rows.order_by("module__position", "position", "pk")
        if names(row.lesson.body, [word])
    ]
    for kept in Companions.objects.filter(course=media.course_id):
        for guide in kept.guides:
            if names(guide["body"], [word]):
                here = reverse("courses:trainer_guide", args=[media.course_id, guide["slug"]])
                found.append(Use(f"Panduan {guide['title']}", here))
    for tell in _tellers:
        found += tell(media)
    return found + _versions(media, word)


def _state(row: Activity) -> str:
    return "draf, diarsipkan" if row.archived_at else "draf"


def _versions(media: Media, word: str) -> list[Use]:
    rows = FrozenLesson.objects.filter(version__course=media.course_id, body__contains=word).select_related("version", "version__module")
    rows = rows.only("title", "version", "version__number", "version__module").order_by("-version__published_at", "pk")
    return [
        Use(f"{row.title}, versi {row.version.number}", reverse("courses:version", args=[row.version_id]), is_draft=False)
        for row in rows[:MOST_VERSIONS]
    ]


def used_words(course_id: int) -> Callable[[Media], bool]:
    """Whether a thing is named in a draft of the course; two statements however many are asked about."""
    bodies = list(Activity.objects.filter(course=course_id, archived_at=None, lesson__isnull=False).values_list("lesson__body", flat=True))
    bodies += [guide["body"] for guides in Companions.objects.filter(course=course_id).values_list("guides", flat=True) for guide in guides]
    named = set(re.findall(r"[a-z0-9][a-z0-9.-]*\.[a-z0-9]{3,4}", "\n".join(bodies)))
    return lambda media: written_word(media) in named


def written_word(media: Media) -> str:
    """The name by which texts know it."""
    return media.written.removeprefix("/m/")


def names(body: str, words: Iterable[str]) -> bool:
    """Whether the text names one of these files, as a whole word."""
    return any(re.search(rf"(?<![a-z0-9.-]){re.escape(word)}(?![a-z0-9-])", body) for word in words)
