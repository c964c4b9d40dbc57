"""Practical work as a state machine: written, handed in, accepted, returned with a new deadline, taken up again, regraded, taken back.

The promises are those of ``machine``; beside them: returned work opens its next try exactly once and with the same answer, with the
deadline that its trainer gave, and nothing of it before the judgement is in effect.
"""

from __future__ import annotations

import copy
import os
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule, run_state_machine_as_test

from cohorts.models import Progress
from quizzes import assignments, attempts, grading
from quizzes.correcting import applying, deciding
from quizzes.marking import effects, undoing
from quizzes.models import AnswerEvent, Attempt, AttemptStatus, CorrectionChoice, Question, Response
from tests.factories import certificates
from tests.factories import quizzes as factory
from tests.factories.accounts import person, staff
from tests.quizzes.machine import Judged, Known, Promises

ALLOWED = 2
OUGHT = settings(max_examples=6, stateful_step_count=20, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(
    OUGHT,
    max_examples=400,
    stateful_step_count=60,
    derandomize=False,
    phases=[Phase.reuse, Phase.generate],  # told as it was found: making it smaller may take longer than the search
    report_multiple_bugs=False,
)
FULL, BOTH, NEW, LEAVE = CorrectionChoice.FULL_CREDIT, CorrectionChoice.BOTH, CorrectionChoice.NEW_KEY, CorrectionChoice.LEAVE
PASSES = Decimal("0.6")
POINTS = (Decimal(1), Decimal("0.75"), Decimal("0.5"), Decimal("0.25"))
FIRST, OTHER = (60, 40), (20, 80)  # the criteria's weights, which a correction changes
levels = st.tuples(st.integers(0, 3), st.integers(0, 3))
good = st.tuples(st.integers(0, 2), st.integers(0, 1))


def counted(weights: tuple[int, int], chosen: tuple[int, int]) -> Decimal:
    """By hand: each level's points by its criterion's weight."""
    return (sum((weight * POINTS[level] for weight, level in zip(weights, chosen, strict=True)), Decimal(0)) / 100).quantize(
        Decimal("0.00001")
    )


@dataclass
class Putting:
    """One correction of the rubric; ``weights`` None: full credit, nothing was rewritten."""

    key: int
    choice: str
    weights: tuple[int, int] | None
    over_trainers: bool
    reached: int = 0
    is_done: bool = False


class Work(Promises):
    """One practical assignment, two tries, and a trainer who says what is to be improved."""

    code = "M1-TUGAS"
    only_a_person_judges = True

    def __init__(self) -> None:
        super().__init__()
        self.order: list[int] = []
        self.revises: dict[int, int] = {}
        self.due: dict[int, datetime | None] = {}
        self.before: dict[int, str] = {}
        self.deadline: datetime | None = None
        self.corrections: list[Putting] = []

    def enrols(self) -> Any:
        enrolment = factory.make_enrolment(self.course)
        quiz = factory.start(enrolment)
        factory.answer_all(quiz)
        attempts.submit(quiz, by=enrolment.learner)
        return enrolment

    # -- what the model asks ----------------------------------------------------------------------
    def open_one(self) -> int | None:
        return next((one for one in self.order if one not in self.ended), None)

    def settled(self, *statuses: str) -> list[int]:
        return [one for one in self.order if self.status(one) in statuses]

    def weights(self) -> tuple[int, int]:
        """Those by which a person judges now: every correction's, whatever became of the marks that were there."""
        return next((one.weights for one in reversed(self.corrections) if one.weights is not None), FIRST)

    def opens(self, response: Response, revises: int | None = None) -> None:
        self.order.append(response.attempt_id)
        known = Known()
        if revises is not None:
            self.revises[response.attempt_id] = revises
            known.answer = self.known[revises, 1].answer
        self.known[response.attempt_id, 1] = known
        self.questions[response.attempt_id] = response.question_version_id

    # -- the learner ------------------------------------------------------------------------------
    @precondition(lambda self: len(self.order) < 4)
    @rule()
    def begins(self) -> None:
        running = self.open_one()
        waits = any(self.status(one) == AttemptStatus.SUBMITTED or self.waits_for_its_effect(one) for one in self.ended)
        counted_ones = sum(one not in self.revises for one in self.order)
        try:
            response = assignments.begin(self.enrolment, self.quiz, by=self.enrolment.learner)
        except assignments.AssignmentError:
            assert running is None
            assert waits or counted_ones >= ALLOWED
            return
        if running is not None:
            assert response.attempt_id == running
            return
        assert not waits
        assert counted_ones < ALLOWED
        self.opens(response)

    @precondition(lambda self: self.order)
    @rule(text=st.sampled_from(["Kanal satu.", "Kanal dua.", ""]), behind=st.booleans())
    def writes(self, text: str, behind: bool) -> None:
        """Into the newest work, open or not; ``behind``: from a page that is out of date."""
        attempt = self.order[-1]
        known = self.known[attempt, 1]
        sequence = known.sequence if behind else known.sequence + 1
        one = self.response(attempt, 1)
        events = AnswerEvent.objects.filter(response=one)
        before, refused = events.count(), events.filter(was_accepted=False).count()
        saved = attempts.save_answer(
            self.enrolment.learner, attempt, 1, {"text": [text]}, sequence=sequence, key=f"a-{uuid.uuid4().hex}", base=known.sequence
        )
        assert saved.accepted == (attempt not in self.ended and not behind)
        is_kept = saved.accepted or refused < attempts.MOST_LATE_KEPT
        assert events.count() == before + is_kept
        if saved.accepted:
            known.answer, known.sequence = {"text": text} if text else None, sequence

    @precondition(lambda self: self.open_one() is not None)
    @rule()
    def hands_in(self) -> None:
        attempt = self.open_one()
        assert attempt is not None
        response = self.response(attempt, 1)
        if not self.known[attempt, 1].answer:
            with pytest.raises(assignments.AssignmentError):
                assignments.hand_in(response, by=self.enrolment.learner)
            return
        closed = assignments.hand_in(response, by=self.enrolment.learner)
        points = self.by_corrections()
        assert closed.status == (AttemptStatus.SUBMITTED if points is None else AttemptStatus.GRADED)
        assert closed.closed_by == "learner"
        self.ended[attempt] = closed.submitted_at
        if points is not None:
            self.known[attempt, 1].stack.append(Judged(points, "automatic", timezone.now()))

    def by_corrections(self) -> Decimal | None:
        """Full credit was given to all; a rubric that was mended after that is one that a person judges by."""
        points = None
        for one in self.corrections:
            if one.choice == FULL or one.weights is None:
                points = Decimal(1)
            elif one.choice != BOTH:
                points = None
        return points

    @initialize(handed_in=st.booleans())
    def comes(self, handed_in: bool) -> None:
        self.begins()
        if handed_in:
            self.writes_and_hands_in(text="Kanal tiga.")

    @precondition(lambda self: self.open_one() is not None)
    @rule(text=st.sampled_from(["Kanal empat.", "Kanal lima."]))
    def writes_and_hands_in(self, text: str) -> None:
        """So that runs reach what is judged."""
        self.writes(text=text, behind=False)
        self.hands_in()

    @precondition(lambda self: self.settled(AttemptStatus.GRADED))
    @rule(chance=st.randoms(use_true_random=False))
    def takes_accepted_work_up_again(self, chance: Any) -> None:
        attempt = chance.choice(self.settled(AttemptStatus.GRADED))
        known, running = self.revision_of(attempt), self.open_one()
        try:
            revision = grading.improve(self.row(attempt), by=self.enrolment.learner)
        except grading.GradingError:
            assert self.is_unseen(attempt) or known is None and (running is not None or self.others_wait(attempt))
            return
        assert not self.is_unseen(attempt)
        if known is not None:
            assert revision.pk == known
            return
        assert running is None
        assert not self.others_wait(attempt)
        self.opens(Response.objects.get(attempt=revision), revises=attempt)

    def waits_for_its_effect(self, attempt: int) -> bool:
        """A return until the worker has opened the next try; a mark only until its minute is over."""
        return self.is_pending(attempt) and (self.status(attempt) == AttemptStatus.RETURNED or self.is_unseen(attempt))

    def is_unseen(self, attempt: int) -> bool:
        return self.is_pending(attempt) and self.pending[attempt] > timezone.now()

    def others_wait(self, attempt: int) -> bool:
        """For their trainer, or for the moment at which their return opens the next try."""
        return any(self.status(one) == AttemptStatus.SUBMITTED for one in self.ended if one != attempt) or self.others_come_back(attempt)

    def others_come_back(self, attempt: int) -> bool:
        return any(self.is_pending(one) and self.status(one) == AttemptStatus.RETURNED for one in self.ended if one != attempt)

    def row(self, attempt: int) -> Attempt:
        joined = ("enrolment__cohort", "enrolment__course", "enrolment__learner", "quiz__activity")
        return Attempt.objects.select_related(*joined).get(pk=attempt)

    def revision_of(self, attempt: int) -> int | None:
        return next((one for one, of in self.revises.items() if of == attempt), None)

    # -- the trainer ------------------------------------------------------------------------------
    @precondition(lambda self: self.settled(AttemptStatus.SUBMITTED, AttemptStatus.GRADED, AttemptStatus.RETURNED))
    @rule(chosen=good, may_undo=st.booleans(), chance=st.randoms(use_true_random=False))
    def accepts(self, chosen: tuple[int, int], may_undo: bool, chance: Any) -> None:
        attempt = chance.choice(sorted(self.ended))
        points, status = counted(self.weights(), chosen), self.status(attempt)
        stays = self.row(attempt).stays_passed
        may = status == AttemptStatus.SUBMITTED and (points >= PASSES or stays)
        try:
            grading.accept(
                self.row(attempt), by=self.trainer, levels=chosen, comment="Baik.", undo_for=effects.UNDO_FOR if may_undo else None
            )
        except grading.GradingError:
            assert not may
            return
        assert may
        self.judged(attempt, points, chosen, may_undo=may_undo)

    @precondition(lambda self: self.settled(AttemptStatus.SUBMITTED, AttemptStatus.GRADED, AttemptStatus.RETURNED))
    @rule(chosen=levels, days=st.sampled_from([None, 3, 5]), may_undo=st.booleans(), chance=st.randoms(use_true_random=False))
    def returns_it(self, chosen: tuple[int, int], days: int | None, may_undo: bool, chance: Any) -> None:
        attempt = chance.choice(sorted(self.ended))
        status, running = self.status(attempt), self.open_one()
        may = status in {AttemptStatus.SUBMITTED, AttemptStatus.GRADED} and self.revision_of(attempt) is None and running is None
        may = may and not self.others_come_back(attempt)
        due = timezone.now() + timedelta(days=days) if days else None
        row = self.row(attempt)
        words: dict[str, Any] = {"by": self.trainer, "levels": chosen, "due_at": due, "undo_for": effects.UNDO_FOR if may_undo else None}
        with pytest.raises(grading.GradingError):
            grading.return_for_revision(row, comment="  ", **words)
        try:
            made = grading.return_for_revision(row, comment="Lengkapi.", **words)
        except grading.GradingError:
            assert not may
            return
        assert may
        self.judged(attempt, counted(self.weights(), chosen), chosen, may_undo=may_undo)
        self.due[attempt] = due
        if may_undo:
            assert made.pk == attempt
        else:
            self.sent_back(attempt)

    def judged(self, attempt: int, points: Decimal, chosen: tuple[int, int], *, may_undo: bool) -> None:
        self.known[attempt, 1].stack.append(Judged(points, "trainer", timezone.now(), chosen))
        self.pending.pop(attempt, None)
        if may_undo:
            self.pending[attempt] = timezone.now() + effects.UNDO_FOR

    def sent_back(self, attempt: int) -> None:
        revision = Attempt.objects.get(revision_of=attempt)
        self.opens(Response.objects.get(attempt=revision), revises=attempt)
        self.deadline = self.due[attempt] or self.deadline

    @precondition(lambda self: bool(self.ended))
    @rule(chance=st.randoms(use_true_random=False))
    def takes_a_judgement_back(self, chance: Any) -> None:
        attempt = chance.choice(sorted(self.ended))
        recent = self.recent(attempt)
        if not recent:
            with pytest.raises(undoing.UndoError):
                undoing.undo(Attempt.objects.get(pk=attempt), by=self.trainer)
            return
        undone = undoing.undo(self.row(attempt), by=self.trainer)
        for known, one in recent:
            known.stack.remove(one)
        self.pending.pop(attempt, None)
        assert undone.status == (AttemptStatus.GRADED if self.known[attempt, 1].stack else AttemptStatus.SUBMITTED)

    # -- the clock, the worker ----------------------------------------------------------------------
    @rule(seconds=st.sampled_from([25, 40, 61, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.time.shift(timedelta(seconds=seconds))

    @precondition(lambda self: bool(self.pending))
    @rule(waits=st.booleans())
    def the_worker_lets_judgements_take_effect(self, waits: bool) -> None:
        if waits:
            self.time.shift(effects.UNDO_FOR)
        due = [attempt for attempt, until in self.pending.items() if until <= timezone.now()]
        self.takes_effect()
        for attempt in due:
            if self.status(attempt) == AttemptStatus.RETURNED:
                self.sent_back(attempt)

    # -- the author -------------------------------------------------------------------------------
    @precondition(lambda self: bool(self.ended))
    @rule(choice=st.sampled_from([FULL, BOTH, NEW, LEAVE]), rewrites=st.booleans(), over_trainers=st.booleans())
    def puts_the_rubric_right(self, choice: str, rewrites: bool, over_trainers: bool) -> None:
        question = Question.objects.select_related("course", "module", "current_version").get(course=self.course, kind="practical")
        content, weights = None, None
        if rewrites or choice != FULL:
            content = copy.deepcopy(question.current_version.content)
            weights = OTHER if self.weights() == FIRST else FIRST
            for criterion, weight in zip(content["rubric"], weights, strict=True):
                criterion["weight"] = weight
        arguments: dict[str, Any] = {"by": self.author, "reason": "Bobot keliru.", "over_trainers": over_trainers}
        if any(not one.is_done for one in self.corrections):
            with pytest.raises(deciding.CorrectingError):
                deciding.correct(question, choice, content, **arguments)
            return
        made = deciding.correct(question, choice, content, **arguments)
        self.corrections.append(Putting(made.pk, choice, weights, over_trainers, is_done=choice == LEAVE))

    @precondition(lambda self: any(not one.is_done for one in self.corrections))
    @rule(to_the_end=st.booleans())
    def the_worker_regrades(self, to_the_end: bool) -> None:
        one = next(one for one in self.corrections if not one.is_done)
        while not one.is_done:
            left = applying._next_batch(one.key, 1)
            following = min((attempt for attempt in self.order if attempt > one.reached), default=None)
            if following is None:
                assert left == 0
                one.is_done = True
            else:
                assert left == 1
                one.reached = following
                if following in self.ended:
                    self.regrades(one, following)
            if not to_the_end:
                return

    def regrades(self, one: Putting, attempt: int) -> None:
        stack = self.known[attempt, 1].stack
        last = stack[-1] if stack else None
        if one.choice == FULL or one.weights is None:
            wanted: Judged | None = Judged(Decimal(1), "regrade", timezone.now())
        elif last is None or not last.levels:
            return
        else:
            wanted = Judged(counted(one.weights, last.levels), "regrade", timezone.now(), last.levels)
            if one.choice == BOTH and wanted.points <= last.points:
                return
        if last is not None and wanted.points == last.points:
            return
        stack.append(wanted)
        if self.status(attempt) == AttemptStatus.RETURNED and not self.is_pending(attempt):  # its mark counts until it is improved
            self.earned = max(self.earned, wanted.points)
            self.passed = self.passed or wanted.points >= PASSES

    # -- the promises -----------------------------------------------------------------------------
    @invariant()
    def promise_1_one_open_and_never_more_than_allowed(self) -> None:
        rows = self.rows()
        assert set(rows.values_list("pk", flat=True)) == set(self.order)
        assert rows.filter(status=AttemptStatus.OPEN).count() <= 1
        assert rows.filter(revision_of__isnull=True).count() <= ALLOWED
        assert dict(rows.filter(revision_of__isnull=False).values_list("pk", "revision_of")) == self.revises

    @invariant()
    def promises_2_and_3_the_database_holds_the_newest_accepted_answer(self) -> None:
        held = {one.attempt_id: (one.answer, one.sequence) for one in Response.objects.filter(attempt__in=self.rows())}
        assert held == {attempt: (one.answer, one.sequence) for (attempt, _position), one in self.known.items()}

    @invariant()
    def promise_5_the_version_is_pinned(self) -> None:
        rows = Response.objects.filter(attempt__in=self.rows())
        assert dict(rows.values_list("attempt_id", "question_version_id")) == self.questions

    @invariant()
    def returned_work_has_the_deadline_that_it_was_given(self) -> None:
        row = Progress.objects.filter(enrolment=self.enrolment, activity=self.quiz.activity_id).first()
        assert (row.due_at if row else None) == self.deadline

    @invariant()
    def work_that_was_sent_back_opens_its_next_try_once(self) -> None:
        for attempt in self.settled(AttemptStatus.RETURNED):
            assert Attempt.objects.filter(revision_of=attempt).count() == (0 if self.is_pending(attempt) else 1)


def drive(ought: settings) -> None:
    Work.course = factory.make_course(copies=1, rules={"draw": [{"module": "M1", "count": 7}]}, assignment=True)
    Work.trainer, Work.author = person(), staff("author")
    Work.paper = certificates.issued()
    run_state_machine_as_test(Work, settings=ought)


@pytest.fixture(autouse=True)
def _two_tries(monkeypatch):
    monkeypatch.setitem(factory.ASSIGNMENT, "attempts_allowed", ALLOWED)


@pytest.mark.django_db
def test_whatever_happens_to_practical_work_the_promises_hold():
    drive(OUGHT)


@pytest.mark.soak
@pytest.mark.django_db
def test_whatever_happens_for_long_to_practical_work_the_promises_hold():
    drive(settings(LONG, max_examples=int(os.environ.get("EXAMPLES", "400"))))
