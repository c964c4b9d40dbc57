"""What the state machines of attempts share: a clock, a rollback after each run, and the promises that hold after every step.

A machine keeps ``stacks``: for each answer the judgements that stand, oldest first, as its own model says; the database must say the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from types import SimpleNamespace
from typing import Any
from unittest import mock

import time_machine
from django.core.cache import caches
from django.db import transaction
from django.utils import timezone
from hypothesis.stateful import RuleBasedStateMachine, invariant

from cohorts.models import Enrolment, Progress, ProgressState
from linimasa import invariants
from quizzes import attempts
from quizzes.marking import effects, release
from quizzes.models import Attempt, AttemptStatus, Quiz, Response
from tests.factories import quizzes as factory

MINUTE = timedelta(seconds=60)


@dataclass(eq=False)
class Judged:
    """One judgement that stands: ``kind`` as in the database; ``levels`` of a rubric and the weights that they were counted by."""

    points: Decimal
    kind: str
    at: datetime
    levels: tuple[int, ...] = ()


@dataclass
class Known:
    """What the model knows of one question: its answer, the sequence and the page that wrote it, and the judgements that stand."""

    answer: Any = None
    sequence: int = 0
    writer: str = ""
    stack: list[Judged] = field(default_factory=list)

    @property
    def points(self) -> Decimal | None:
        return self.stack[-1].points if self.stack else None


def mean(points: Iterable[Decimal]) -> Decimal:
    """Their mean with five decimals: written here once more, so that the code is not measured by itself."""
    found = list(points)
    return (sum(found, Decimal(0)) / len(found)).quantize(Decimal("0.00001"), ROUND_HALF_UP)


class Promises(RuleBasedStateMachine):
    """Drives the real verbs; ``course``, ``trainer``, ``author`` and ``paper`` are made once for all runs.

    ``known`` is by attempt and position, ``pending`` says until when a judgement may be taken back.
    """

    course: Any = None
    trainer: Any = None
    author: Any = None
    paper: Any = None
    code = "M1-KUIS"

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        caches["local"].clear()  # keys come again after a rollback
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.time = self.clock.start()
        self.chance = mock.patch.object(attempts, "secrets", SimpleNamespace(token_hex=self.seed))  # a run repeats itself
        self.chance.start()
        self.seeds = 0
        self.enrolment = self.enrols()
        self.quiz: Quiz = self.quiz_of()
        self.known: dict[tuple[int, int], Known] = {}
        self.questions: dict[int, Any] = {}
        self.ended: dict[int, datetime] = {}
        self.pending: dict[int, datetime] = {}
        self.earned = Decimal(0)
        self.passed = False
        self.paper_before = self.printed()

    def enrols(self) -> Enrolment:
        raise NotImplementedError

    def seed(self, count: int) -> str:
        self.seeds += 1
        return f"{self.seeds:0{2 * count}x}"

    def quiz_of(self) -> Quiz:
        return factory.quiz_of(self.course, self.code)

    def teardown(self) -> None:
        try:
            broken = [(one.sentence, rows) for one, rows in invariants.broken() if one.number in {1, 3, 5, 7}]
        finally:
            self.chance.stop()
            self.clock.stop()
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)
        assert broken == []

    # -- what the model asks ------------------------------------------------------------------
    def printed(self) -> Any:
        self.paper.refresh_from_db()
        return {name: value for name, value in self.paper.__dict__.items() if not name.startswith("_")}

    def rows(self) -> Any:
        return Attempt.objects.filter(enrolment=self.enrolment, quiz=self.quiz)

    def status(self, attempt: int) -> str:
        return Attempt.objects.values_list("status", flat=True).get(pk=attempt)

    def response(self, attempt: int, position: int) -> Response:
        return Response.objects.select_related("question_version", "attempt").get(attempt=attempt, position=position)

    def stacks(self, attempt: int) -> list[Known]:
        return [known for (one, _position), known in self.known.items() if one == attempt]

    def is_pending(self, attempt: int) -> bool:
        """Whether a judgement of this attempt is one that its learner does not see yet."""
        return attempt in self.pending

    # -- the trainer and the worker, alike for all ------------------------------------------------
    def recent(self, attempt: int) -> list[tuple[Known, Judged]]:
        """What the trainer may take back now."""
        now = timezone.now()
        until = self.pending.get(attempt)
        if attempt in self.ended and self.status(attempt) != AttemptStatus.SUBMITTED and (until is None or until <= now):
            return []
        return [(known, one) for known in self.stacks(attempt) for one in known.stack if one.kind == "trainer" and one.at > now - MINUTE]

    def takes_effect(self) -> None:
        now = timezone.now()
        due = [attempt for attempt, until in self.pending.items() if until <= now]
        assert effects.take_due() == len(due)
        for attempt in due:
            del self.pending[attempt]

    # -- the promises -------------------------------------------------------------------------
    @invariant()
    def promise_4_what_ended_stays_as_it_ended(self) -> None:
        assert dict(self.rows().filter(submitted_at__isnull=False).values_list("pk", "submitted_at")) == self.ended

    @invariant()
    def promise_7_a_grade_is_the_fold_of_its_events(self) -> None:
        rows = Response.objects.filter(attempt__in=self.rows())
        assert {(one.attempt_id, one.position): one.points for one in rows} == {place: one.points for place, one in self.known.items()}
        for one in self.rows().exclude(status__in=[AttemptStatus.OPEN, AttemptStatus.SUBMITTED]):
            assert one.score == mean(known.stack[-1].points for known in self.stacks(one.pk)), (one.pk, one.status)

    @invariant()
    def promise_8_an_issued_certificate_is_what_it_was(self) -> None:
        assert self.printed() == self.paper_before

    @invariant()
    def nobody_sees_a_judgement_that_may_be_taken_back(self) -> None:
        """Neither its mark nor what it would open; and what is in effect has reached progress, upwards only."""
        now = timezone.now()
        rows = list(self.rows().select_related("enrolment"))
        for one in rows:
            assert (one.takes_effect_at is not None) == self.is_pending(one.pk), one.pk
            if one.takes_effect_at and one.takes_effect_at > now:
                seen = release.shown(one)
                assert (seen.score, seen.status, seen.stays_passed) == (None, AttemptStatus.SUBMITTED, False)
        for one in rows:
            if one.status in {AttemptStatus.OPEN} or self.is_pending(one.pk):
                continue
            floor = mean(known.points or Decimal(0) for known in self.stacks(one.pk))
            if one.status == AttemptStatus.RETURNED or self.only_a_person_judges and one.status == AttemptStatus.SUBMITTED:
                continue
            self.earned = max(self.earned, floor)
            self.passed = self.passed or one.pass_mark is None or floor >= one.pass_mark
        row = Progress.objects.filter(enrolment=self.enrolment, activity=self.quiz.activity_id).first()
        state, points = (row.state, row.points) if row else ("", None)
        assert (state == ProgressState.COMPLETED) == self.passed, (state, points, self.earned)
        assert points is None or points <= self.earned, (points, self.earned)

    only_a_person_judges = False
