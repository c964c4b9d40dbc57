"""Whose rows: a ``Holder`` is a module, or the course for what is its own. Both are drafted, reviewed and published alike."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, TypeVar

from django.db.models import Model, Q, QuerySet

from .models import Activity, Course, Module

Holder = Module | Course
Row = TypeVar("Row", bound=Model)


def course_of(holder: Holder) -> Course:
    return holder.course if isinstance(holder, Module) else holder


def of_holder(rows: QuerySet[Row], holder: Holder) -> QuerySet[Row]:
    """Those of the rows (each with ``course`` and ``module``) that are the module's, or the course's own."""
    return rows.filter(module=holder) if isinstance(holder, Module) else rows.filter(course=holder, module__isnull=True)


def by_holder(rows: QuerySet[Row], holders: Collection[Holder]) -> dict[Holder, list[Row]]:
    """As ``of_holder`` for several holders of one course, each list in the order of the rows. One statement."""
    found: dict[Holder, list[Row]] = {holder: [] for holder in holders}
    places: dict[int | None, list[Row]] = {holder.pk if isinstance(holder, Module) else None: found[holder] for holder in holders}
    wanted = Q(module__in=[pk for pk in places if pk is not None])
    if None in places:
        wanted |= Q(module__isnull=True)
    row: Any
    for row in rows.filter(wanted, course__in={course_of(holder).pk for holder in holders}):
        places[row.module_id].append(row)
    return found


def outlined() -> QuerySet[Activity]:
    """The activities that are not archived, in the order of their outline, each with its lesson."""
    return Activity.objects.filter(archived_at__isnull=True).select_related("lesson").order_by("position", "pk")


def activities_of(holder: Holder) -> QuerySet[Activity]:
    """The holder's activities that are not archived, in order, each with its lesson."""
    return of_holder(outlined(), holder)
