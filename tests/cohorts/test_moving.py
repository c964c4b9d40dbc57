"""Moving a running cohort to a newer version: the consequences first, nobody's progress touched, one entry, letters if wanted."""

from __future__ import annotations

import pytest
from django.urls import reverse

from audit.models import Entry
from cohorts import completion, moving, publication, structure
from cohorts.models import Cohort, CohortKind, CohortStatus, Progress
from cohorts.moving import MovingError
from courses.models import ActivityKind, FrozenLesson, Version
from notifications.models import Message
from tests.factories.accounts import admin, client_of
from tests.factories.cohorts import do_everything, make_activity, make_cohort, make_enrolment, make_progress, pin, publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def cohort():
    return pin(make_cohort(kind=CohortKind.SCHEDULED))


@pytest.fixture
def newer(cohort):
    """Module 1 was published again: one lesson more, one fewer, one with other words."""
    module = cohort.course.modules.get(code="M1")
    make_activity(cohort.course, module, ActivityKind.LESSON, "M1.3", "Pelajaran baru", 3, 30)
    rows = [one for one in module.activities.order_by("position") if one.code != "M1.2"]
    version = publish(module, rows)
    FrozenLesson.objects.filter(version=version, activity__code="M1.1").update(body="Tulisan lain.", html="<p>Tulisan lain.</p>")
    return version


def held(cohort: Cohort, version: Version) -> Version:
    return cohort.cohort_modules.get(module=version.module_id).version


def address(cohort: Cohort, version: Version) -> str:
    return reverse("cohorts:move_module", args=[cohort.pk, version.module_id])


def form(**fields: str) -> dict[str, str]:
    return {"held": "1", "new": "2", "note": "", **fields}


def text(answer) -> str:
    return answer.content.decode()


def test_the_consequences_name_what_is_new_gone_and_changed_and_who_is_in_the_middle(cohort, newer):
    first, second = make_enrolment(cohort), make_enrolment(cohort)
    make_progress(first, "M1.2")
    make_progress(second, "M1.1", state="started")
    found = moving.consequences(cohort, held(cohort, newer), newer)
    assert (found.people, found.new, [one.split()[0] for one in found.gone]) == (2, ["M1.3 Pelajaran baru"], ["M1.2"])
    assert [one.split()[0] for one in found.changed] == ["M1.1"]
    assert (found.in_the_middle, found.done_and_gone) == (1, 1)


def test_a_cohort_is_moved_from_its_page_and_keeps_everything_that_was_earned(cohort, newer):
    enrolment = make_enrolment(cohort)
    make_progress(enrolment, "M1.1")
    make_progress(enrolment, "M1.2")
    earned = list(Progress.objects.order_by("pk").values())
    client = client_of(admin())
    assert "versi 2 sudah terbit" in text(client.get(reverse("cohorts:versions", args=[cohort.pk])))
    page = text(client.get(address(cohort, newer)))
    assert "Pelajaran baru" in page and "tidak pernah berkurang" in page and "<ins>" in page
    assert "M1.3" not in [step.code for step in structure.of_cohort(cohort).steps()]  # looking changes nothing
    assert client.post(address(cohort, newer), form()).status_code == 302
    assert "M1.3" in [step.code for step in structure.of_cohort(Cohort.objects.get(pk=cohort.pk)).steps()]
    assert list(Progress.objects.order_by("pk").values()) == earned
    assert Entry.objects.get(action="cohort.module_moved").details == {"module": newer.module_id, "old": 1, "new": 2}
    assert not Message.objects.filter(kind="module_moved").exists()
    assert client.post(address(cohort, newer), form()).status_code == 422
    assert Entry.objects.filter(action="cohort.module_moved").count() == 1


def test_nothing_that_was_met_is_unmet_after_a_move(cohort, newer):
    """Promise 11: what the learner had done stays done, and lessons that came after the handed-in quiz are not asked."""
    enrolment = make_enrolment(cohort)
    do_everything(enrolment)
    met = {one.code for one in completion.checklist(enrolment) if one.met}
    moving.move(cohort, newer, held=held(cohort, newer), by=admin())
    fresh = type(enrolment).objects.get(pk=enrolment.pk)
    assert met and met <= {one.code for one in completion.checklist(fresh) if one.met}
    assert set(fresh.progress.values_list("state", flat=True)) == {"completed"}


