"""Several questions on one page: one POST without a script saves all of it, each question by its own sequence and key."""

from __future__ import annotations

import re
import uuid

import pytest
from django.urls import reverse

from quizzes import attempts, pages
from quizzes.models import AnswerEvent
from tests.factories import quizzes as factory
from tests.factories.accounts import client_of, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt():
    return factory.start(factory.make_enrolment(factory.make_course(rules={"page_size": 5})))


@pytest.fixture
def learner(attempt):
    return client_of(attempt.enrolment.learner)


def address(attempt, number):
    return reverse("quizzes:question", args=[attempt.pk, number])


def questions(attempt):
    return {one.position: one for one in attempt.responses.select_related("question_version")}


def sent(page, answers):
    """What the browser posts: the page's hidden fields, and the answers under their prefixes."""
    fields = dict(re.findall(r'<input type="hidden" name="(s\d+-(?:kunci|urutan|dasar)|halaman)" value="([^"]*)"', page.content.decode()))
    for number, raw in answers.items():
        fields |= {f"s{number}-{name}": value for name, value in raw.items()}
    return fields


def test_a_whole_quiz_without_a_script(learner, attempt):
    rows = questions(attempt)
    page = learner.get(address(attempt, 1))
    for numbers, following in ((range(1, 6), 6), (range(6, 11), 11), (range(11, 15), None)):
        text = page.content.decode()
        assert [int(one) for one in re.findall(r'id="soal-(\d+)"', text)] == list(numbers)
        assert len(re.findall(r'\bid="([^"]+)"', text)) == len(set(re.findall(r'\bid="([^"]+)"', text)))
        page = learner.post(address(attempt, numbers[0]), sent(page, {n: factory.right(rows[n]) for n in numbers}), follow=True)
        assert page.redirect_chain[-1][0] == (address(attempt, following) if following else reverse("quizzes:review", args=[attempt.pk]))
    assert all(one.answer is not None for one in questions(attempt).values())
    assert AnswerEvent.objects.filter(was_accepted=True).count() == 14
    assert attempts.submit(attempt, by=attempt.enrolment.learner).score == 1


def test_a_question_in_the_middle_leads_to_its_page(learner, attempt):
    answer = learner.get(address(attempt, 8))
    assert answer.url == f"{address(attempt, 6)}#soal-8"
    assert pages.first_of(attempt, 14) == 11 and list(pages.places(attempt, 11)) == [11, 12, 13, 14]


def test_a_blank_question_stays_blank_and_the_rest_is_saved(learner, attempt):
    rows = questions(attempt)
    learner.post(address(attempt, 1), sent(learner.get(address(attempt, 1)), {n: factory.right(rows[n]) for n in (1, 3)}))
    kinds = {n: rows[n].question_version.kind for n in range(1, 6)}
    given = {n for n, one in questions(attempt).items() if one.answer is not None}
    assert {1, 3} <= given <= {1, 3, *(n for n, kind in kinds.items() if kind == "ordering")}


def test_one_damaged_question_is_told_and_the_others_are_saved(learner, attempt):
    rows = questions(attempt)
    number = next(n for n in range(1, 15) if rows[n].question_version.kind == "single")
    first = pages.first_of(attempt, number)
    fields = sent(learner.get(address(attempt, first)), {n: factory.right(rows[n]) for n in pages.places(attempt, first)})
    page = learner.post(address(attempt, first), fields | {f"s{number}-j": "zz"})
    assert page.status_code == 422
    assert f"Soal {number}: Pilihan ini tidak ada" in page.content.decode()
    now = questions(attempt)
    assert now[number].answer is None
    assert all(now[n].answer is not None for n in pages.places(attempt, first) if n != number)


def test_a_page_that_is_out_of_date_overwrites_nothing(learner, attempt):
    rows = questions(attempt)
    number = next(n for n in range(1, 15) if rows[n].question_version.kind == "single")
    first = pages.first_of(attempt, number)
    old = sent(learner.get(address(attempt, first)), {n: factory.wrong(rows[n]) for n in pages.places(attempt, first)})
    attempts.save_answer(attempt.enrolment.learner, attempt.pk, number, factory.right(rows[number]), sequence=1, key=uuid.uuid4().hex)
    kept = questions(attempt)[number].answer
    page = learner.post(address(attempt, first), old)
    assert page.status_code == 409 and f"Soal {number}: ada jawaban yang lebih baru" in page.content.decode()
    assert questions(attempt)[number].answer == kept
    again = learner.post(address(attempt, first), old)
    assert again.status_code == 409 and questions(attempt)[number].answer == kept


def test_a_script_saves_one_question_at_its_own_address(learner, attempt):
    one = questions(attempt)[3]
    told = learner.post(
        address(attempt, 3), {"urutan": 1, "dasar": 0, "kunci": uuid.uuid4().hex} | factory.right(one), HTTP_ACCEPT="application/json"
    )
    assert told.status_code == 200 and questions(attempt)[3].answer is not None


def test_foreign_pages_are_absent_and_a_closed_one_leads_to_its_result(learner, attempt):
    fields = sent(learner.get(address(attempt, 1)), {})
    assert client_of(person()).post(address(attempt, 1), fields).status_code == 404
    assert learner.post(address(attempt, 1), {"halaman": "1"}).status_code == 422
    attempts.submit(attempt, by=attempt.enrolment.learner)
    assert learner.post(address(attempt, 1), fields).url == reverse("quizzes:result", args=[attempt.pk])


def test_the_key_of_no_question_is_on_the_page(learner, attempt):
    for number in (1, 6, 11):
        assert "Penjelasan rahasia" not in learner.get(address(attempt, number)).content.decode()
