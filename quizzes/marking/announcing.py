"""Held marks are announced to a cohort together: one act, one entry, one letter for each learner."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import User
from audit import log
from cohorts.models import Cohort
from linimasa.work import hint

from .. import tasks
from ..models import Attempt, AttemptStatus, Quiz, QuizWindow, Release


class AnnouncingError(Exception):
    """The marks are not announced by this call; the message is a sentence for whoever pressed."""


@transaction.atomic
def announce(quiz: Quiz, cohort: Cohort, *, by: User) -> int:
    """Let the learners of this cohort see the held marks of this quiz, once; how many attempts it concerns.

    Progress and letters follow by the worker; what is judged later is seen as soon as it takes effect. Raises AnnouncingError.
    """
    QuizWindow.objects.get_or_create(quiz=quiz, cohort=cohort)
    changed = QuizWindow.objects.filter(quiz=quiz, cohort=cohort, released_at__isnull=True).update(
        released_at=timezone.now(), released_by=by
    )
    if not changed:
        raise AnnouncingError("Nilai kuis ini sudah diumumkan kepada angkatan ini.")
    log.record("quiz.marks_announced", by=by, on=quiz, cohort=cohort.pk)
    concerned = held_of(quiz, cohort).filter(takes_effect_at__isnull=True).update(takes_effect_at=timezone.now())
    hint(tasks.take_effects)
    return concerned


def held_of(quiz: Quiz, cohort: Cohort) -> QuerySet[Attempt]:
    """The graded attempts of this quiz and cohort that hold their marks."""
    return Attempt.objects.filter(quiz=quiz, enrolment__cohort=cohort, status=AttemptStatus.GRADED, rules__release=Release.HELD)


def waiting_for(cohorts: QuerySet[Cohort]) -> QuerySet[Attempt, dict[str, Any]]:
    """One row for each quiz and cohort that holds marks: how many are graded, how many still wait, when it was announced. One statement."""
    attempts = Attempt.objects.filter(enrolment__cohort__in=cohorts, rules__release=Release.HELD).exclude(status=AttemptStatus.OPEN)
    names = ("quiz__activity", "quiz__activity__title", "quiz__activity__code", "enrolment__cohort", "enrolment__cohort__name")
    window = QuizWindow.objects.filter(quiz=OuterRef("quiz"), cohort=OuterRef("enrolment__cohort"))
    return (
        attempts.order_by()
        .annotate(released_at=Subquery(window.values("released_at")[:1]))
        .values(*names, "released_at")
        .annotate(
            graded=Count("pk", filter=Q(status__in=[AttemptStatus.GRADED, AttemptStatus.RETURNED])),
            waiting=Count("pk", filter=Q(status=AttemptStatus.SUBMITTED)),
        )
        .order_by(F("released_at").desc(nulls_first=True), "enrolment__cohort__name", "quiz__activity__code")
    )
