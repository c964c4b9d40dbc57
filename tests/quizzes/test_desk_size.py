"""The desk with three hundred submissions: as many statements as with three, and quickly."""

from __future__ import annotations

import time

import pytest
from django.utils import timezone

from cohorts.models import Enrolment
from quizzes import claiming, waiting
from quizzes.models import Attempt, AttemptStatus, Response
from tests.factories.accounts import agency, client_of, person
from tests.quizzes.test_grading import handed_in, trainer_of

pytestmark = pytest.mark.django_db
MANY = 300


def test_three_hundred_submissions_cost_what_three_cost(django_assert_num_queries) -> None:
    work = handed_in()
    office, version = agency(), work.responses.get().question_version
    people = [person(agency=office) for _ in range(MANY)]
    base = work.enrolment
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(
            cohort=base.cohort,
            course=base.course,
            learner=one,
            agency=office,
            status=base.status,
            joined_at=base.joined_at,
            joined_by=base.joined_by,
        )
        for one in people
    )
    attempts = Attempt.objects.bulk_create(
        Attempt(
            enrolment=one,
            quiz=work.quiz,
            number=1,
            status=AttemptStatus.SUBMITTED,
            rules=work.rules,
            seed=f"{number:032x}",
            submitted_at=timezone.now(),
        )
        for number, one in enumerate(enrolments)
    )
    Response.objects.bulk_create(Response(attempt=one, question_version=version, position=1, answer={"text": "Isi."}) for one in attempts)
    trainer = trainer_of(work)
    client = client_of(trainer)
    client.get("/nilai/")
    begun = time.monotonic()
    with django_assert_num_queries(10):
        page = client.get("/nilai/").content.decode()
    assert f"{MANY + 1} menunggu penilaian" in page and page.count("Dinas Kominfo") >= 20
    assert time.monotonic() - begun < 5
    with django_assert_num_queries(4 + 2):  # and the edges of its transaction
        claiming.claim_all(attempts, by=trainer)
    assert waiting.next_free(trainer_of(work)) == work
