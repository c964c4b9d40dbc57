"""Which course, module and category a command means, in sentences when it cannot be told."""

from __future__ import annotations

from courses.models import Course, Module

from ..bank import categories
from ..models import Category
from .rows import ExchangeError


def course_of(slug: str) -> Course:
    """The course with this address, or the only one. Raises ExchangeError."""
    if slug:
        found = Course.objects.filter(slug=slug).first()
        if found is None:
            raise ExchangeError(f"Kursus “{slug}” tidak ada. Yang ada: {_slugs()}.")
        return found
    courses = list(Course.objects.order_by("pk")[:2])
    if len(courses) != 1:
        raise ExchangeError(f"Sebut kursusnya dengan --course. Yang ada: {_slugs()}." if courses else "Belum ada kursus.")
    return courses[0]


def module_of(course: Course, code: str) -> Module | None:
    """The module with this code; None for an empty code. Raises ExchangeError."""
    if not code:
        return None
    rows = Module.objects.filter(course=course, archived_at__isnull=True).order_by("position", "pk")
    found = next((one for one in rows if one.code == code), None)
    if found is None:
        raise ExchangeError(f"Modul “{code}” tidak ada. Yang ada: {', '.join(one.code for one in rows) or 'belum ada'}.")
    return found


def category_of(course: Course, path: str) -> Category:
    """The category at this path («A/B»). Raises ExchangeError."""
    wanted = "/".join(" ".join(one.split()) for one in path.split("/") if one.strip())
    branches = categories.tree(course)
    found = next((one.category for one in branches if one.path == wanted), None)
    if found is None:
        raise ExchangeError(f"Kategori “{path}” tidak ada. Yang ada: {', '.join(one.path for one in branches[:20]) or 'belum ada'}.")
    return found


def _slugs() -> str:
    return ", ".join(Course.objects.order_by("slug").values_list("slug", flat=True)[:20]) or "belum ada"
