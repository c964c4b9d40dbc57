"""Where a learner stands with one quiz: the rules that hold, the attempts made, how many are left, and which mark counts.

**Which mark counts, and promise 11.** A quiz counts its highest mark, its last or the average of all (``grade_method``). What a learner
earned is never taken away by trying again: a quiz is passed from the moment on at which the mark that counted reached the pass mark (for
«average» the average up to then), and ``progress.record`` keeps the highest mark that ever counted. So with «last» and «average» a later,
weaker attempt changes ``counts``, which pages show as the quiz's mark, but neither the pass nor what a certificate rests on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Aggregate, Case, Count, OuterRef, Subquery, Sum, When
from django.utils import timezone

from cohorts.models import Cohort, CohortKind, CohortStatus, Enrolment
from cohorts.structure import Structure
from linimasa.prepared import Prepared

from . import frozen, windows
from .marking import release
from .models import Attempt, AttemptStatus, FeedbackRule, GradeMethod, Quiz, Response
from .models.grade import mean, share
from .windows import Allowance


@dataclass(frozen=True)
class Standing:
    """``rules`` are None when the quiz is not published to this cohort; ``attempts`` are all of this learner, newest first.

    ``floors``: of attempts that still wait for a person, the score that is certain already. ``allowance``: window and exceptions.
    """

    activity_id: int
    rules: Mapping[str, Any] | None
    attempts: Sequence[Attempt]
    floors: Mapping[int, Decimal] = field(default_factory=dict)
    allowance: Allowance = field(default_factory=Allowance)

    @cached_property
    def running(self) -> Attempt | None:
        return next((one for one in self.attempts if one.is_open), None)

    @property
    def method(self) -> str:
        return (self.rules or {}).get("grade_method", GradeMethod.HIGHEST)

    @cached_property
    def counts(self) -> Decimal | None:
        """The mark that counts now by the quiz's method, 0 to 1; None before the first. Returned work counts until it is improved."""
        return counted(self.method, [one.score for one in self._judged if one.score is not None])

    @property
    def certain(self) -> Decimal | None:
        """Like ``counts``, with what is certain already of attempts that wait for a person."""
        made = [(one, one.score if one.score is not None else self.floors.get(one.pk)) for one in self.attempts]
        return counted(self.method, [score for _one, score in sorted(made, key=lambda pair: pair[0].number) if score is not None])

    @property
    def best(self) -> Decimal | None:
        """The mark that counts (see ``counts``); by default the highest."""
        return self.counts

    @cached_property
    def _judged(self) -> list[Attempt]:
        """Attempts with a score, oldest first; of a returned one and its improvement only the newest."""
        improved = {one.revision_of_id for one in self.attempts if one.score is not None}
        if self.method == GradeMethod.HIGHEST:
            improved = set()
        return [one for one in sorted(self.attempts, key=lambda one: one.number) if one.score is not None and one.pk not in improved]

    @cached_property
    def sure(self) -> frozenset[int]:
        """Attempts that wait for a person and with which the quiz is passed whatever that person will say."""
        return frozenset(pk for pk in self.passing if pk in self.floors)

    @cached_property
    def passing(self) -> frozenset[int]:
        """The attempts at which the mark that counted reached the pass mark (with what is certain of those that wait)."""
        found, scores = set(), list[Decimal]()
        for one in sorted(self.attempts, key=lambda one: one.number):
            if one.stays_passed:
                found.add(one.pk)
            score = one.score if one.status == AttemptStatus.GRADED else self.floors.get(one.pk)
            if score is None:
                continue
            scores.append(score)
            reached = counted(GradeMethod.AVERAGE, scores) if self.method == GradeMethod.AVERAGE else score
            if reached is not None and (one.pass_mark is None or reached >= one.pass_mark):
                found.add(one.pk)
        return frozenset(found)

    @property
    def is_passed(self) -> bool:
        """Passed at some time: a later attempt never takes it away."""
        return bool(self.passing)

    @property
    def awaits_person(self) -> bool:
        return any(one.status == AttemptStatus.SUBMITTED for one in self.attempts)

    @property
    def used(self) -> int:
        return sum(one.revision_of_id is None for one in self.attempts)

    @property
    def extra_minutes(self) -> int:
        return self.allowance.extra_minutes

    @property
    def opens_at(self) -> Any:
        return self.allowance.opens_at

    @property
    def closes_at(self) -> Any:
        return self.allowance.closes_at

    @property
    def allowed(self) -> int:
        """How many attempts in all, an exception's included; the remedial ones only for those who have not passed."""
        rules = self.rules or {}
        remedial = 0 if self.is_passed else rules.get("remedial_attempts", 0)
        return rules.get("attempts_allowed", 0) + remedial + (self.allowance.extra_attempts if rules else 0)

    @property
    def left(self) -> int:
        return max(self.allowed - self.used, 0)

    @property
    def highest_number(self) -> int:
        return max((one.number for one in self.attempts), default=0)


