"""Where a learner stands with one quiz: the rules that hold, the attempts made, and how many are left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils import timezone

from cohorts.models import Cohort, CohortKind, CohortStatus, Enrolment
from cohorts.structure import Structure
from linimasa.prepared import Prepared

from . import frozen
from .models import Attempt, AttemptStatus, FeedbackRule, Quiz, Response
from .models.grade import mean


@dataclass(frozen=True)
class Standing:
    """``rules`` are None when the quiz is not published to this cohort; ``attempts`` are all of this learner, newest first."""

    activity_id: int
    rules: Mapping[str, Any] | None
    attempts: Sequence[Attempt]
    sure: frozenset[int] = frozenset()  # attempts that pass whatever a person will still say of a short answer

    @cached_property
    def running(self) -> Attempt | None:
        return next((one for one in self.attempts if one.is_open), None)

    @cached_property
    def best(self) -> Decimal | None:
        """The highest score so far, 0 to 1: the one that counts."""
        return max((one.score for one in self.attempts if one.score is not None), default=None)

    @property
    def is_passed(self) -> bool:
        return any((one.is_passed and one.status == AttemptStatus.GRADED) or one.pk in self.sure for one in self.attempts)

    @property
    def awaits_person(self) -> bool:
        return any(one.status == AttemptStatus.SUBMITTED for one in self.attempts)

    @property
    def used(self) -> int:
        return sum(one.revision_of_id is None for one in self.attempts)

    @property
    def allowed(self) -> int:
        """How many attempts in all; the remedial ones only for those who have not passed."""
        rules = self.rules or {}
        return rules.get("attempts_allowed", 0) + (0 if self.is_passed else rules.get("remedial_attempts", 0))

    @property
    def left(self) -> int:
        return max(self.allowed - self.used, 0)

    @property
    def highest_number(self) -> int:
        return max((one.number for one in self.attempts), default=0)


_ATTEMPTS = Prepared(lambda enrolment, quiz: Attempt.objects.filter(enrolment=enrolment, quiz=quiz).order_by("-number"), int, int)

_WAITING = Prepared(
    lambda enrolment, quiz: (
        Response.objects.filter(attempt__enrolment=enrolment, attempt__quiz=quiz, attempt__status=AttemptStatus.SUBMITTED)
        .order_by()
        .values_list("attempt_id", "points")
    ),
    *(int, int),
)


def standing_of(enrolment: Enrolment, quiz: Quiz, plan: Structure) -> Standing:
    """One statement, and one more while a short answer waits for a person."""
    attempts = _ATTEMPTS.objects(enrolment.pk, quiz.pk)
    return Standing(quiz.activity_id, frozen.rules_for(plan, quiz.activity_id), attempts, _surely_passed(attempts))


def _surely_passed(attempts: Sequence[Attempt]) -> frozenset[int]:
    marks = {one.pk: one.pass_mark for one in attempts if one.status == AttemptStatus.SUBMITTED and one.pass_mark is not None}
    points: dict[int, list[Decimal]] = {attempt: [] for attempt in marks}
    if marks:
        for attempt, value in _WAITING.rows(attempts[0].enrolment_id, attempts[0].quiz_id):
            points.get(attempt, []).append(value or Decimal(0))
    return frozenset(attempt for attempt, mark in marks.items() if mean(points[attempt]) >= mark)


def may_show_key(attempt: Attempt, standing: Standing) -> bool:
    """Whether this attempt's right answers and explanations may be shown now, by the rule that it was started under."""
    rule = attempt.rules.get("feedback")
    if attempt.is_open or rule == FeedbackRule.NEVER:
        return False
    if rule == FeedbackRule.AFTER_SUBMIT:
        return True
    return _is_over(attempt.enrolment.cohort) or (
        attempt.enrolment.cohort.kind == CohortKind.SELF_PACED and standing.running is None and (standing.is_passed or standing.left == 0)
    )


def _is_over(cohort: Cohort) -> bool:
    return cohort.status == CohortStatus.CLOSED or (cohort.ends_at is not None and cohort.ends_at <= timezone.now())
