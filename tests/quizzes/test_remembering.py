"""The facts of a question – level, lesson, tags – have a history of their own and come back; so does a question that left the bank."""

from __future__ import annotations

import pytest
from django.urls import reverse

from courses.models import Activity
from quizzes.bank import editing, remembering
from quizzes.models import Question
from tests.factories import accounts
from tests.factories import quizzes as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def question():
    return Question.objects.select_related("current_version", "course").filter(course=make.make_course(), kind="single").first()


@pytest.fixture
def admin():
    return accounts.admin()


def save(question, admin, **facts):
    editing.save_version(question, question.current_version.content, by=admin, facts=facts)


def versions(admin, question):
    return accounts.client_of(admin).get(reverse("quizzes:bank_versions", args=[question.pk])).content.decode()


def test_changed_facts_are_told_in_words_and_restored_once(question, admin):
    before = (question.level, question.tags)
    other = next(level for level in ("easy", "hard") if level != question.level)
    save(question, admin, level=other, tags=["sandi"])
    page = versions(admin, question)
    assert "Perubahan keterangan" in page and "Tag: kosong menjadi sandi." in page and admin.name in page
    entry = remembering.changes(question)[0].entry
    client, url = accounts.client_of(admin), reverse("quizzes:bank_versions", args=[question.pk])
    for _ in range(2):
        assert client.post(url, {"keterangan": str(entry.pk)}).status_code == 302
    question.refresh_from_db()
    assert (question.level, question.tags) == before and question.versions.count() == 1
    assert len(remembering.changes(question)) == 2


def test_a_lesson_that_is_gone_and_a_change_of_another_question_are_refused_with_a_sentence(question, admin):
    lesson = Activity.objects.filter(course=question.course, kind="lesson").exclude(pk=question.lesson_id).first()
    save(question, admin, lesson=lesson)
    save(question, admin, lesson=None)
    entry = remembering.changes(question)[0].entry
    other = Question.objects.filter(course=question.course).exclude(pk=question.pk).first()
    with pytest.raises(editing.EditingError, match="tidak tercatat"):
        remembering.restore(other, entry.pk, by=admin)
    Activity.objects.filter(pk=lesson.pk).update(course=make.courses.make_course())
    with pytest.raises(editing.EditingError, match="sudah tidak ada"):
        remembering.restore(question, entry.pk, by=admin)


@pytest.mark.parametrize("sent", ["", "x", "9" * 40, "-1", "0"])
def test_odd_words_restore_nothing(question, admin, sent):
    answer = accounts.client_of(admin).post(reverse("quizzes:bank_versions", args=[question.pk]), {"keterangan": sent})
    assert answer.status_code == 302 and not remembering.changes(question)


@pytest.mark.parametrize("n", [1, 3])
def test_it_costs_the_same_for_any_number_of_changes(question, admin, n, django_assert_num_queries):
    for number in range(n):
        save(question, admin, tags=[f"tag {number}"])
    with django_assert_num_queries(1):
        remembering.changes(question)
