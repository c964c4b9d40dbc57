"""The conditions of the certificate, the final mark, the hours."""

from __future__ import annotations

from decimal import Decimal

import pytest

from cohorts import completion
from cohorts.completion import complete_if_ready, final_mark, minutes_earned, predicate, problems
from cohorts.models import Enrolment, EnrolmentStatus, Progress
from cohorts.signals import enrolment_completed
from tests.factories.cohorts import activity_of, do_everything, make_cohort, make_enrolment, make_published_course

pytestmark = pytest.mark.django_db


@pytest.fixture
def finished():
    """Everything of the core is done with 90, the post-test with 80."""
    enrolment = make_enrolment()
    do_everything(enrolment, points=0.9)
    set_points(enrolment, "TES-AKHIR", 0.8)
    return enrolment


def set_points(enrolment: Enrolment, code: str, points: float) -> None:
    Progress.objects.filter(enrolment=enrolment, activity__code=code).update(points=Decimal(str(points)))


def codes(enrolment: Enrolment) -> set[str]:
    """What is missing, activity ids left out."""
    return {problem.code.partition(":")[0] for problem in problems(enrolment)}


def test_nothing_is_missing_when_all_conditions_hold(finished):
    assert problems(finished) == [] and all(c.met for c in completion.checklist(finished))


@pytest.mark.parametrize(("mark", "missing"), [(0.69999, {"post_test"}), (0.7, set()), (1, set())])
def test_the_post_test_asks_for_seventy(finished, mark, missing):
    set_points(finished, "TES-AKHIR", mark)
    assert codes(finished) == missing


@pytest.mark.parametrize(("mark", "missing"), [(0.59999, {"assignment"}), (0.6, set())])
def test_each_assignment_asks_for_sixty(finished, mark, missing):
    set_points(finished, "M1-TUGAS", mark)
    assert codes(finished) == missing


def test_the_mean_of_the_assignments_asks_for_seventy(finished):
    for code, mark in (("M1-TUGAS", 0.65), ("M2-TUGAS", 0.7), ("M3-TUGAS", 0.74)):
        set_points(finished, code, mark)
    assert codes(finished) == {"assignments_mean"}
    set_points(finished, "M3-TUGAS", 0.75)
    assert codes(finished) == set()


@pytest.mark.parametrize("code", ["M1.1", "M3.2"])
def test_a_core_lesson_not_done_before_its_quiz_is_missing(code):
    enrolment = make_enrolment()
    do_everything(enrolment, but=(code, f"{code[:2]}-KUIS", f"{code[:2]}-TUGAS"))
    found = next(p for p in problems(enrolment) if p.code == "lessons")
    assert "5 dari 6" in found.sentence and activity_of(enrolment.course, code).slug in found.url


@pytest.mark.parametrize("state", ["submitted", "returned", "failed"])
def test_an_assignment_counts_only_once_accepted(finished, state):
    Progress.objects.filter(enrolment=finished, activity__code="M2-TUGAS").update(state=state, completed_at=None)
    assert codes(finished) == {"assignment", "assignments_mean"}
    assert final_mark(finished) is None


def test_the_optional_module_is_no_condition_but_adds_its_hours(finished):
    cohort_minutes = finished.cohort.jp * 45
    assert minutes_earned(finished) == cohort_minutes
    whole = make_enrolment()
    do_everything(whole, optional=True)
    assert minutes_earned(whole) == cohort_minutes + 90  # two lessons and an assignment of 30 minutes


@pytest.mark.parametrize(("test", "tasks", "mark"), [(0.8, 0.9, "85.29"), (0.7, 0.7, "70.00"), (1, 1, "100.00")])
def test_the_final_mark_weighs_forty_to_forty_five(finished, test, tasks, mark):
    set_points(finished, "TES-AKHIR", test)
    for code in ("M1-TUGAS", "M2-TUGAS", "M3-TUGAS"):
        set_points(finished, code, tasks)
    assert final_mark(finished) == Decimal(mark)


def test_a_part_that_the_course_lacks_drops_out_of_the_mark():
    enrolment = make_enrolment(make_cohort(make_published_course(own=False)))
    do_everything(enrolment, points=0.8)
    assert final_mark(enrolment) == Decimal("80.00") and problems(enrolment) == []


@pytest.mark.parametrize(
    ("mark", "word"),
    [
        ("100", "Sangat Memuaskan"),
        ("90", "Sangat Memuaskan"),
        ("89.99", "Memuaskan"),
        ("80", "Memuaskan"),
        ("79.99", "Baik"),
        ("70", "Baik"),
        ("69.99", ""),
    ],
)
def test_predicates_by_bands(mark, word):
    assert predicate(Decimal(mark)) == word
    assert predicate(None) == ""


def test_completing_sends_the_signal_once_after_the_commit(finished, django_capture_on_commit_callbacks):
    heard = []

    def listen(sender, enrolment_id, **_):
        heard.append(enrolment_id)

    enrolment_completed.connect(listen)
    try:
        with django_capture_on_commit_callbacks(execute=True):
            assert complete_if_ready(finished) is True
            assert heard == []
            assert complete_if_ready(Enrolment.objects.get(pk=finished.pk)) is False
    finally:
        enrolment_completed.disconnect(listen)
    assert heard == [finished.pk]
    kept = Enrolment.objects.get(pk=finished.pk)
    assert kept.status == EnrolmentStatus.COMPLETED and kept.completed_at is not None


@pytest.mark.parametrize("status", ["requested", "declined", "withdrawn"])
def test_only_an_active_enrolment_completes(status):
    enrolment = make_enrolment(status=status)
    do_everything(enrolment)
    assert complete_if_ready(enrolment) is False
