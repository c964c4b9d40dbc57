"""What a person takes away of their own attempts gives no key away."""

from __future__ import annotations

import pytest

from quizzes import own_data
from tests.factories import quizzes as factory


@pytest.mark.django_db
def test_the_own_data_tell_answers_in_words_and_never_by_their_places_in_the_bank():
    attempt = factory.start(factory.make_enrolment(factory.make_course(copies=1, rules={"draw": [{"module": "M1", "count": 7}]})))
    factory.answer_all(attempt)
    told = {one["soal"]: one["jawaban"] for one in own_data.attempts_of(attempt.enrolment.learner)[0]["jawaban"]}
    ordering = attempt.responses.select_related("question_version__question").get(question_version__kind="ordering")
    words = told[ordering.question_version.question.code]
    assert words.startswith("1. " + ordering.question_version.content["order"][ordering.answer[0]])
    assert all(one is None or isinstance(one, str) for one in told.values())
