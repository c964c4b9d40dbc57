"""Practical work in the history: its task and rubric are kept beside the rules, told word by word, restored and rolled back."""

from __future__ import annotations

import pytest
from django.urls import reverse

from courses import editing as drafts
from courses import restoring
from courses.editing import EditingError
from courses.models import Aspect, Revision, RevisionOrigin
from quizzes import ruling
from quizzes.bank import editing
from quizzes.models import Question
from tests.factories import accounts
from tests.factories import quizzes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def course():
    return make.make_course(assignment=True)


@pytest.fixture
def quiz(course):
    return make.quiz_of(course, "M1-TUGAS")


@pytest.fixture
def admin():
    return accounts.admin()


def task(course):
    return Question.objects.select_related("current_version").get(course=course, kind="practical")


def rewritten(course, criterion="Kriteria yang baru"):
    content = dict(task(course).current_version.content)
    return content | {"rubric": [{**content["rubric"][0], "criterion": criterion}, *content["rubric"][1:]]}


def rubric(course):
    return [one["criterion"] for one in task(course).current_version.content["rubric"]]


def test_a_changed_rubric_is_told_in_the_history_of_its_assignment_and_restored(course, quiz, admin):
    before = rubric(course)
    editing.save_version(task(course), rewritten(course), by=admin)
    client = accounts.client_of(admin)
    page = client.get(reverse("courses:part_history", args=[quiz.activity_id])).content.decode()
    assert "Mengubah aturan M1-TUGAS" in page and "Rubrik:" in page and "kata ditambah" in page
    latest, first = Revision.objects.filter(activity=quiz.activity, aspect=Aspect.QUIZ)
    assert "<ins>" in client.get(reverse("courses:revision", args=[latest.pk])).content.decode()
    assert restoring.restore(first, by=admin) and not restoring.restore(first, by=admin)
    assert rubric(course) == before and task(course).current_version.number == 3
    assert Revision.objects.filter(activity=quiz.activity).first().origin == RevisionOrigin.RESTORE
    restoring.restore(latest, by=admin)
    assert rubric(course)[0] == "Kriteria yang baru"


def test_rules_and_rubric_come_back_together_as_one_revision(course, quiz, admin):
    editing.save_version(task(course), rewritten(course), by=admin)
    ruling.save(quiz, {"attempts_allowed": 5}, shown=ruling.stamp(quiz), by=admin)
    first = Revision.objects.filter(activity=quiz.activity).last()
    count = Revision.objects.filter(activity=quiz.activity).count()
    assert restoring.restore(first, by=admin)
    quiz.refresh_from_db()
    assert quiz.attempts_allowed == first.content["attempts_allowed"] and "Kriteria yang baru" not in rubric(course)
    assert Revision.objects.filter(activity=quiz.activity).count() == count + 1


def test_restoring_rules_minutes_after_changing_them_is_told_as_that_and_can_be_undone(admin):
    quiz = make.quiz_of(make.make_course())
    ruling.save(quiz, {"attempts_allowed": 5}, shown=ruling.stamp(quiz), by=admin)
    latest, first = Revision.objects.filter(activity=quiz.activity)
    assert restoring.restore(first, by=admin)
    kept = Revision.objects.filter(activity=quiz.activity)
    assert [one.origin for one in kept] == ["restore", "edit", "edit"]
    assert restoring.restore(latest, by=admin)
    quiz.refresh_from_db()
    assert quiz.attempts_allowed == 5


def test_going_back_to_a_version_brings_the_rubric_back(course, quiz, admin):
    before, module = rubric(course), quiz.activity.module
    editing.save_version(task(course), rewritten(course), by=admin)
    module.refresh_from_db()
    _module, left = drafts.restore_version(module.current_version, by=admin)
    assert left == [] and rubric(course) == before


def test_a_task_that_cannot_be_kept_any_more_is_refused_with_a_sentence_and_changes_nothing(course, quiz, admin):
    editing.save_version(task(course), rewritten(course), by=admin)
    first = Revision.objects.filter(activity=quiz.activity).last()
    Revision.objects.filter(pk=first.pk).update(
        content={**first.content, "attempts_allowed": 7, "work": {**first.content["work"], "rubric": []}}
    )
    first.refresh_from_db()
    with pytest.raises(EditingError):
        restoring.restore(first, by=admin)
    quiz.refresh_from_db()
    assert quiz.attempts_allowed != 7 and rubric(course)[0] == "Kriteria yang baru"
