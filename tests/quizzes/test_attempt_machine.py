"""An attempt as a state machine: whatever a learner's tabs, the clock and a trainer do, in any order, the promises hold.

The model is a few small tables in memory; after each step the database says the same (promises 1 to 5 and 7), the key is nowhere on the
learner's page while it may not be shown (6), and an issued certificate is what it was (8).
"""

from __future__ import annotations

import copy
import json
import os
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, initialize, invariant, precondition, rule, run_state_machine_as_test

from quizzes import attempts, grading
from quizzes.correcting import applying, deciding
from quizzes.kinds import kind_of
from quizzes.marking import effects, undoing
from quizzes.models import (
    AnswerEvent,
    Attempt,
    AttemptStatus,
    CorrectionChoice,
    CorrectionStatus,
    Question,
    QuestionVersion,
    Response,
)
from tests.factories import certificates
from tests.factories import quizzes as factory
from tests.factories.accounts import person, staff
from tests.quizzes.machine import Judged, Known, Promises

LIMIT, ALLOWED, QUESTIONS = 15, 2, 7
OUGHT = settings(max_examples=8, stateful_step_count=20, derandomize=True, suppress_health_check=list(HealthCheck))
LONG = settings(
    OUGHT,
    max_examples=400,
    stateful_step_count=60,
    derandomize=False,
    phases=[Phase.reuse, Phase.generate],  # told as it was found: making it smaller may take longer than the search
    report_multiple_bugs=False,
)
ONE, NOTHING = Decimal(1), Decimal(0)
FULL, BOTH, NEW, LEAVE = CorrectionChoice.FULL_CREDIT, CorrectionChoice.BOTH, CorrectionChoice.NEW_KEY, CorrectionChoice.LEAVE
OTHER_KEYS: dict[str, dict[str, Any]] = {  # such that no part moves: an answer reads the same by both keys
    "single": {"key": "A", "misconceptions": {}},
    "multiple": {"key": ["A", "C"], "misconceptions": {}},
    "true_false": {"key": True, "misconceptions": {}},
    "short_answer": {"accepted": ["lima", "5"]},
}


@dataclass
class Putting:
    """One correction as the model knows it; ``content`` None: nothing was rewritten. ``reached``: the last attempt that it looked at."""

    key: int
    kind: str
    choice: str
    content: dict[str, Any] | None
    over_trainers: bool
    reached: int = 0
    is_done: bool = False


@dataclass
class Tab:
    """One open page of one question: what it has seen, and its own count."""

    attempt: int
    position: int
    base: int
    sequence: int
    mark: str = field(default_factory=lambda: uuid.uuid4().hex[:8])


