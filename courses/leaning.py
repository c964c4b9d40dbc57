"""What leans on the things that go with a course: lessons and guides on terms, lessons on facts, questions on misconceptions."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator

from django.urls import reverse

from linimasa import blocks

from . import companions
from .media.using import Use
from .models import Activity, Course

FACT = re.compile(r"^[ \t]*/{3,}[ \t]*fakta[ \t]*\|[ \t]*([a-z0-9-]+)[ \t]*(?:\|([^\n]*))?$", re.M)
Uses = dict[str, list[Use]]
_tellers: list[Callable[[Course], Uses]] = []


def register_beliefs(tell: Callable[[Course], Uses]) -> None:
    """``tell(course)`` names the places of an app to the right that carry a misconception's tag, by the tag. Called in ``ready()``."""
    if tell not in _tellers:
        _tellers.append(tell)


def uses(course: Course, name: str) -> Uses:
    """Every place that leans on a row of ``name``, by the row's key. The same one or two statements for any number of rows."""
    found: Uses = defaultdict(list)
    if name == "glossary":
        for label, url, text in _texts(course):
            for slug in blocks.terms(text):
                found[slug].append(Use(label, url))
    elif name == "facts":
        for label, url, body in _lessons(course):
            for key in dict.fromkeys(one[1] for one in FACT.finditer(body)):
                found[key].append(Use(label, url))
    elif name == "misconceptions":
        for tell in _tellers:
            for tag, places in tell(course).items():
                found[tag] += places
    return dict(found)


def _texts(course: Course) -> Iterator[tuple[str, str, str]]:
    yield from _lessons(course)
    for guide in companions.of_course(course).guides:
        yield f"panduan {guide['title']}", reverse("courses:trainer_guide", args=[course.pk, guide["slug"]]), guide["body"]


def _lessons(course: Course) -> Iterator[tuple[str, str, str]]:
    rows = Activity.objects.filter(course=course, archived_at__isnull=True, lesson__isnull=False)
    for pk, code, body in rows.order_by("module__position", "position", "pk").values_list("pk", "code", "lesson__body"):
        yield code, reverse("courses:studio_lesson", args=[pk]), body


def differing(course: Course, fact: dict[str, str]) -> list[str]:
    """Where a lesson's block of this fact says another day or confidence than the register, in sentences. One statement."""
    wanted = [fact["review_again_on"], fact["confidence"]]
    told = []
    for code, _url, body in _lessons(course):
        for found in FACT.finditer(body):
            written = [part.strip() for part in (found[2] or "").split("|")]
            if found[1] == fact["key"] and written != wanted:
                told.append(f"{code} menulis «{' | '.join(written)}». Samakan menjadi «{' | '.join(wanted)}».")
    return told
