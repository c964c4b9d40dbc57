"""Questions out of the bank in the form that every writer takes, and the pictures that they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.core.files.storage import default_storage

from accounts.models import User
from audit import log
from courses.models import Course, Media, Module

from .. import picturing
from ..bank import categories
from ..models import Category, Question, QuestionKind
from . import writing
from .rows import MOST_UNPACKED


def questions_of(course: Course, *, module: Module | None = None, category: Category | None = None) -> list[dict[str, Any]]:
    """The questions that are drawn, by code; of a module, and of a category with all below it. Practical work is not exchanged.
    Two statements."""
    branches = categories.tree(course)
    paths = {one.category.pk: one.path for one in branches}
    rows = Question.objects.filter(course=course, retired_at__isnull=True, current_version__isnull=False)
    rows = rows.exclude(kind=QuestionKind.PRACTICAL).select_related("current_version", "lesson").order_by("code", "pk")
    if module is not None:
        rows = rows.filter(module=module)
    if category is not None:
        rows = rows.filter(category__in=next(one.below for one in branches if one.category.pk == category.pk))
    return [_written(one, paths.get(one.category_id or 0, "")) for one in rows]


def _written(question: Question, path: str) -> dict[str, Any]:
    assert question.current_version is not None  # noqa: S101 - asked for
    found: dict[str, Any] = {"code": question.code, "kind": question.kind, "level": question.level}
    found |= {"lesson": question.lesson.code} if question.lesson else {}
    found |= {"objective": question.objective} if question.objective else {}
    found |= {"category": path} if path else {}
    found |= {"tags": list(question.tags)} if question.tags else {}
    return found | question.current_version.content


def pictures_of(course: Course, questions: Iterable[Mapping[str, Any]]) -> dict[str, bytes]:
    """The bytes of the pictures that these questions stand on, by file name; at most as many as a package takes."""
    names = {one["picture"]["file"] for one in questions if isinstance(one.get("picture"), Mapping)}
    found: dict[str, bytes] = {}
    room = MOST_UNPACKED // 2
    if not names:
        return found
    for media in Media.objects.filter(course=course).in_use():
        name = media.handle or media.name
        if name in names and media.size <= room:
            with default_storage.open(str(media.file.name)) as stored:
                found[name] = stored.read()
            room -= media.size
    return found


def file_of(course: Course, plan: writing.Plan, *, by: User | None) -> bytes:
    """The file of what the plan takes; one audit entry says who took it and how many questions."""
    pictures = pictures_of(course, plan.taken) if plan.format.startswith("qti") else {}
    if not plan.format.startswith("qti"):
        plan = writing.Plan(plan.format, [picturing.as_written(one) for one in plan.taken], plan.left, plan.lost)
    data = writing.write(plan, pictures)
    log.record("questions.exported", by=by, on=course, count=len(plan.taken), left_out=len(plan.left), format=plan.format)
    return data
