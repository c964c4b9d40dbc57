"""Promises 1 to 5 and 7: one attempt, nothing called stored that is not, late never counts, the server's clock, pins, folds."""

from __future__ import annotations

import uuid
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.http import Http404
from django.utils import timezone

from audit.models import Entry
from cohorts import structure
from cohorts.models import Progress, ProgressState
from courses.models import Module
from linimasa import invariants
from quizzes import attempts, scoring
from quizzes.kinds import AnswerError
from quizzes.models import AnswerEvent, Attempt, AttemptStatus, ClosedBy, GradeEvent, GradeKind, QuestionVersion, Response
from quizzes.standing import standing_of
from tests.factories import courses
from tests.factories import quizzes as factory
from tests.factories.accounts import person

pytestmark = pytest.mark.django_db
TIMED = {"time_limit": 15}


def question(attempt, kind):
    return attempt.responses.select_related("question_version", "attempt__enrolment__learner").filter(question_version__kind=kind)[0]


def progress_of(attempt):
    return Progress.objects.get(enrolment=attempt.enrolment, activity=attempt.quiz.activity)


def finish(enrolment, how=factory.right, **words):
    attempt = factory.start(enrolment)
    factory.answer_all(attempt, how, **words)
    return attempts.submit(attempt, by=enrolment.learner)


# --- 1: one open attempt, never more than allowed -----------------------------------------------------------------------
def test_starting_again_returns_the_running_attempt():
    attempt = factory.start()
    assert attempts.start(attempt.enrolment, attempt.quiz) == attempt
    assert Attempt.objects.count() == 1


def test_no_more_attempts_than_allowed():
    enrolment = factory.make_enrolment(factory.make_course(rules={"attempts_allowed": 2}))
    finish(enrolment, factory.wrong, but=("short_answer",))
    finish(enrolment, factory.wrong, but=("short_answer",))
    with pytest.raises(attempts.StartError, match="kesempatan"):
        factory.start(enrolment)
    assert [one.number for one in Attempt.objects.order_by("number")] == [1, 2]


@pytest.mark.parametrize(("how", "more"), [(factory.right, False), (factory.wrong, True)])
def test_remedial_attempts_are_for_those_who_have_not_passed(how, more):
    rules = {"attempts_allowed": 1, "remedial_attempts": 2, "draw": [{"module": "M1", "count": 7}]}
    enrolment = factory.make_enrolment(factory.make_course(rules=rules))
    attempt = finish(enrolment, how, but=() if how is factory.right else ("short_answer",))
    assert attempt.is_passed is not more
    if more:
        assert factory.start(enrolment).number == 2
    else:
        with pytest.raises(attempts.StartError):
            factory.start(enrolment)


def test_a_locked_quiz_says_what_comes_first_and_starts_nothing():
    enrolment = factory.make_enrolment(ready=False)
    with pytest.raises(attempts.StartError, match="Selesaikan dulu pelajaran"):
        factory.start(enrolment)
    assert not Attempt.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_fifty_parallel_starts_make_one_attempt(in_parallel):
    enrolment = factory.make_enrolment()
    quiz = factory.quiz_of(enrolment.course)
    results = in_parallel(50, lambda _: attempts.start(enrolment, quiz).pk)
    assert [one for one in results if isinstance(one, Exception)] == []
    assert len(set(results)) == 1
    assert Attempt.objects.count() == 1
    assert Response.objects.count() == 14
    assert Entry.objects.filter(action="attempt.started").count() == 1
    assert invariants.broken() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_fifty_parallel_submits_grade_once(in_parallel):
    attempt = factory.start()
    factory.answer_all(attempt)
    results = in_parallel(50, lambda _: attempts.submit(attempt, by=attempt.enrolment.learner).status)
    assert set(results) == {AttemptStatus.GRADED}
    assert GradeEvent.objects.count() == 14
    assert Entry.objects.filter(action="attempt.submitted").count() == 1
    assert invariants.broken() == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.concurrency
def test_saves_beside_a_submit_either_count_or_are_refused(in_parallel):
    """Whatever the order: what was called stored is what was graded."""
    attempt = factory.start()
    one = question(attempt, "single")
    right, wrong = factory.right(one), factory.wrong(one)

    def act(number):
        if number == 10:
            return attempts.submit(attempt, by=attempt.enrolment.learner)
        raw = right if number % 2 else wrong
        return attempts.save_answer(
            attempt.enrolment.learner, attempt.pk, one.position, raw, sequence=number + 1, key=f"key-{number:08d}"
        ).accepted

    results = in_parallel(20, act)
    assert [one for one in results if isinstance(one, Exception)] == []
    one.refresh_from_db()
    accepted = [number for number, result in enumerate(results) if result is True]
    assert one.sequence == (max(accepted) + 1 if accepted else 0)
    expected = Decimal(0) if not accepted else Decimal(max(accepted) % 2)
    assert one.points == expected
    assert invariants.broken() == []