def counted(method: str, scores: Sequence[Decimal]) -> Decimal | None:
    """The mark that counts of these, oldest first: their highest, their last or their average (five decimals). None of none."""
    if not scores:
        return None
    if method == GradeMethod.LAST:
        return scores[-1]
    return mean(scores) if method == GradeMethod.AVERAGE else max(scores)


def _of_those_that_wait(fold: Aggregate) -> Case:
    """A fold of the responses of an attempt that waits for a person; the others' are not looked at."""
    own = Response.objects.filter(attempt=OuterRef("pk")).order_by().values("attempt")
    return Case(When(status=AttemptStatus.SUBMITTED, then=Subquery(own.annotate(found=fold).values("found"))))


_ATTEMPTS = Prepared(
    lambda enrolment, quiz: (
        Attempt.objects.filter(enrolment=enrolment, quiz=quiz)
        .annotate(sure_points=_of_those_that_wait(Sum("points")), asked=_of_those_that_wait(Count("pk")))
        .order_by("-number")
    ),
    *(int, int),
)


def attempts_of(enrolment_id: int, quiz_id: int) -> list[Attempt]:
    """All attempts of this learner, newest first, with what ``floors_of`` needs. One statement."""
    return _ATTEMPTS.objects(enrolment_id, quiz_id)


def standing_of(enrolment: Enrolment, quiz: Quiz, plan: Structure) -> Standing:
    """One statement (and two after the cohort's arrangements changed)."""
    attempts = attempts_of(enrolment.pk, quiz.pk)
    rules, allowance = frozen.rules_for(plan, quiz.activity_id), windows.allowance_of(enrolment, quiz.pk, plan)
    announced = any(release.is_held(one.rules) for one in attempts) and release.is_announced(quiz.pk, enrolment.cohort_id)
    seen = release.as_seen(attempts, announced=announced)
    return Standing(quiz.activity_id, rules, seen, floors_of([one for one in seen if not release.is_masked(one)]), allowance)


def floors_of(attempts: Sequence[Attempt]) -> dict[int, Decimal]:
    """What is certain of the attempts (of ``attempts_of``) that wait for a person: blanks of the trainer count 0. No SQL."""
    waiting: list[Any] = [one for one in attempts if one.status == AttemptStatus.SUBMITTED and one.pass_mark is not None]
    return {one.pk: share(one.sure_points or Decimal(0), one.asked or 0) for one in waiting}


def may_show_key(attempt: Attempt, standing: Standing) -> bool:
    """Whether this attempt's right answers and explanations may be shown now, by the rule that it was started under."""
    rule = attempt.rules.get("feedback")
    if attempt.is_open or rule == FeedbackRule.NEVER or not release.is_released(attempt, standing):
        return False
    if rule in {FeedbackRule.AFTER_SUBMIT, FeedbackRule.DURING}:
        return True
    if _is_over(attempt.enrolment.cohort) or _is_closed_for_all(attempt, standing):
        return True
    is_own_end = attempt.enrolment.cohort.kind == CohortKind.SELF_PACED and standing.allowance.closes_at is None
    return is_own_end and standing.running is None and (standing.is_passed or standing.left == 0)


def _is_closed_for_all(attempt: Attempt, standing: Standing) -> bool:
    """The quiz has closed for everyone of the cohort, the last exception too, and nobody still answers it."""
    last = standing.allowance.closes_last
    if last is None or last > timezone.now():
        return False
    return not Attempt.objects.running().filter(quiz=attempt.quiz_id, enrolment__cohort=attempt.enrolment.cohort_id).exists()


def _is_over(cohort: Cohort) -> bool:
    return cohort.status == CohortStatus.CLOSED or (cohort.ends_at is not None and cohort.ends_at <= timezone.now())
