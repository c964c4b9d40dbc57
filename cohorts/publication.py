"""Whom a publication reaches: a row for each cohort, told before the button is pressed."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, QuerySet
from django.urls import reverse

from courses.holders import Holder
from courses.models import Course, Module
from courses.publishing import Reach
from linimasa import clock

from .models import Cohort, CohortKind, CohortModule, CohortStatus, Enrolment, Progress, ProgressState

MOST_ROWS = 50


def reach(holder: Holder, changed: set[int]) -> list[Reach]:
    """Each cohort of the course: how many learn in it, what it shows now, what it shows afterwards. ``changed``: activities that differ.

    The statements do not grow with the cohorts.
    """
    course_id = holder.course_id if isinstance(holder, Module) else holder.pk
    cohorts = list(Cohort.objects.filter(course=course_id).select_related("course_version").order_by("status", "-starts_at", "pk"))
    cohorts = sorted(cohorts, key=lambda one: _ORDER[one.status])[:MOST_ROWS]
    people = _counted(Enrolment.objects.learning().filter(cohort__in=cohorts), "cohort")
    middle = _in_the_middle(cohorts, changed) if changed else {}
    pins = _pins(holder, cohorts)
    number = (holder.current_version.number if holder.current_version else 0) + 1
    return [_row(one, people.get(one.pk, 0), middle.get(one.pk, 0), pins.get(one.pk), number) for one in cohorts]


_ORDER: dict[str, int] = {CohortStatus.OPEN: 0, CohortStatus.PLANNED: 1, CohortStatus.CLOSED: 2}


def _counted(rows: QuerySet[Enrolment], key: str) -> dict[int, int]:
    return dict(rows.order_by().values_list(key).annotate(n=Count("pk")))


def _in_the_middle(cohorts: list[Cohort], changed: set[int]) -> dict[int, int]:
    """People a cohort who began a part that changes and have not completed it."""
    begun = Progress.objects.filter(activity__in=changed, enrolment__cohort__in=cohorts).exclude(state=ProgressState.COMPLETED)
    rows = begun.filter(enrolment__in=Enrolment.objects.learning()).order_by().values_list("enrolment__cohort")
    return dict(rows.annotate(n=Count("enrolment", distinct=True)))


def _pins(holder: Holder, cohorts: list[Cohort]) -> dict[int, int]:
    """The number of the version that a cohort keeps, for those that keep one."""
    if isinstance(holder, Course):
        return {one.pk: one.course_version.number for one in cohorts if one.course_version}
    rows = CohortModule.objects.filter(module=holder, cohort__in=cohorts, follows_latest=False, version__isnull=False)
    return dict(rows.values_list("cohort", "version__number"))


def _row(cohort: Cohort, people: int, middle: int, pin: int | None, number: int) -> Reach:
    latest = number - 1
    url = reverse("cohorts:versions", args=[cohort.pk])
    words: dict[str, Any] = {"name": cohort.name, "people": people, "in_the_middle": middle, "url": url}
    if cohort.status == CohortStatus.PLANNED:
        opens = f"Dibuka {clock.plain_date_text(cohort.starts_at, cohort.time_zone)}" if cohort.starts_at else "Belum dibuka"
        return Reach(now=opens, after=f"Mulai dengan versi {number}", is_running=False, **words)
    if cohort.status == CohortStatus.CLOSED:
        return Reach(now=f"Selesai, versi {pin or latest}", after="Tidak berubah", stays=True, is_running=False, **words)
    if pin is not None:
        return Reach(now=f"Sedang belajar, versi {pin}", after=f"Tetap di versi {pin}", stays=True, pin=pin, **words)
    if cohort.kind == CohortKind.SCHEDULED:
        return Reach(now="Sedang belajar, belum memuat bagian ini", after="Tidak berubah", stays=True, **words)
    now = f"Sedang belajar, versi {latest}" if latest else "Sedang belajar, belum ada versi"
    return Reach(now=now, after=f"Langsung memakai versi {number}", **words)
