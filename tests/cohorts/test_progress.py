"""Progress only rises, whoever writes it and however many write at once."""

from __future__ import annotations

from decimal import Decimal

import pytest

from audit.models import Entry
from cohorts import structure
from cohorts.models import Enrolment, EnrolmentStatus, Progress, ProgressState
from cohorts.progress import ProgressError, record, undo
from tests.factories.cohorts import activity_of, do_everything, make_enrolment, make_progress

pytestmark = pytest.mark.django_db


def test_the_first_record_makes_the_row_and_remembers_the_place():
    enrolment = make_enrolment()
    quiz = activity_of(enrolment.course, "M1-KUIS")
    row = record(enrolment, quiz, state=ProgressState.STARTED)
    assert (row.state, row.points, row.completed_at) == (ProgressState.STARTED, None, None)
    kept = Enrolment.objects.get(pk=enrolment.pk)
    assert kept.last_activity == quiz and kept.last_seen_at is not None


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("started", "submitted", "submitted"),
        ("submitted", "started", "submitted"),
        ("submitted", "returned", "returned"),
        ("returned", "submitted", "submitted"),
        ("submitted", "failed", "failed"),
        ("failed", "completed", "completed"),
        ("completed", "failed", "completed"),
        ("completed", "returned", "completed"),
        ("completed", "started", "completed"),
    ],
)
def test_a_state_moves_only_upwards(before, after, kept):
    enrolment = make_enrolment()
    task = activity_of(enrolment.course, "M1-TUGAS")
    record(enrolment, task, state=before)
    assert record(enrolment, task, state=after).state == kept
    assert Progress.objects.get(enrolment=enrolment, activity=task).state == kept


@pytest.mark.parametrize(("first", "second", "kept"), [(0.5, 0.8, "0.8"), (0.8, 0.5, "0.8"), (0.8, None, "0.8"), (None, 0.3, "0.3")])
def test_the_highest_points_count(first, second, kept):
    enrolment = make_enrolment()
    quiz = activity_of(enrolment.course, "M1-KUIS")
    record(enrolment, quiz, state="started", points=first)
    record(enrolment, quiz, state="started", points=second)
    assert Progress.objects.get(enrolment=enrolment, activity=quiz).points == Decimal(kept)


def test_a_grade_given_by_a_trainer_does_not_look_like_the_learner_was_here():
    enrolment = make_enrolment()
    record(enrolment, activity_of(enrolment.course, "M1-TUGAS"), state="completed", points=0.8)
    assert Enrolment.objects.get(pk=enrolment.pk).last_seen_at is None


def test_the_last_missing_piece_completes_the_enrolment_once():
    enrolment = make_enrolment()
    do_everything(enrolment, but=("TES-AKHIR",))
    test = activity_of(enrolment.course, "TES-AKHIR")
    record(enrolment, test, state="started", points=0.6)
    assert Enrolment.objects.get(pk=enrolment.pk).status == EnrolmentStatus.ACTIVE
    record(enrolment, test, state="completed", points=0.75)
    record(enrolment, test, state="completed", points=0.9)
    assert Enrolment.objects.get(pk=enrolment.pk).status == EnrolmentStatus.COMPLETED
    assert Entry.objects.filter(action="enrolment.completed", object_id=str(enrolment.pk)).count() == 1


def test_undo_takes_a_lesson_back_but_keeps_it_begun():
    enrolment = make_enrolment()
    lesson = activity_of(enrolment.course, "M1.1")
    record(enrolment, lesson, state="completed")
    assert undo(enrolment, lesson.pk, by=enrolment.learner) is True
    assert Progress.objects.get(enrolment=enrolment, activity=lesson).state == ProgressState.STARTED
    assert undo(enrolment, lesson.pk, by=enrolment.learner) is False
    assert Entry.objects.filter(action="progress.undone").count() == 1


@pytest.mark.parametrize(("code", "status"), [("M1-KUIS", "active"), ("M1.1", "completed")])
def test_nothing_judged_and_nothing_of_a_completed_course_is_undone(code, status):
    enrolment = make_enrolment(status=status)
    activity = activity_of(enrolment.course, code)
    make_progress(enrolment, activity, points=0.9)
    with pytest.raises(ProgressError):
        undo(enrolment, activity.pk, by=enrolment.learner)
    assert Progress.objects.get(enrolment=enrolment, activity=activity).state == ProgressState.COMPLETED


def test_a_record_costs_few_statements(django_assert_max_num_queries):
    enrolment = make_enrolment()
    lesson = activity_of(enrolment.course, "M1.1")
    record(enrolment, lesson, state="started")
    loaded = Enrolment.objects.with_stamp().get(pk=enrolment.pk)
    structure.of(loaded)
    with django_assert_max_num_queries(5):  # insert or nothing, lock, raise, place, progress for the conditions
        record(loaded, lesson.pk, state="completed")


@pytest.mark.concurrency
def test_fifty_parallel_records_leave_one_row_with_the_best_of_all(in_parallel):
    enrolment = make_enrolment()
    quiz = activity_of(enrolment.course, "M1-KUIS")
    results = in_parallel(50, lambda n: record(Enrolment.objects.get(pk=enrolment.pk), quiz.pk, state=_state(n), points=n / 100).points)
    assert [r for r in results if isinstance(r, Exception)] == []
    row = Progress.objects.get(enrolment=enrolment)
    assert (row.state, row.points) == (ProgressState.COMPLETED, Decimal("0.49"))


def _state(number: int) -> str:
    return "completed" if number == 7 else "started" if number % 2 else "failed"


@pytest.mark.concurrency
def test_fifty_parallel_completions_complete_once(in_parallel):
    enrolment = make_enrolment()
    do_everything(enrolment, but=("TES-AKHIR",))
    test = activity_of(enrolment.course, "TES-AKHIR")
    results = in_parallel(50, lambda n: record(Enrolment.objects.get(pk=enrolment.pk), test.pk, state="completed", points=0.9).state)
    assert set(results) == {"completed"}
    assert Enrolment.objects.get(pk=enrolment.pk).status == EnrolmentStatus.COMPLETED
    assert Entry.objects.filter(action="enrolment.completed", object_id=str(enrolment.pk)).count() == 1


def test_progress_by_activity_is_one_statement(django_assert_num_queries):
    enrolment = make_enrolment()
    row = make_progress(enrolment, "M1.1")
    with django_assert_num_queries(1):
        assert Progress.objects.by_activity(enrolment) == {row.activity_id: row}
