"""What the bench weighs, in a small size always and in the full one with ``make soak``: statements do not grow with the rows."""

from __future__ import annotations

import pytest

from benchmarks import assessment
from benchmarks.weighing import MOST_STATEMENTS, STATISTICS_SECONDS
from tests.factories.accounts import client_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("questions", "learners"),
    [(60, 40), pytest.param(assessment.QUESTIONS, assessment.LEARNERS, marks=[pytest.mark.soak, pytest.mark.postgres])],
)
def test_statistics_and_the_preview_of_a_correction_stay_within_their_statements(questions, learners, django_assert_max_num_queries):
    scene = assessment.crowd(questions, learners)
    found = assessment.steps(scene)
    assert {name: one["statements"] <= MOST_STATEMENTS for name, one in found.items()} == dict.fromkeys(found, True)
    assert found["statistics task"]["seconds"] <= STATISTICS_SECONDS * 4  # a busy machine; the bench says how long it is
    client = client_of(assessment.author())
    for name, address in assessment.pages(scene).items():
        with django_assert_max_num_queries(MOST_STATEMENTS):
            assert client.get(address).status_code == 200, name