# --- 2 and 3: what is called stored is stored; late and stale never win ---------------------------------------------------
def test_a_save_is_in_the_database_and_answers_the_same_to_a_replay():
    one = question(factory.start(), "single")
    key = uuid.uuid4().hex
    first = factory.save(one, factory.right(one), sequence=1, key=key)
    again = factory.save(one, factory.right(one), sequence=1, key=key)
    assert first.accepted
    assert again.accepted
    assert AnswerEvent.objects.count() == 1


def test_a_known_key_never_carries_another_answer():
    one = question(factory.start(), "single")
    key = uuid.uuid4().hex
    factory.save(one, factory.right(one), sequence=1, key=key)
    other = factory.save(one, factory.wrong(one), sequence=2, key=key)
    one.refresh_from_db()
    assert not other.accepted
    assert (one.sequence, AnswerEvent.objects.count()) == (1, 1)
    assert one.question_version.kind == "single"


def test_a_stale_save_is_kept_but_does_not_overwrite():
    one = question(factory.start(), "single")
    factory.save(one, factory.right(one), sequence=5)
    newest = Response.objects.get(pk=one.pk).answer
    stale = factory.save(one, factory.wrong(one), sequence=4)
    one.refresh_from_db()
    assert not stale.accepted
    assert stale.sentence == attempts.STALE
    assert (one.answer, one.sequence) == (newest, 5)
    assert list(AnswerEvent.objects.order_by("pk").values_list("was_accepted", flat=True)) == [True, False]


@pytest.mark.parametrize("ended", ["submitted", "time is up"])
def test_a_late_save_is_kept_for_the_trainer_and_changes_nothing(ended):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attempt = factory.start(rules=TIMED)
        one = question(attempt, "single")
        given_at = timezone.now() + timedelta(minutes=14)
        if ended == "submitted":
            attempts.submit(attempt, by=attempt.enrolment.learner)
        else:
            clock.shift(timedelta(minutes=15))
        late = factory.save(one, factory.right(one), given_at=given_at)
    one.refresh_from_db()
    attempt.refresh_from_db()
    assert not late.accepted
    assert late.sentence == attempts.LATE
    assert (one.answer, one.sequence, one.points) == (None, 0, 0)
    assert attempt.status == AttemptStatus.SUBMITTED or attempt.status == AttemptStatus.GRADED
    event = AnswerEvent.objects.get()
    assert (event.was_accepted, event.given_at) == (False, given_at)


def test_a_late_answer_counts_only_by_a_grade_event_with_its_reason():
    attempt = factory.start()
    one = question(attempt, "single")
    attempt = attempts.submit(attempt, by=attempt.enrolment.learner)
    trainer = person()
    GradeEvent.objects.append(one, kind=GradeKind.OVERRIDE, points=Decimal(1), by=trainer, reason="Dijawab sebelum tenggat, sinyal putus.")
    one.refresh_from_db()
    assert one.points == 1
    assert [(event.kind, event.points, event.by) for event in one.grade_events.all()] == [
        ("automatic", 0, None),
        ("override", 1, trainer),
    ]


def test_only_so_many_late_saves_are_kept(monkeypatch):
    monkeypatch.setattr(attempts, "MOST_LATE_KEPT", 3)
    attempt = factory.start()
    one = question(attempt, "single")
    attempts.submit(attempt, by=attempt.enrolment.learner)
    for _ in range(5):
        assert not factory.save(one, factory.right(one)).accepted
    assert AnswerEvent.objects.count() == 3


def test_no_answer_at_all_is_a_sentence_and_nothing_is_stored():
    one = question(factory.start(), "single")
    for raw in ({"j": ["z"]}, {"j": ["a", "b"]}):
        with pytest.raises(AnswerError):
            factory.save(one, raw)
    with pytest.raises(AnswerError, match="lewati dulu"):
        factory.save(one, {}, may_be_blank=False)
    assert not AnswerEvent.objects.exists()


def test_a_blank_answer_empties_what_was_saved():
    one = question(factory.start(), "single")
    factory.save(one, factory.right(one))
    assert factory.save(one, {}, flag=True).accepted
    one.refresh_from_db()
    assert (one.answer, one.is_flagged, one.sequence) == (None, True, 2)


def test_only_the_learner_saves():
    one = question(factory.start(), "single")
    with pytest.raises(Http404):
        attempts.save_answer(person(), one.attempt_id, one.position, factory.right(one), sequence=1, key=uuid.uuid4().hex)


