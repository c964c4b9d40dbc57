"""Feedback during the attempt: a question is locked first and explained then; promise 6 holds at every step before."""

from __future__ import annotations

import json
import re
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from quizzes import attempts, checking, invariants
from quizzes.kinds import kind_of
from quizzes.models import AnswerEvent, Attempt, GradeEvent, Response
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of, person

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}
FRAGMENT = {"HTTP_X_REQUESTED_WITH": "fragment"}


@pytest.fixture
def attempt():
    return factory.start(factory.make_enrolment(factory.make_course(rules={"feedback": "during"})))


@pytest.fixture
def learner(attempt):
    return client_of(attempt.enrolment.learner)


def questions(attempt):
    return list(attempt.responses.select_related("question_version").order_by("position"))


def address(one):
    return reverse("quizzes:question", args=[one.attempt_id, one.position])


def post(client, one, raw, **extra):
    one.refresh_from_db()
    fields = {"urutan": one.sequence + 1, "dasar": one.sequence, "kunci": uuid.uuid4().hex}
    return client.post(address(one), fields | raw, **extra)


def secret(one):
    """What this question's page may not hold before it is checked: its explanation."""
    return one.question_version.content["feedback"]


def test_each_kind_shows_its_key_only_after_it_is_locked(learner, attempt):
    for one in questions(attempt):
        seen = [learner.get(address(one)).content.decode()]
        seen.append(post(learner, one, factory.wrong(one), **JSON).content.decode())
        seen.append(post(learner, one, {"periksa": "1"}).content.decode())  # blank: refused, not explained
        seen.append(learner.get(address(one)).content.decode())
        assert all(secret(one) not in page for page in seen)
        one.refresh_from_db()
        assert one.checked_at is None
        page = post(learner, one, factory.right(one) | {"periksa": "1"}, follow=True)
        assert secret(one) in page.content.decode()
        assert page.redirect_chain[-1][0] == address(one)
        one.refresh_from_db()
        assert one.checked_at is not None and kind_of(one.question_version).points(one.answer) == 1
        others = [other for other in questions(attempt) if other.checked_at is None]
        assert all(secret(other) not in learner.get(address(other)).content.decode() for other in others[:2])
    assert invariants.nothing_accepted_after_its_key_was_shown() == []


def test_what_is_locked_does_not_change_by_any_way(learner, attempt):
    one = next(one for one in questions(attempt) if one.question_version.kind == "single")
    post(learner, one, factory.wrong(one) | {"periksa": "1"})
    one.refresh_from_db()
    kept = (one.answer, one.sequence)
    told = post(learner, one, factory.right(one), **JSON)
    assert told.status_code == 409 and json.loads(told.content)["sentence"] == attempts.CHECKED
    assert json.loads(told.content)["saved"] is False
    post(learner, one, factory.right(one) | {"periksa": "1"})
    post(learner, one, factory.right(one), **FRAGMENT)
    saved = attempts.save_answer(
        attempt.enrolment.learner, attempt.pk, one.position, factory.right(one), sequence=999_000, key=uuid.uuid4().hex
    )
    assert not saved.accepted
    one.refresh_from_db()
    assert (one.answer, one.sequence) == kept
    assert AnswerEvent.objects.filter(response=one, was_accepted=True).count() == 1
    assert AnswerEvent.objects.filter(response=one, was_accepted=False).count() == 4
    assert invariants.nothing_accepted_after_its_key_was_shown() == []


def test_by_fragments_the_same_question_comes_back_explained(learner, attempt):
    one = questions(attempt)[0]
    answer = post(learner, one, factory.right(one) | {"periksa": "1"}, **FRAGMENT)
    assert (answer.status_code, answer["X-Address"]) == (200, address(one))
    text = answer.content.decode()
    assert secret(one) in text and "terkunci" in text
    assert re.search(rf'href="/kuis/{attempt.pk}/2/">Lanjut', text)
    assert 'name="j"' not in text and "Simpan dan lanjut" not in text


def test_a_checked_answer_counts_as_it_was(learner, attempt):
    first, *rest = questions(attempt)
    post(learner, first, factory.right(first) | {"periksa": "1"})
    assert not GradeEvent.objects.exists() and Response.objects.get(pk=first.pk).points is None
    closed = attempts.submit(attempt, by=attempt.enrolment.learner)
    first.refresh_from_db()
    assert first.points == 1
    assert attempts.submit(closed, by=attempt.enrolment.learner).score == closed.score
    assert "Penjelasan rahasia" in learner.get(reverse("quizzes:result", args=[attempt.pk])).content.decode()
    assert rest


@pytest.mark.parametrize("rule", ["after_submit", "after_close", "never"])
def test_under_every_other_rule_the_button_does_nothing(rule):
    attempt = factory.start(factory.make_enrolment(factory.make_course(rules={"feedback": rule})))
    client, one = client_of(attempt.enrolment.learner), questions(attempt)[0]
    assert "Periksa" not in client.get(address(one)).content.decode()
    page = post(client, one, factory.right(one) | {"periksa": "1"}, follow=True)
    one.refresh_from_db()
    assert one.checked_at is None
    assert secret(one) not in page.content.decode()


def test_the_question_of_another_is_absent_and_a_closed_one_is_not_locked(attempt):
    one = questions(attempt)[0]
    assert post(client_of(person()), one, factory.right(one) | {"periksa": "1"}).status_code == 404
    attempts.submit(attempt, by=attempt.enrolment.learner)
    assert checking.check(attempt.enrolment.learner, attempt.pk, 1).checked_at is None


def test_it_is_noted_once(learner, attempt):
    one = questions(attempt)[0]
    for _ in range(2):
        post(learner, one, factory.right(one) | {"periksa": "1"})
    assert attempt.events.filter(kind="checked").count() == 1


def test_a_version_that_holds_its_marks_explains_nothing_although_it_says_during(learner, attempt):
    """Such rules are refused when they are written; versions that were published before that still hold them."""
    Attempt.objects.filter(pk=attempt.pk).update(rules=attempt.rules | {"release": "held"})
    pages = [learner.get(reverse("quizzes:start", args=[attempt.quiz.activity_id]))]
    for one in questions(attempt):
        pages += [learner.get(address(one)), post(learner, one, factory.wrong(one), **JSON)]
        pages += [post(learner, one, factory.wrong(one) | {"periksa": "1"}), learner.get(address(one))]
        assert Response.objects.get(pk=one.pk).checked_at is None
    Response.objects.filter(attempt=attempt).update(checked_at=timezone.now())  # locked by a process of before
    pages += [learner.get(address(one)) for one in questions(attempt)]
    attempts.submit(attempt, by=attempt.enrolment.learner)
    pages.append(learner.get(reverse("quizzes:result", args=[attempt.pk])))
    told = [page.content.decode() for page in pages]
    for one in questions(attempt):
        assert all(secret(one) not in page for page in told)
    assert all("Tekan Periksa" not in page and 'name="periksa"' not in page for page in told)
    assert "menunggu pengumuman" in told[-1] and "Belum tepat" not in told[-1]
