"""What opens after what, and what a new version asks of whom."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from cohorts import learning, structure
from cohorts.models import Cohort, CohortKind, CohortStatus, Deadline
from cohorts.unlocking import locked_reason
from courses.models import Activity, ActivityKind
from tests.factories.cohorts import activity_of, make_activity, make_cohort, make_enrolment, make_progress, pin, publish

pytestmark = pytest.mark.django_db


def open_codes(enrolment) -> list[str]:
    """Codes of everything that is open, in order."""
    return [s.step.code for s in learning.place_of(enrolment).steps if s.locked is None]


def done(enrolment, *codes: str, state: str = "completed", points: float = 0.9) -> None:
    for code in codes:
        make_progress(enrolment, code, state=state, points=None if "." in code or code in {"ORIENTASI", "PENUTUP"} else points)


M1 = ("M1.1", "M1.2")
BEFORE = ("ORIENTASI", "TES-AWAL")


@pytest.mark.parametrize(
    ("finished", "opened"),
    [
        ((), "ORIENTASI"),
        (("ORIENTASI",), "TES-AWAL"),
        (BEFORE, "M1.1"),
        ((*BEFORE, "M1.1"), "M1.2"),
        ((*BEFORE, *M1), "M1-KUIS"),
        ((*BEFORE, *M1, "M1-KUIS"), "M1-TUGAS"),
        ((*BEFORE, *M1, "M1-KUIS", "M1-TUGAS"), "M2.1"),
    ],
)
def test_the_next_thing_opens_when_what_comes_before_is_behind(finished, opened):
    enrolment = make_enrolment()
    done(enrolment, *finished)
    assert open_codes(enrolment) == [*finished, opened]


@pytest.mark.parametrize("state", ["submitted", "returned", "failed", "completed"])
def test_an_assignment_handed_in_opens_the_next_module(state):
    enrolment = make_enrolment()
    done(enrolment, *BEFORE, *M1, "M1-KUIS")
    assert "M2.1" not in open_codes(enrolment)
    done(enrolment, "M1-TUGAS", state=state)
    assert "M2.1" in open_codes(enrolment)


@pytest.mark.parametrize(("state", "opens"), [("started", False), ("failed", True), ("completed", True)])
def test_a_quiz_holds_up_its_assignment_until_passed_or_used_up(state, opens):
    enrolment = make_enrolment()
    done(enrolment, *BEFORE, *M1)
    done(enrolment, "M1-KUIS", state=state, points=0.4)
    assert ("M1-TUGAS" in open_codes(enrolment)) is opens


def test_the_post_test_opens_after_the_core_and_the_optional_module_never_blocks():
    enrolment = make_enrolment()
    done(enrolment, *BEFORE, *(f"M{n}{part}" for n in (1, 2, 3) for part in (".1", ".2", "-KUIS", "-TUGAS")))
    assert {"M4.1", "TES-AKHIR"} <= set(open_codes(enrolment))
    assert not {"M4.2", "PENUTUP"} & set(open_codes(enrolment))
    done(enrolment, "TES-AKHIR")
    assert "PENUTUP" in open_codes(enrolment)


def test_the_reason_says_what_comes_first_and_leads_there():
    enrolment = make_enrolment()
    problem = locked_reason(enrolment, activity_of(enrolment.course, "M1.1"))
    assert problem is not None
    assert (problem.code, problem.url) == ("locked", structure.of(enrolment).by_activity[activity_of(enrolment.course, "ORIENTASI").pk].url)
    assert "Orientasi" in problem.sentence
    assert locked_reason(enrolment, activity_of(enrolment.course, "ORIENTASI").pk) is None


def test_an_activity_that_the_course_does_not_show_is_locked():
    enrolment = make_enrolment()
    other = make_activity(enrolment.course, None, ActivityKind.LESSON, "LAIN", "Lain", 99, 5)
    problem = locked_reason(enrolment, other)
    assert problem is not None and problem.code == "not_in_version"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"status": CohortStatus.CLOSED}, "cohort_closed"),
        ({"status": CohortStatus.PLANNED}, "cohort_not_started"),
        ({"starts_at": timedelta(days=2), "ends_at": timedelta(days=9)}, "cohort_not_started"),
    ],
)
def test_the_cohorts_dates_hold(fields, code):
    moments = {key: timezone.now() + value if isinstance(value, timedelta) else value for key, value in fields.items()}
    enrolment = make_enrolment(make_cohort(kind=CohortKind.SCHEDULED, **moments))
    problem = locked_reason(enrolment, activity_of(enrolment.course, "ORIENTASI"))
    assert problem is not None and problem.code == code


def test_in_a_closed_cohort_what_was_read_stays_readable_but_nothing_is_handed_in():
    cohort = make_cohort()
    enrolment = make_enrolment(cohort)
    done(enrolment, "ORIENTASI")
    done(enrolment, "TES-AWAL", state="started")
    Cohort.objects.filter(pk=cohort.pk).update(status=CohortStatus.CLOSED)
    enrolment.refresh_from_db()
    assert locked_reason(enrolment, activity_of(enrolment.course, "ORIENTASI")) is None
    assert locked_reason(enrolment, activity_of(enrolment.course, "TES-AWAL")).code == "cohort_closed"


def test_an_activity_opens_at_its_own_time():
    cohort = make_cohort()
    enrolment = make_enrolment(cohort)
    first = activity_of(cohort.course, "ORIENTASI")
    Deadline.objects.create(cohort=cohort, activity=first, opens_at=timezone.now() + timedelta(days=1))
    assert locked_reason(enrolment, first).code == "not_open_yet"
    assert "WIB" in locked_reason(enrolment, first).sentence


# --- versions ---------------------------------------------------------------------------------------------------------
def with_new_lesson(course) -> Activity:
    """Module 1 published again with a third lesson."""
    module = course.modules.get(code="M1")
    added = make_activity(course, module, ActivityKind.LESSON, "M1.3", "Pelajaran baru", 3, 30)
    publish(module, sorted(module.activities.all(), key=lambda a: a.position))
    return added


def test_a_new_lesson_is_asked_of_those_who_have_not_handed_in_yet():
    enrolment = make_enrolment()
    done(enrolment, *BEFORE, *M1)
    assert "M1-KUIS" in open_codes(enrolment)
    with_new_lesson(enrolment.course)
    enrolment.refresh_from_db()
    assert "M1.3" in open_codes(enrolment) and "M1-KUIS" not in open_codes(enrolment)


@pytest.mark.parametrize("handed_in", [("M1-KUIS",), ("M1-KUIS", "M1-TUGAS")])
def test_a_new_lesson_takes_nothing_from_those_who_handed_in(handed_in):
    enrolment = make_enrolment()
    done(enrolment, *BEFORE, *M1, *handed_in)
    before = open_codes(enrolment)
    with_new_lesson(enrolment.course)
    enrolment.refresh_from_db()
    place = learning.place_of(enrolment)
    assert set(before) <= set(open_codes(enrolment))
    assert place.by_activity[activity_of(enrolment.course, "M1.3").pk].waived is True


def test_a_lesson_that_leaves_is_no_longer_asked():
    enrolment = make_enrolment()
    done(enrolment, *BEFORE, "M1.1")
    module = enrolment.course.modules.get(code="M1")
    publish(module, [a for a in module.activities.order_by("position") if a.code != "M1.2"])
    enrolment.refresh_from_db()
    assert "M1-KUIS" in open_codes(enrolment)


def test_a_pinned_cohort_stays_with_its_versions_and_a_self_paced_one_follows():
    pinned = make_cohort(kind=CohortKind.SCHEDULED)
    pin(pinned)
    follows = make_cohort(pinned.course)
    with_new_lesson(pinned.course)
    assert "M1.3" not in [s.code for s in structure.of_cohort(pinned).steps()]
    assert "M1.3" in [s.code for s in structure.of_cohort(follows).steps()]
    assert "M1.3" in [s.code for s in structure.of(make_enrolment(follows)).steps()]


def test_the_structure_is_ready_after_the_first_time(django_assert_num_queries):
    enrolment = make_enrolment()
    structure.of(enrolment)
    loaded = type(enrolment).objects.with_stamp().get(pk=enrolment.pk)
    with django_assert_num_queries(0):
        assert structure.of(loaded) is structure.of(loaded)