def test_the_learners_are_told_once_if_wanted(cohort, newer):
    enrolments = [make_enrolment(cohort) for _ in range(2)]
    client = client_of(admin())
    client.post(address(cohort, newer), form(tell="on", note="Baca M1.3 lebih dulu."))
    letters = Message.objects.filter(kind="module_moved")
    assert {one.recipient for one in letters} == {one.learner for one in enrolments}
    assert letters[0].context["note"] == "Baca M1.3 lebih dulu." and "Bertambah: M1.3 Pelajaran baru." in letters[0].context["lines"]


@pytest.mark.parametrize(
    "fields",
    [
        {"held": "2", "new": "1"},
        {"held": "1", "new": "1"},
        {"held": "9"},
        {"new": "9"},
        {"held": ""},
        {"new": "x"},
        {"new": "9" * 30},
        {"note": "x" * 10**6},
    ],
)
def test_what_makes_no_sense_is_refused_and_moves_nothing(cohort, newer, fields):
    assert client_of(admin()).post(address(cohort, newer), form(**fields)).status_code == 422
    assert held(cohort, newer).number == 1 and not Entry.objects.filter(action="cohort.module_moved").exists()


def test_a_closed_cohort_stays_as_it_was(cohort, newer):
    Cohort.objects.filter(pk=cohort.pk).update(status=CohortStatus.CLOSED)
    with pytest.raises(MovingError, match="ditutup"):
        moving.move(Cohort.objects.get(pk=cohort.pk), newer, held=held(cohort, newer), by=admin())


def test_no_module_moves_to_another_modules_version(cohort, newer):
    other = cohort.course.modules.get(code="M2").current_version
    with pytest.raises(MovingError, match="modul lain"):
        moving.move(cohort, other, held=held(cohort, newer), by=admin())


def test_the_programme_moves_too(cohort):
    course = cohort.course
    old = cohort.course_version
    new = publish(course, list(course.activities.filter(module=None).order_by("position")))
    client = client_of(admin())
    assert client.get(reverse("cohorts:move_programme", args=[cohort.pk])).status_code == 200
    assert client.post(reverse("cohorts:move_programme", args=[cohort.pk]), form()).status_code == 302
    cohort.refresh_from_db()
    assert cohort.course_version == new != old
    assert Entry.objects.get(action="cohort.programme_moved").details == {"old": 1, "new": 2}


def test_another_courses_or_an_absent_module_is_404(cohort, newer):
    other = make_cohort().course.modules.first()
    client = client_of(admin())
    for module in (other.pk, 999_999):
        assert client.get(reverse("cohorts:move_module", args=[cohort.pk, module])).status_code == 404


@pytest.mark.concurrency
def test_moved_by_many_at_once_it_is_moved_once(cohort, newer, in_parallel):
    old, boss = held(cohort, newer), admin()
    make_enrolment(cohort)
    found = in_parallel(6, lambda n: moving.move(Cohort.objects.get(pk=cohort.pk), newer, held=old, by=boss, tell=True))
    assert sum(one is None for one in found) == 1
    assert Entry.objects.filter(action="cohort.module_moved").count() == 1 and Message.objects.filter(kind="module_moved").count() == 1


# --- whom a publication reaches ---------------------------------------------------------------------------------------
def test_each_cohort_has_a_row_with_now_and_after(cohort, newer):
    make_enrolment(cohort)
    follows = make_cohort(cohort.course, name="Mandiri")
    for _ in range(2):
        make_progress(make_enrolment(follows), "M1.1", state="started")
    planned = make_cohort(cohort.course, kind=CohortKind.SCHEDULED, status=CohortStatus.PLANNED)
    module = newer.module
    module.refresh_from_db()
    changed = {module.activities.get(code="M1.1").pk}
    rows = {row.name: row for row in publication.reach(module, changed)}
    assert (rows[cohort.name].people, rows[cohort.name].after, rows[cohort.name].stays) == (1, "Tetap di versi 1", True)
    mine = rows["Mandiri"]
    assert (mine.people, mine.in_the_middle, mine.after, mine.stays) == (2, 2, "Langsung memakai versi 3", False)
    assert rows[planned.name].after == "Mulai dengan versi 3" and not rows[planned.name].is_running


@pytest.mark.parametrize("n", [1, 3])
def test_the_rows_cost_the_same_for_any_number_of_cohorts(n, django_assert_num_queries):
    cohort = make_cohort()
    for _ in range(n - 1):
        make_cohort(cohort.course)
    module = cohort.course.modules.select_related("current_version").first()
    with django_assert_num_queries(4):
        assert len(publication.reach(module, {1})) == n