@pytest.mark.parametrize("copies", [2, 14])
def test_a_save_costs_the_same_in_a_long_quiz(copies, django_assert_num_queries):
    attempt = factory.start(copies=copies, rules={"draw": [{"module": "M1", "count": copies * 7}]})
    one = question(attempt, "matching")
    learner = attempt.enrolment.learner
    with django_assert_num_queries(5):  # lock and read, update, insert; in a test the transaction is two savepoint statements
        attempts.save_answer(learner, attempt.pk, one.position, factory.right(one), sequence=1, key=uuid.uuid4().hex)


# --- 4: the server's clock -------------------------------------------------------------------------------------------------
def test_the_worker_closes_what_is_over_with_what_was_saved():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attempt = factory.start(rules=TIMED)
        one = question(attempt, "single")
        factory.save(one, factory.right(one))
        assert attempts.close_overdue() == 0
        clock.shift(timedelta(minutes=16))
        assert attempts.close_overdue() == 1
        assert attempts.close_overdue() == 0
    attempt.refresh_from_db()
    assert (attempt.status, attempt.closed_by, attempt.submitted_at) == (AttemptStatus.GRADED, ClosedBy.CLOCK, attempt.deadline_at)
    assert attempt.score == Decimal("0.07143")
    assert Entry.objects.get(action="attempt.submitted").actor is None


def test_a_learner_who_sends_too_late_is_closed_by_the_clock():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attempt = factory.start(rules=TIMED)
        clock.shift(timedelta(minutes=15, seconds=1))
        attempt = attempts.submit(attempt, by=attempt.enrolment.learner)
    assert attempt.closed_by == ClosedBy.CLOCK


def test_starting_when_the_running_one_is_over_closes_it_and_starts_no_other():
    with time_machine.travel(timezone.now(), tick=False) as clock:
        attempt = factory.start(rules=TIMED)
        clock.shift(timedelta(minutes=20))
        again = attempts.start(attempt.enrolment, attempt.quiz)
    assert (again.pk, again.is_open) == (attempt.pk, False)


def test_an_attempt_without_a_limit_is_never_overdue():
    attempt = factory.start()
    with time_machine.travel(timezone.now() + timedelta(days=400)):
        assert attempts.close_overdue() == 0
        assert not attempt.time_is_up()


# --- 5: an attempt keeps what it showed ---------------------------------------------------------------------------------------
def test_a_publication_changes_nothing_in_a_running_attempt():
    attempt = factory.start()
    before = [(one.question_version_id, one.order) for one in attempt.responses.all()]
    shown = [one.shown() for one in attempt.responses.select_related("question_version")]
    module = Module.objects.get(course=attempt.enrolment.course, code="M1")
    changed = [one | {"text": "Baru: " + one["text"]} for one in factory.make_questions(copies=2)]
    factory.load(module, {"M1-KUIS": factory.QUIZ | {"pass_mark": 0.9, "draw": [{"module": "M1", "count": 3}]}}, changed)
    courses.publish(module)
    again = attempts.start(attempt.enrolment, attempt.quiz)
    assert again == attempt
    assert [(one.question_version_id, one.order) for one in again.responses.all()] == before
    assert [one.shown() for one in again.responses.select_related("question_version")] == shown
    assert again.rules["pass_mark"] == 0.7
    factory.answer_all(again)
    attempts.submit(again, by=None)
    following = factory.start(attempt.enrolment)
    assert following.rules["pass_mark"] == 0.9
    assert following.responses.count() == 3
    assert all(one.shown()["text"].startswith("Baru: ") for one in following.responses.select_related("question_version"))
    assert invariants.broken() == []


def test_a_second_attempt_asks_what_was_not_seen_where_the_bank_allows():
    enrolment = factory.make_enrolment(factory.make_course(copies=3, rules={"draw": [{"module": "M1", "count": 8}]}))
    finish(enrolment)
    factory.start(enrolment)
    first, second = (set(one.responses.values_list("question_version__question", flat=True)) for one in Attempt.objects.order_by("number"))
    assert len(first | second) == 16


def test_a_draw_is_balanced_by_level():
    attempt = factory.start(copies=6, rules={"draw": [{"module": "M1", "count": 6}]})
    levels = attempt.responses.values_list("question_version__question__level", flat=True)
    assert sorted(levels) == ["easy", "easy", "hard", "hard", "medium", "medium"]


# --- 7: grades are folds --------------------------------------------------------------------------------------------------------
def test_everything_right_passes_and_completes():
    attempt = finish(factory.make_enrolment())
    assert (attempt.status, attempt.score, attempt.is_passed) == (AttemptStatus.GRADED, 1, True)
    assert (progress_of(attempt).state, progress_of(attempt).points) == (ProgressState.COMPLETED, 1)
    events = GradeEvent.objects.all()
    assert {(event.kind, event.by, event.question_version_id == event.response.question_version_id) for event in events} == {
        ("automatic", None, True)
    }
    assert invariants.broken() == []


