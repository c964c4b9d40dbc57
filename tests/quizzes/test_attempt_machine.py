"""An attempt as a state machine: whatever a learner's tabs, the clock and a trainer do, in any order, the promises hold.

The model is a few small tables in memory; after each step the database says the same (promises 1 to 5 and 7), the key is nowhere on the
learner's page while it may not be shown (6), and an issued certificate is what it was (8).
"""

from __future__ import annotations

import json
import os
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from linimasa import invariants
from quizzes import attempts, grading
from quizzes.kinds import kind_of
from quizzes.models import AnswerEvent, Attempt, AttemptStatus, GradeEvent, GradeKind, Response
from quizzes.models.grade import fold, mean
from tests.factories import certificates
from tests.factories import quizzes as factory
from tests.factories.accounts import person

LIMIT, ALLOWED, QUESTIONS = 15, 2, 7
OUGHT = settings(
    max_examples=14,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
LONG = settings(OUGHT, max_examples=400, stateful_step_count=60, derandomize=False)


@dataclass
class Tab:
    """One open page of one question: what it has seen, and its own count."""

    attempt: int
    position: int
    base: int
    sequence: int
    mark: str = field(default_factory=lambda: uuid.uuid4().hex[:8])


@dataclass
class Known:
    """What the model knows of one question: its answer, the sequence and the page that wrote it, and the judgements."""

    answer: Any = None
    sequence: int = 0
    writer: str = ""
    points: list[Decimal] = field(default_factory=list)


class Machine(RuleBasedStateMachine):
    """Drives the real verbs; ``course``, ``trainer`` and ``paper`` are made once for all runs."""

    course: Any = None
    trainer: Any = None
    paper: Any = None
    tabs = Bundle("tabs")
    sent = Bundle("sent")

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.clock = time_machine.travel(timezone.now(), tick=False)
        self.time = self.clock.start()
        self.enrolment = factory.make_enrolment(self.course)
        self.quiz = factory.quiz_of(self.course)
        self.known: dict[tuple[int, int], Known] = {}
        self.questions: dict[int, list[tuple[int, list[int], str]]] = {}
        self.ended: dict[int, Any] = {}
        self.deadline: dict[int, Any] = {}
        self.started = 0
        self.paper_before = self.printed()

    def teardown(self) -> None:
        broken = [(one.sentence, rows) for one, rows in invariants.broken() if one.number in {1, 3, 5, 7}]
        self.clock.stop()
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)
        assert broken == []

    # -- what the model asks ------------------------------------------------------------------
    def printed(self) -> Any:
        self.paper.refresh_from_db()
        return {name: value for name, value in self.paper.__dict__.items() if not name.startswith("_")}

    def newest(self) -> Attempt | None:
        return Attempt.objects.filter(enrolment=self.enrolment).order_by("-number").first()

    def response(self, attempt: int, position: int) -> Response:
        return Response.objects.select_related("question_version", "attempt").get(attempt=attempt, position=position)

    def shown(self, attempt: int) -> list[tuple[int, list[int], str]]:
        rows = Response.objects.filter(attempt=attempt).select_related("question_version").order_by("position")
        return [(one.question_version_id, one.order, json.dumps(one.question_version.content)) for one in rows]

    def is_over(self, attempt: int) -> bool:
        return attempt in self.ended or timezone.now() >= self.deadline[attempt]

    # -- the learner ------------------------------------------------------------------------------
    @initialize()
    def begins(self) -> None:
        self.starts()

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
        event = AnswerEvent.objects.get(response=one, key=save["key"])  # nothing that was given is lost
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
    @rule(minutes=st.sampled_from([1, 4, 15]))
    def time_passes(self, minutes: int) -> None:
        self.time.shift(timedelta(minutes=minutes))

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
            known = self.known[attempt, position]
            points = kind_of(self.response(attempt, position).question_version).points(known.answer)
            known.points = [] if points is None else [points]
        self.ended[attempt] = row.submitted_at

    # -- the trainer ------------------------------------------------------------------------------
    def waiting(self) -> Attempt | None:
        return Attempt.objects.filter(enrolment=self.enrolment, status=AttemptStatus.SUBMITTED).first()

    @precondition(lambda self: self.waiting() is not None)
    @rule(right=st.booleans())
    def judges(self, right: bool) -> None:
        attempt = self.waiting()
        assert attempt is not None
        waiting = list(attempt.responses.filter(points__isnull=True))
        grading.judge_answers(attempt, by=self.trainer, verdicts={one.pk: right for one in waiting})
        for one in waiting:
            self.known[attempt.pk, one.position].points.append(Decimal(right))
        with pytest.raises(grading.GradingError):
            grading.judge_answers(attempt, by=self.trainer, verdicts={one.pk: not right for one in waiting})

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
        points = kind_of(event.response.question_version).points(event.answer)
        raises = points is not None and points > known.points[-1]
        try:
            grading.count_late(event, by=self.trainer, reason="Sinyal putus sebelum waktu habis.")
        except grading.GradingError:
            assert not raises
        else:
            assert raises
            known.points.append(points)

    @precondition(lambda self: Attempt.objects.filter(enrolment=self.enrolment, status=AttemptStatus.GRADED).exists())
    @rule(position=st.integers(1, QUESTIONS), points=st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)]))
    def grades_anew(self, position: int, points: Decimal) -> None:
        attempt = Attempt.objects.filter(enrolment=self.enrolment, status=AttemptStatus.GRADED).order_by("number").first()
        assert attempt is not None
        one = self.response(attempt.pk, position)
        GradeEvent.objects.append(one, kind=GradeKind.REGRADE, points=points, by=self.trainer, reason="Kunci diperbaiki.")
        Attempt.objects.filter(pk=attempt.pk).update(score=mean(attempt.responses.values_list("points", flat=True)))
        self.known[attempt.pk, position].points.append(points)

    @precondition(lambda self: any(len(one.points) > 1 for one in self.known.values()))
    @rule()
    def takes_a_judgement_back(self) -> None:
        attempt, position = next(place for place, one in self.known.items() if len(one.points) > 1)
        if Attempt.objects.get(pk=attempt).status != AttemptStatus.GRADED:
            return
        one = self.response(attempt, position)
        event = GradeEvent.objects.filter(response=one).standing().order_by("-pk").first()
        assert event is not None
        GradeEvent.objects.undo(event, by=self.trainer, reason="Salah tekan.")
        Attempt.objects.filter(pk=attempt).update(score=mean(Attempt.objects.get(pk=attempt).responses.values_list("points", flat=True)))
        self.known[attempt, position].points.pop()

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
    def promise_4_what_ended_stays_as_it_ended(self) -> None:
        ended = dict(Attempt.objects.filter(enrolment=self.enrolment, submitted_at__isnull=False).values_list("pk", "submitted_at"))
        assert ended == self.ended

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
    def promise_7_a_grade_is_the_fold_of_its_events(self) -> None:
        for one in Response.objects.filter(attempt__enrolment=self.enrolment).prefetch_related("grade_events"):
            events = [(event.pk, event.points, event.undoes_id) for event in sorted(one.grade_events.all(), key=lambda event: event.pk)]
            known = self.known[one.attempt_id, one.position].points
            assert one.points == fold(events) == (known[-1] if known else None)
            assert all(event.at and event.question_version_id for event in one.grade_events.all())
        for attempt in Attempt.objects.filter(enrolment=self.enrolment, status=AttemptStatus.GRADED):
            assert attempt.score == mean(self.known[attempt.pk, position].points[-1] for position in range(1, QUESTIONS + 1))

    @invariant()
    def promise_8_an_issued_certificate_is_what_it_was(self) -> None:
        assert self.printed() == self.paper_before


def drive(ought: settings) -> None:
    Machine.course = factory.make_course(
        copies=1, rules={"attempts_allowed": ALLOWED, "time_limit": LIMIT, "draw": [{"module": "M1", "count": 7}]}
    )
    Machine.trainer = person()
    Machine.paper = certificates.issued()
    run_state_machine_as_test(Machine, settings=ought)


@pytest.mark.django_db
def test_whatever_happens_to_an_attempt_the_promises_hold():
    drive(OUGHT)


@pytest.mark.soak
@pytest.mark.django_db
def test_whatever_happens_for_long_the_promises_hold():
    drive(settings(LONG, max_examples=int(os.environ.get("EXAMPLES", "400"))))
