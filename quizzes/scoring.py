"""From judged responses to an attempt's score and the learner's progress."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from django.utils import timezone

from accounts.models import User
from audit import log
from cohorts import progress
from cohorts.models import ProgressState
from linimasa.prepared import Prepared

from . import windows
from .marking import release
from .models import Attempt, AttemptStatus, GradeMethod, QuizPurpose, Response
from .models.grade import mean
from .standing import Standing, attempts_of, floors_of

__all__ = ["floor", "mean", "record_progress", "settle"]


def floor(responses: Iterable[Response]) -> Decimal:
    """The score that is certain already: what still waits for a person counts 0."""
    return mean(one.points or Decimal(0) for one in responses)


def settle(attempt: Attempt, *, by: User | None, action: str = "attempt.graded", takes_effect_at: datetime | None = None) -> bool:
    """Grade a submitted attempt once nothing of it waits for a person; True for the one call that did.

    For the caller's transaction, after the grade events were added. The score follows; progress too, or later by ``marking.effects``
    when there is a moment at which this takes effect. Writes the audit entry.
    """
    points = list(Response.objects.filter(attempt=attempt).values_list("points", flat=True))
    if any(one is None for one in points):
        return False
    score, now = mean(one for one in points if one is not None), timezone.now()
    changed = Attempt.objects.filter(pk=attempt.pk, status=AttemptStatus.SUBMITTED).update(
        status=AttemptStatus.GRADED, score=score, graded_at=now, takes_effect_at=takes_effect_at
    )
    if not changed:
        return False
    attempt.status, attempt.score, attempt.graded_at, attempt.takes_effect_at = AttemptStatus.GRADED, score, now, takes_effect_at
    log.record(action, by=by, on=attempt, score=str(score))
    if takes_effect_at is None:
        record_progress(attempt, floor=score)
    return True


def record_progress(attempt: Attempt, *, floor: Decimal) -> None:
    """Tell progress what this closed attempt earned. ``floor``: the score that is certain, 0 to 1.

    A quiz that passes whatever the trainer will say of a short answer is passed now; one that fails with attempts left stays begun.
    Where the average counts it is the average that passes or not, and that is recorded (see ``standing`` on promise 11).
    """
    if attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT and attempt.status == AttemptStatus.SUBMITTED:
        progress.record(attempt.enrolment, attempt.quiz.activity_id, state=ProgressState.SUBMITTED)
        return
    if release.is_held(attempt.rules) and not release.is_announced(attempt.quiz_id, attempt.enrolment.cohort_id):
        # Nothing that follows from a held mark may tell it: what comes next opens only by what does not depend on it.
        state = ProgressState.STARTED if _attempts_left(attempt) else ProgressState.SUBMITTED
        progress.record(attempt.enrolment, attempt.quiz.activity_id, state=state)
        return
    is_passed = attempt.pass_mark is None or floor >= attempt.pass_mark
    if attempt.rules.get("grade_method") == GradeMethod.AVERAGE:
        is_passed, floor = _average(attempt)
    if is_passed:
        state = ProgressState.COMPLETED
    elif _attempts_left(attempt):
        state = ProgressState.STARTED
    elif attempt.status == AttemptStatus.SUBMITTED:
        state = ProgressState.SUBMITTED
    else:
        state = ProgressState.FAILED
    progress.record(attempt.enrolment, attempt.quiz.activity_id, state=state, points=floor)


def _average(attempt: Attempt) -> tuple[bool, Decimal]:
    """Whether the average of the attempts reached the pass mark at some time, and what is certain of it now."""
    made = attempts_of(attempt.enrolment_id, attempt.quiz_id)
    known = Standing(attempt.quiz.activity_id, attempt.rules, made, floors_of(made))
    return known.is_passed, known.certain or Decimal(0)


_MADE = Prepared(
    lambda enrolment, quiz: Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by().values_list("pk", "status", "revision_of_id"),
    *(int, int),
)


def _attempts_left(attempt: Attempt) -> bool:
    """Whether another attempt, also a running one, may still raise this. Asked only where this attempt did not pass.

    One statement; one more where the rules alone allow no other.
    """
    made = _MADE.rows(attempt.enrolment_id, attempt.quiz_id)
    if any(status == AttemptStatus.OPEN and pk != attempt.pk for pk, status, _revision_of in made):
        return True
    counted = sum(revision_of is None for _pk, _status, revision_of in made)
    allowed = attempt.rules["attempts_allowed"] + attempt.rules.get("remedial_attempts", 0)
    return counted < allowed or counted < allowed + windows.extra_attempts(attempt.enrolment, attempt.quiz_id)