def test_the_highest_score_counts_and_nothing_is_lowered():
    enrolment = factory.make_enrolment()
    finish(enrolment)
    attempt = finish(enrolment, factory.wrong, but=("short_answer",))
    assert attempt.score == 0
    assert (progress_of(attempt).state, progress_of(attempt).points) == (ProgressState.COMPLETED, 1)


def test_not_passed_stays_begun_until_no_attempt_is_left():
    enrolment = factory.make_enrolment(factory.make_course(rules={"attempts_allowed": 2}))
    states = [progress_of(finish(enrolment, factory.wrong, but=("short_answer",))).state for _ in range(2)]
    assert states == [ProgressState.STARTED, ProgressState.FAILED]


def test_an_unknown_short_answer_waits_for_the_trainer_and_then_counts():
    enrolment = factory.make_enrolment()
    attempt = factory.start(enrolment)
    factory.answer_all(attempt, but=("short_answer",))
    for one in attempt.responses.filter(question_version__kind="short_answer").select_related("question_version", "attempt__enrolment"):
        factory.save(one, factory.wrong(one))
    attempt = attempts.submit(attempt, by=enrolment.learner)
    assert (attempt.status, attempt.score) == (AttemptStatus.SUBMITTED, None)
    # 12 of 14 are right whatever the trainer says: that passes 70 already, so nobody waits.
    assert progress_of(attempt).state == ProgressState.COMPLETED
    trainer = person()
    waiting = list(attempt.responses.filter(points__isnull=True).select_related("question_version"))
    assert len(waiting) == 2
    for points, one in zip((Decimal(1), Decimal(0)), waiting, strict=True):
        assert not scoring.settle(attempt, by=trainer)
        GradeEvent.objects.append(one, kind=GradeKind.TRAINER, points=points, by=trainer, reason="Dinilai pengajar.")
    assert scoring.settle(attempt, by=trainer)
    assert not scoring.settle(attempt, by=trainer)
    attempt.refresh_from_db()
    assert (attempt.status, attempt.score) == (AttemptStatus.GRADED, Decimal("0.92857"))
    assert invariants.broken() == []


def test_waiting_without_a_sure_pass_stays_begun_and_can_be_tried_again():
    enrolment = factory.make_enrolment()
    attempt = finish(enrolment, factory.wrong)
    assert attempt.status == AttemptStatus.SUBMITTED
    assert progress_of(attempt).state == ProgressState.STARTED
    assert factory.start(enrolment).number == 2


def test_invariants_tell_a_changed_score():
    attempt = finish(factory.make_enrolment())
    one = attempt.responses.first()
    Response.objects.filter(pk=one.pk).update(points=Decimal("0.5"))
    told = {found.name.rpartition(".")[2] for found, _rows in invariants.broken()}
    assert told == {"points_are_the_fold_of_their_events", "scores_are_the_mean_of_their_points"}


# --- revision ----------------------------------------------------------------------------------------------------------------------
def test_a_revision_copies_the_answer_and_uses_up_no_attempt():
    enrolment = factory.make_enrolment(factory.make_course(assignment=True))
    finish(enrolment)
    attempt = factory.start(enrolment, "M1-TUGAS")
    assert attempt.rules["purpose"] == "assignment"
    one = question(attempt, "practical")
    factory.save(one, {"text": ["Audit kanal dinas."]})
    attempt = attempts.submit(attempt, by=enrolment.learner)
    assert attempt.status == AttemptStatus.SUBMITTED
    assert progress_of(attempt).state == ProgressState.SUBMITTED
    with pytest.raises(attempts.StartError):
        factory.start(enrolment, "M1-TUGAS")
    GradeEvent.objects.append(one, kind=GradeKind.TRAINER, points=Decimal("0.4"), by=person())
    Attempt.objects.filter(pk=attempt.pk).update(status=AttemptStatus.RETURNED, score=Decimal("0.4"))
    revision = attempts.open_revision(attempt)
    assert attempts.open_revision(attempt) == revision
    assert revision.responses.get().answer == {"text": "Audit kanal dinas."}
    plan_standing = standing_of(enrolment, attempt.quiz, structure.of(enrolment))
    assert (plan_standing.used, plan_standing.left, plan_standing.running) == (1, 0, revision)
    assert invariants.broken() == []


def test_versions_of_questions_are_never_rewritten():
    course = factory.make_course()
    module = Module.objects.get(course=course, code="M1")
    before = list(QuestionVersion.objects.order_by("pk").values_list("pk", "content"))
    changed = factory.make_questions(copies=2)
    changed[0]["feedback"] = "Penjelasan lain."
    report = factory.load(module, {"M1-KUIS": factory.QUIZ}, changed)
    assert len(report.told("changed")) >= 1
    assert list(QuestionVersion.objects.order_by("pk").values_list("pk", "content"))[: len(before)] == before
