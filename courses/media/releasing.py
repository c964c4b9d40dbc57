"""Whether learners may have a file of the library: once a version that was published shows it, and never before."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import caches
from django.db.models import TextField
from django.db.models.functions import Cast

from ..models import FrozenLesson, Version

Shows = Callable[[int, str], bool]
_tellers: list[Shows] = []


def register_shows(tell: Shows) -> None:
    """``tell(course id, name)``: whether what an app to the right published of this course shows the file. Called in ``ready()``."""
    if tell not in _tellers:
        _tellers.append(tell)


def is_released(course_id: int | None, name: str) -> bool:
    """Whether a published lesson, guide or question of this course (None: any course; captions lie under their hash) shows this file.

    Asked of the database until it is true, at most four statements; afterwards known to the process.
    """
    key = f"media-released:{course_id}:{name}"
    if caches["local"].get(key):
        return True
    if not _is_shown(course_id, name):
        return False
    caches["local"].set(key, True, None)  # a version never goes, so what was seen once holds
    return True


def _is_shown(course_id: int | None, name: str) -> bool:
    lessons, guides = FrozenLesson.objects.filter(html__contains=f"/m/{name}"), Version.objects.filter(module=None)
    if course_id is None:
        return lessons.exists()
    if lessons.filter(version__course=course_id).exists():
        return True
    guides = guides.filter(course=course_id).annotate(told=Cast("facts", TextField())).filter(told__contains=f"/m/{name}")
    return guides.exists() or any(tell(course_id, name) for tell in _tellers)