class Machine(Promises):
    """A quiz of the seven kinds with a time limit: tabs, the clock, a trainer who judges and takes back, an author who puts keys right."""

    tabs = Bundle("tabs")
    sent = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.deadline: dict[int, Any] = {}
        self.started = 0
        self.corrections: list[Putting] = []

    def enrols(self) -> Any:
        return factory.make_enrolment(self.course)

    # -- what the model asks ------------------------------------------------------------------
    def newest(self) -> Attempt | None:
        return Attempt.objects.filter(enrolment=self.enrolment).order_by("-number").first()

    def shown(self, attempt: int) -> list[tuple[str, int, list[int], str]]:
        rows = Response.objects.filter(attempt=attempt).select_related("question_version").order_by("position")
        return [(one.question_version.kind, one.question_version_id, one.order, json.dumps(one.question_version.content)) for one in rows]

    def is_over(self, attempt: int) -> bool:
        return attempt in self.ended or timezone.now() >= self.deadline[attempt]

    # -- the learner ------------------------------------------------------------------------------
    @initialize(answered=st.booleans(), right=st.booleans())
    def begins(self, answered: bool, right: bool) -> None:
        self.starts()
        if answered:
            self.answers_everything_and_sends(right=right)

    @rule()
    def starts(self) -> None:
        running = Attempt.objects.running().filter(enrolment=self.enrolment).first()
        try:
            attempt = attempts.start(self.enrolment, self.quiz)
        except attempts.StartError:
            assert running is None
            assert self.started == ALLOWED
            return
        if running:  # the same one, whether its time is up or not
            assert attempt.pk == running.pk
            if not attempt.is_open:
                self.closes(attempt.pk)
            return
        self.started += 1
        self.deadline[attempt.pk] = timezone.now() + timedelta(minutes=LIMIT)
        self.questions[attempt.pk] = self.shown(attempt.pk)
        for position in range(1, QUESTIONS + 1):
            self.known[attempt.pk, position] = Known()

    @rule(target=tabs, position=st.integers(1, 2), ahead=st.integers(0, 40))
    def opens_a_tab(self, position: int, ahead: int) -> Tab:
        """``ahead``: this device counted further before."""
        attempt = self.newest()
        assert attempt is not None
        base = self.known[attempt.pk, position].sequence
        return Tab(attempt.pk, position, base, base + ahead)

    @rule(target=sent, tab=tabs, right=st.booleans(), blank=st.booleans())
    def saves(self, tab: Tab, right: bool, blank: bool) -> dict[str, Any]:
        one = self.response(tab.attempt, tab.position)
        tab.sequence += 1
        raw = {} if blank and one.question_version.kind != "ordering" else (factory.right if right else factory.wrong)(one)
        save = {"raw": raw, "sequence": tab.sequence, "key": f"{tab.mark}-{uuid.uuid4().hex}", "base": tab.base, "writers": {tab.mark}}
        save |= {"attempt": tab.attempt, "position": tab.position, "first": None, "tab": tab}
        self.arrives(save)
        return save

    @rule(target=sent, tab=tabs, right=st.booleans())
    def gives_without_a_signal(self, tab: Tab, right: bool) -> dict[str, Any]:
        """It arrives later, or never, or in another order."""
        one = self.response(tab.attempt, tab.position)
        tab.sequence += 1
        raw = (factory.right if right else factory.wrong)(one)
        save = {"raw": raw, "sequence": tab.sequence, "key": f"{tab.mark}-{uuid.uuid4().hex}", "base": tab.base, "writers": {tab.mark}}
        return save | {"attempt": tab.attempt, "position": tab.position, "first": None, "tab": tab}

    @rule(save=sent)
    def arrives(self, save: dict[str, Any]) -> None:
        """For the first time, or again."""
        place, tab = (save["attempt"], save["position"]), save["tab"]
        known, over = self.known[place], self.is_over(save["attempt"])
        one = self.response(*place)
        answer = kind_of(one.question_version).clean(save["raw"], one.order)
        saved = attempts.save_answer(
            self.enrolment.learner,
            *place,
            save["raw"],
            **{name: save[name] for name in ("sequence", "key", "base", "writers")},
        )
        if save["first"] is not None:
            assert saved.accepted == save["first"], "a replay has the first result"
        else:
            newer = save["sequence"] > known.sequence and (save["base"] >= known.sequence or known.writer in save["writers"])
            assert saved.accepted == (newer and not over)
            save["first"] = saved.accepted
            if saved.accepted:
                known.answer, known.sequence, known.writer = answer, save["sequence"], tab.mark
                tab.base = max(tab.base, save["sequence"])
        event = AnswerEvent.objects.filter(response=one, key=save["key"]).first()
        if event is None:  # nothing that was given is lost, up to what fills a disk
            assert not save["first"]
            assert AnswerEvent.objects.filter(response=one, was_accepted=False).count() == attempts.MOST_LATE_KEPT
        else:
            assert (event.answer, event.was_accepted) == (answer, save["first"])
        if over and place[0] not in self.ended:
            self.closes(place[0])

    @rule(position=st.integers(1, 2), ahead=st.integers(2, 40), right=st.booleans())
    def two_devices_show_the_same_and_one_counts_higher(self, position: int, ahead: int, right: bool) -> None:
        """The one that saves first wins; the other has not seen it, however high it counts."""
        older, newer = self.opens_a_tab(position=position, ahead=ahead), self.opens_a_tab(position=position, ahead=0)
        self.saves(tab=newer, right=right, blank=False)
        self.saves(tab=older, right=not right, blank=False)

    @rule(right=st.booleans())
    def answers_everything(self, right: bool) -> None:
        """So that runs reach an end that is graded."""
        attempt = self.newest()
        assert attempt is not None
        if self.is_over(attempt.pk):
            return
        for position in range(1, QUESTIONS + 1):
            one = self.response(attempt.pk, position)
            known = self.known[attempt.pk, position]
            raw = (factory.right if right else factory.wrong)(one)
            saved = factory.save(one, raw, base=known.sequence)
            assert saved.accepted
            known.answer = kind_of(one.question_version).clean(raw, one.order)
            known.sequence, known.writer = known.sequence + 1, "other"

    @rule(right=st.booleans())
    def answers_everything_and_sends(self, right: bool) -> None:
        self.answers_everything(right=right)
        self.sends()

    @rule()
    def sends(self) -> None:
        attempt = self.newest()
        assert attempt is not None
        was_up = attempt.pk not in self.ended and self.is_over(attempt.pk)
        closed = attempts.submit(attempt, by=self.enrolment.learner)
        assert not closed.is_open
        if attempt.pk not in self.ended:
            assert closed.closed_by == ("clock" if was_up else "learner")
            self.closes(attempt.pk)

    # -- the clock --------------------------------------------------------------------------------
    @rule(seconds=st.sampled_from([25, 60, 240, 900]))
    def time_passes(self, seconds: int) -> None:
        self.time.shift(timedelta(seconds=seconds))

    @rule()
    def the_sweeper_comes(self) -> None:
        due = [one for one in self.deadline if one not in self.ended and self.is_over(one)]
        assert attempts.close_overdue() == len(due)
        for attempt in due:
            self.closes(attempt)

    def closes(self, attempt: int) -> None:
        """The model's end: each question is judged by what was stored, and waits for a person where the server cannot say."""
        row = Attempt.objects.get(pk=attempt)
        assert row.submitted_at is not None
        assert row.submitted_at <= self.deadline[attempt]
        for position in range(1, QUESTIONS + 1):
            version = self.response(attempt, position).question_version
            points = self.by_the_keys(version, self.known[attempt, position].answer)
            self.known[attempt, position].stack = [] if points is None else [Judged(points, "automatic", timezone.now())]
        self.ended[attempt] = row.submitted_at

    def by_the_keys(self, version: QuestionVersion, answer: Any) -> Decimal | None:
        """What the server says of this answer, by the key that was shown and then by each correction in turn."""
        points = kind_of(version).points(answer)
        for one in self.corrections:
            if one.kind == version.kind:
                points = ONE if one.choice == FULL or one.content is None else self.by_one(one, points, answer)
        return points

    @staticmethod
    def by_one(one: Putting, before: Decimal | None, answer: Any) -> Decimal | None:
        points = kind_of(QuestionVersion(kind=one.kind, content=one.content)).points(answer)
        if points is None:
            return before if before is None or one.choice == BOTH else NOTHING
        return max(before or NOTHING, points) if one.choice == BOTH else points

    # -- the trainer ------------------------------------------------------------------------------
    def waiting(self) -> Attempt | None:
        return Attempt.objects.filter(enrolment=self.enrolment, status=AttemptStatus.SUBMITTED).first()

    @precondition(lambda self: self.waiting() is not None)
    @rule(right=st.booleans(), may_undo=st.booleans())
    def judges(self, right: bool, may_undo: bool) -> None:
        attempt = self.waiting()
        assert attempt is not None
        waiting = list(attempt.responses.filter(points__isnull=True))
        verdicts = {one.pk: right for one in waiting}
        grading.judge_answers(attempt, by=self.trainer, verdicts=verdicts, undo_for=effects.UNDO_FOR if may_undo else None)
        for one in waiting:
            self.known[attempt.pk, one.position].stack.append(Judged(Decimal(right), "trainer", timezone.now()))
        if may_undo:
            self.pending[attempt.pk] = timezone.now() + effects.UNDO_FOR
        with pytest.raises(grading.GradingError):
            grading.judge_answers(attempt, by=self.trainer, verdicts={one.pk: not right for one in waiting})

    @precondition(lambda self: bool(self.ended))
    @rule(chance=st.randoms(use_true_random=False))
    def takes_a_judgement_back(self, chance: Any) -> None:
        attempt = chance.choice(sorted(self.ended))
        recent = self.recent(attempt)
        if not recent:
            with pytest.raises(undoing.UndoError):
                undoing.undo(Attempt.objects.get(pk=attempt), by=self.trainer)
            return
        undoing.undo(Attempt.objects.get(pk=attempt), by=self.trainer)
        for known, one in recent:
            known.stack.remove(one)
        self.pending.pop(attempt, None)

    @precondition(lambda self: bool(self.pending))
    @rule(waits=st.booleans())
    def the_worker_lets_judgements_take_effect(self, waits: bool) -> None:
        if waits:
            self.time.shift(effects.UNDO_FOR)
        self.takes_effect()

    @precondition(lambda self: Attempt.objects.filter(enrolment=self.enrolment, status=AttemptStatus.GRADED).exists())
    @rule(chance=st.randoms(use_true_random=False))
    def counts_what_came_late(self, chance: Any) -> None:
        events = AnswerEvent.objects.filter(
            was_accepted=False, response__attempt__enrolment=self.enrolment, response__attempt__status=AttemptStatus.GRADED
        ).select_related("response__question_version")
        found = list(events.order_by("pk"))
        if not found:
            return
        event = chance.choice(found)
        known = self.known[event.response.attempt_id, event.response.position]
        points = self.by_the_keys(event.response.question_version, event.answer)
        raises = points is not None and points > known.stack[-1].points
        try:
            grading.count_late(event, by=self.trainer, reason="Sinyal putus sebelum waktu habis.")
        except grading.GradingError:
            assert not raises
        else:
            assert raises
            known.stack.append(Judged(points, "override", timezone.now()))

    # -- the author and the worker ----------------------------------------------------------------
    @precondition(lambda self: len(self.corrections) < 6)
    @rule(
        kind=st.sampled_from([*OTHER_KEYS]),
        choice=st.sampled_from([FULL, BOTH, NEW, LEAVE]),
        rewrites=st.booleans(),
        over_trainers=st.booleans(),
    )
    def puts_a_key_right(self, kind: str, choice: str, rewrites: bool, over_trainers: bool) -> None:
        question = Question.objects.select_related("course", "module", "current_version").get(course=self.course, kind=kind)
        content = self.other_key(question) if rewrites or choice != FULL else None
        arguments: dict[str, Any] = {"by": self.author, "reason": "Kunci lama keliru.", "over_trainers": over_trainers}
        if any(one.kind == kind and not one.is_done for one in self.corrections):
            with pytest.raises(deciding.CorrectingError):
                deciding.correct(question, choice, content, **arguments)
            return
        made = deciding.correct(question, choice, content, **arguments)
        self.corrections.append(Putting(made.pk, kind, choice, content, over_trainers, is_done=choice == LEAVE))

    @staticmethod
    def other_key(question: Question) -> dict[str, Any]:
        now: dict[str, Any] = copy.deepcopy(question.current_version.content)  # type: ignore[union-attr]
        first = question.versions.get(number=1).content
        own = ("key", "accepted", "misconceptions")
        other = OTHER_KEYS[question.kind]
        is_first = all(now.get(name) == first.get(name) for name in ("key", "accepted"))
        wanted = other if is_first else {name: first[name] for name in own if name in first}
        kept = {name: value for name, value in now.items() if name not in own or name in wanted}
        return {name: value for name, value in (kept | copy.deepcopy(wanted)).items() if value != {}}

    @precondition(lambda self: any(not one.is_done for one in self.corrections))
    @rule(batches=st.integers(1, 4))
    def the_worker_regrades(self, batches: int) -> None:
        """One attempt in a batch; the worker dies after so many."""
        one = next(one for one in self.corrections if not one.is_done)
        for _ in range(batches):
            left = applying._next_batch(one.key, 1)
            following = min((attempt for attempt in self.questions if attempt > one.reached), default=None)
            if following is None or one.is_done:
                assert left == 0
                one.is_done = True
                continue
            assert left == 1
            one.reached = following
            if following in self.ended:
                self.regrades(one, following)

    @precondition(lambda self: bool(self.corrections))
    @rule()
    def a_correction_is_applied_once_more(self) -> None:
        """By a second worker, to its end; what it did already stays as it is."""
        one = self.corrections[-1]
        assert applying.apply(one.key)
        if not one.is_done:
            for attempt in sorted(attempt for attempt in self.ended if attempt > one.reached):
                self.regrades(one, attempt)
            one.is_done = True

    def regrades(self, one: Putting, attempt: int) -> None:
        """The definition once more: what a person decided stays unless it is said; an adjustment is never lowered."""
        position = next(at for at in range(1, QUESTIONS + 1) if self.questions[attempt][at - 1][0] == one.kind)
        known = self.known[attempt, position]
        last = known.stack[-1] if known.stack else None
        before, by_person = known.points, last is not None and last.kind in {"trainer", "override"}
        if one.choice == FULL or one.content is None:
            wanted: Decimal | None = ONE
        else:
            wanted = self.by_one(one, None if by_person and one.choice != BOTH else before, known.answer)
        if wanted is None or wanted == before or by_person and not one.over_trainers:
            return
        if last is not None and last.kind == "override" and wanted < last.points:
            return
        known.stack.append(Judged(wanted, "regrade", timezone.now()))

    # -- the promises -----------------------------------------------------------------------------
    @invariant()
    def promise_1_one_open_and_never_more_than_allowed(self) -> None:
        rows = Attempt.objects.filter(enrolment=self.enrolment)
        assert rows.filter(status=AttemptStatus.OPEN).count() <= 1
        assert rows.count() == self.started <= ALLOWED

    @invariant()
    def promises_2_and_3_the_database_holds_the_newest_accepted_answer(self) -> None:
        rows = Response.objects.filter(attempt__enrolment=self.enrolment)
        held = {(one.attempt_id, one.position): (one.answer, one.sequence) for one in rows}
        assert held == {place: (one.answer, one.sequence) for place, one in self.known.items()}

    @invariant()
    def promise_5_questions_order_and_rules_are_pinned(self) -> None:
        for attempt, before in self.questions.items():
            assert self.shown(attempt) == before

    @invariant()
    def promise_6_no_page_holds_the_key_before_the_end(self) -> None:
        for one in Response.objects.filter(attempt__enrolment=self.enrolment, attempt__status=AttemptStatus.OPEN).select_related(
            "question_version"
        ):
            shown = json.dumps(one.shown(), ensure_ascii=False)
            assert one.question_version.content["feedback"] not in shown
            assert '"key"' not in shown and '"accepted"' not in shown and '"misconceptions"' not in shown

    @invariant()
    def what_waits_for_a_person_waits_and_nothing_else(self) -> None:
        for attempt in self.ended:
            waits = any(one.points is None for one in self.stacks(attempt))
            assert self.status(attempt) == (AttemptStatus.SUBMITTED if waits else AttemptStatus.GRADED)

    @invariant()
    def no_two_corrections_of_one_question_run(self) -> None:
        for one in self.corrections:
            assert (self.correction_status(one.key) == CorrectionStatus.DONE) == one.is_done

    @staticmethod
    def correction_status(key: int) -> str:
        from quizzes.models import Correction

        return Correction.objects.values_list("status", flat=True).get(pk=key)


def drive(ought: settings) -> None:
    Machine.course = factory.make_course(
        copies=1, rules={"attempts_allowed": ALLOWED, "time_limit": LIMIT, "draw": [{"module": "M1", "count": 7}]}
    )
    Machine.trainer, Machine.author = person(), staff("author")
    Machine.paper = certificates.issued()
    run_state_machine_as_test(Machine, settings=ought)


@pytest.mark.django_db
def test_whatever_happens_to_an_attempt_the_promises_hold():
    drive(OUGHT)


@pytest.mark.soak
@pytest.mark.django_db
def test_whatever_happens_for_long_the_promises_hold():
    drive(settings(LONG, max_examples=int(os.environ.get("EXAMPLES", "400"))))
