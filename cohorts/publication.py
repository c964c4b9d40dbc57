"""Whom a publication reaches, told on the publish page before the button is pressed."""

from __future__ import annotations

from courses.models import Course, Module
from courses.publishing import Holder

from .models import CohortKind, CohortModule, CohortStatus, Enrolment
from .models.enrolment import EnrolmentQuerySet


def effect(holder: Holder) -> list[str]:
    """Sentences: who sees the new version at once, and which cohorts stay with the one they pinned."""
    if isinstance(holder, Course):
        return _course_effect(holder)
    pinned = CohortModule.objects.filter(module=holder, follows_latest=False, cohort__status=CohortStatus.OPEN)
    found = []
    people = _learning(holder).exclude(cohort__in=pinned.values("cohort")).count()
    if people:
        found.append(f"{people} peserta yang mengikuti versi terbaru langsung melihat versi baru. Kemajuan mereka tetap.")
    for row in pinned.select_related("cohort", "version")[:10]:
        number = row.version.number if row.version else "lama"
        count = Enrolment.objects.learning().filter(cohort=row.cohort_id).count()
        found.append(f"{row.cohort.name} ({count} peserta) tetap memakai versi {number} sampai penyelenggara memindahkannya.")
    return found


def _learning(module: Module) -> EnrolmentQuerySet:
    return Enrolment.objects.learning().filter(course=module.course_id, cohort__status=CohortStatus.OPEN)


def _course_effect(course: Course) -> list[str]:
    running = Enrolment.objects.learning().filter(course=course, cohort__status=CohortStatus.OPEN)
    follows = running.filter(cohort__kind=CohortKind.SELF_PACED).count()
    pinned = running.filter(cohort__kind=CohortKind.SCHEDULED).count()
    found = []
    if follows:
        found.append(f"{follows} peserta kelas mandiri langsung mengikuti susunan dan syarat yang baru. Kemajuan mereka tetap.")
    if pinned:
        found.append(f"{pinned} peserta angkatan terjadwal tetap mengikuti susunan saat angkatannya dibuka.")
    return found
