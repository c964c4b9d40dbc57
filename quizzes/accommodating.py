"""Exceptions from a quiz's rules, for one learner or a whole cohort, each with its reason: given, replaced, ended, and told.

An exception is never changed: a new one takes the place of the running one, so that who allowed what, and why, stays readable.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit import log
from cohorts.models import Cohort, Enrolment, EnrolmentStatus
from notifications import outbox

from . import windows
from .models import Accommodation, Quiz

MOST_MINUTES, MOST_ATTEMPTS = 600, 20


class AccommodationError(Exception):
    """The exception cannot be given or ended; the message is a sentence for the person."""


@dataclass(frozen=True)
class Allowed:
    """What is allowed beyond the rules: minutes, attempts, a later closing (None: as the window says)."""

    extra_minutes: int = 0
    extra_attempts: int = 0
    closes_at: datetime | None = None

    @property
    def is_empty(self) -> bool:
        return not self.extra_minutes and not self.extra_attempts and self.closes_at is None


def give(quiz: Quiz, to: Enrolment | Cohort, what: Allowed, *, reason: str, by: User) -> Accommodation:
    """Give an exception to one learner or a whole cohort; one that runs already is replaced. Audited, and the learners are told.

    A running attempt gets the added time at once. Raises AccommodationError with a sentence.
    """
    if what.is_empty:
        raise AccommodationError("Isi paling sedikit satu: menit tambahan, kesempatan tambahan, atau waktu tutup.")
    if what.extra_minutes > MOST_MINUTES or what.extra_attempts > MOST_ATTEMPTS:
        raise AccommodationError(f"Paling banyak {MOST_MINUTES} menit dan {MOST_ATTEMPTS} kesempatan tambahan.")
    if not reason.strip():
        raise AccommodationError("Tulis alasannya.")
    if _is_for(to, by):
        raise AccommodationError("Pengecualian untuk Anda sendiri harus diberikan orang lain.")
    with transaction.atomic():
        return _give(quiz, to, what, reason.strip(), by)


def _is_for(to: Enrolment | Cohort, by: User) -> bool:
    """Whether who gives it would have it too, alone or with the whole cohort."""
    if isinstance(to, Enrolment):
        return to.learner_id == by.pk
    return windows.learns_in(to, by)


def _give(quiz: Quiz, to: Enrolment | Cohort, what: Allowed, reason: str, by: User) -> Accommodation:
    cohort = to if isinstance(to, Cohort) else to.cohort
    Cohort.objects.select_for_update(of=("self",), no_key=True).get(pk=cohort.pk)
    whose = {"cohort": to} if isinstance(to, Cohort) else {"enrolment": to}
    Accommodation.objects.filter(quiz=quiz, ended_at__isnull=True, **whose).update(ended_at=timezone.now())
    given = Accommodation.objects.create(
        quiz=quiz,
        extra_minutes=what.extra_minutes,
        extra_attempts=what.extra_attempts,
        closes_at=what.closes_at,
        reason=reason,
        given_by=by,
        **whose,
    )
    windows.changed(cohort)
    log.record(
        "accommodation.given",
        by=by,
        on=to,
        accommodation=given.pk,
        quiz=quiz.activity.title,
        activity=quiz.activity_id,
        minutes=what.extra_minutes,
        attempts=what.extra_attempts,
        closes_at=what.closes_at.isoformat() if what.closes_at else None,
        reason=reason,
    )
    windows.extend_running(quiz, _learners(given), by=by)
    _tell(given, "accommodation_given")
    return given


@transaction.atomic
def end(given: Accommodation, *, by: User) -> Accommodation:
    """End an exception, once. What was begun under it keeps its time; the learners are told. Raises AccommodationError."""
    changed = Accommodation.objects.filter(pk=given.pk, ended_at__isnull=True).update(ended_at=timezone.now())
    if not changed:
        raise AccommodationError("Pengecualian ini sudah diakhiri atau diganti. Muat ulang halaman.")
    given.refresh_from_db(fields=["ended_at"])
    whose = given.enrolment or given.cohort
    assert whose is not None  # noqa: S101 - the database's own constraint
    windows.changed(whose if isinstance(whose, Cohort) else whose.cohort)
    log.record(
        "accommodation.ended", by=by, on=whose, accommodation=given.pk, quiz=given.quiz.activity.title, activity=given.quiz.activity_id
    )
    _tell(given, "accommodation_ended")
    return given


def _learners(given: Accommodation) -> QuerySet[Enrolment]:
    rows = Enrolment.objects.filter(status=EnrolmentStatus.ACTIVE)
    return rows.filter(pk=given.enrolment_id) if given.enrolment_id else rows.filter(cohort=given.cohort_id)


def _tell(given: Accommodation, kind: str) -> None:
    """One message for each learner whom it is about, once for each exception."""
    activity = given.quiz.activity
    context = {
        "title": activity.title,
        "minutes": given.extra_minutes,
        "attempts": given.extra_attempts,
        "closes_at": given.closes_at.isoformat() if given.closes_at else "",
        "path": reverse("quizzes:start", args=[activity.pk]),
    }
    for enrolment in _learners(given).select_related("learner"):
        outbox.enqueue(kind, to=enrolment.learner, dedupe_key=f"{kind}:{given.pk}:{enrolment.pk}", context=context)
