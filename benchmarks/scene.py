"""Lays out what ``make bench`` visits: learners at the right place, a quiz of 10 and one of 100, cohorts of 50 and 5,000.

Runs in a process of its own on the bench's database and prints one JSON object: cookies and addresses.
"""

from __future__ import annotations

import json
import os

os.environ["DJANGO_SETTINGS_MODULE"] = "linimasa.settings"

import django

django.setup()

import secrets  # noqa: E402
import statistics  # noqa: E402
import sys  # noqa: E402
import time  # noqa: E402
from datetime import timedelta  # noqa: E402
from typing import Any  # noqa: E402

from allauth.account.models import EmailAddress  # noqa: E402
from django.contrib.auth.hashers import make_password  # noqa: E402
from django.db import transaction  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from accounts.models import Agency, AgencyKind, Role, RoleGrant, User  # noqa: E402
from benchmarks.seats import cookies  # noqa: E402
from certificates import issuing, pdf  # noqa: E402
from cohorts import progress  # noqa: E402
from cohorts.models import Cohort, CohortModule, Enrolment, Progress, ProgressState  # noqa: E402
from courses import publishing  # noqa: E402
from courses.models import Activity, ActivityKind, Course  # noqa: E402
from quizzes.models import Attempt, QuestionVersion, Quiz, Response  # noqa: E402

PASSWORD = "tiga kuda menyeberang sungai"
course = Course.objects.get(slug="lini-masa")
first = course.modules.order_by("position").first()
assert first is not None
agency = Agency.objects.filter(kind=AgencyKind.COMMUNICATIONS).order_by("pk").first()
hashed = make_password(PASSWORD)


def person(name: str) -> User:
    made = User.objects.create(
        email=f"{name}@bench.go.id", password=hashed, name=f"Bench {name}", employment_status="non_asn", agency=agency, position="Staf"
    )
    EmailAddress.objects.create(user=made, email=made.email, verified=True, primary=True)
    return made


def enrol(user: User, cohort: Cohort) -> Enrolment:
    return Enrolment.objects.create(
        cohort=cohort, course=course, learner=user, agency=agency, status="active", joined_by="domain", joined_at=timezone.now()
    )


def up_to_the_quiz(enrolment: Enrolment) -> None:
    """Everything before the first module's quiz is done."""
    assert first is not None
    own = Activity.objects.filter(course=course, module=None, archived_at=None).exclude(code__in=["TES-AKHIR", "PENUTUP"])
    for activity in [*own, *Activity.objects.filter(module=first, kind=ActivityKind.LESSON, archived_at=None)]:
        progress.record(enrolment, activity, state=ProgressState.COMPLETED, points=1)


def quiz_of_ten() -> Quiz:
    """The first module's quiz draws ten, published."""
    quiz = Quiz.objects.get(activity__module=first, purpose="module")
    quiz.draw = [{**quiz.draw[0], "count": 10}]
    quiz.save()
    publishing.publish_module(first, by=None, note="Ukuran")
    return quiz


def long_attempt(enrolment: Enrolment, quiz: Quiz, size: int) -> int:
    """An open attempt with that many single-choice questions."""
    source = QuestionVersion.objects.filter(kind="single").first()
    assert source is not None
    number = 1000
    attempt = Attempt.objects.create(
        enrolment=enrolment,
        quiz=quiz,
        number=1,
        seed="a" * 32,
        rules={**quiz_rules(quiz), "questions": size},
    )
    versions = QuestionVersion.objects.bulk_create(
        QuestionVersion(question=source.question, number=number + size * 10 + turn, kind=source.kind, content=source.content)
        for turn in range(size)
    )
    from quizzes.kinds import kind_of

    Response.objects.bulk_create(
        Response(attempt=attempt, question_version=version, position=position, order=kind_of(version).shuffle(f"{position}"))
        for position, version in enumerate(versions, 1)
    )
    return attempt.pk


def quiz_rules(quiz: Quiz) -> dict[str, Any]:
    """The frozen rules as an attempt pins them: taken from one that was started in earnest."""
    from quizzes import attempts

    probe = enrol(person(f"probe{secrets.token_hex(4)}"), self_paced)
    up_to_the_quiz(probe)
    return attempts.start(probe, quiz).rules


def crowd(size: int) -> dict[str, Any]:
    """A scheduled cohort of that many, with a trainer; every learner has begun."""
    now = timezone.now()
    cohort = Cohort.objects.create(
        course=course,
        name=f"Angkatan {size}",
        code=f"BENCH-{size}",
        kind="scheduled",
        status="open",
        starts_at=now - timedelta(days=3),
        ends_at=now + timedelta(days=30),
    )
    CohortModule.objects.bulk_create(
        CohortModule(cohort=cohort, module=module) for module in course.modules.filter(archived_at=None, is_optional=False)
    )
    users = User.objects.bulk_create(
        User(
            email=f"c{size}-{number}@bench.go.id",
            password="!",
            name=f"Peserta {number}",
            agency=agency,
            position="Staf",
            employment_status="non_asn",
        )
        for number in range(size)
    )
    enrolments = Enrolment.objects.bulk_create(
        Enrolment(cohort=cohort, course=course, learner=user, agency=agency, status="active", joined_by="domain", joined_at=now)
        for user in users
    )
    lessons = list(Activity.objects.filter(course=course, kind=ActivityKind.LESSON, archived_at=None)[:4])
    Progress.objects.bulk_create(
        (Progress(enrolment=one, activity=lesson, state="completed", completed_at=now) for one in enrolments for lesson in lessons),
        batch_size=2000,
    )
    trainer = person(f"trainer{size}")
    trainer.needs_second_factor = True
    trainer.save()
    RoleGrant.objects.create(person=trainer, role=Role.TRAINER, scope_kind="cohort", scope_id=str(cohort.pk))
    up_to_the_quiz(enrolments[0])
    return {
        "learner": cookies(users[0]),
        "trainer": cookies(trainer, proven=True),
        "cohort": reverse("cohorts:cohort", args=[cohort.pk]),
    }


def certificate() -> tuple[dict[str, Any], float]:
    """A certificate that was really issued, and CPU ms of drawing its paper once the drawer is warm."""
    from cohorts.completion import complete_if_ready

    enrolment = enrol(person("graduate"), self_paced)
    for activity in Activity.objects.filter(course=course, archived_at=None):
        with transaction.atomic():
            progress.record(enrolment, activity, state=ProgressState.COMPLETED, points=1)
    complete_if_ready(enrolment)
    enrolment.refresh_from_db()
    issued = issuing.issue(enrolment)
    pdf.render(issued.snapshot)
    taken = []
    for _ in range(10):
        before = time.process_time()
        pdf.render(issued.snapshot)
        taken.append((time.process_time() - before) * 1000)
    return {"verify": reverse("certificates:verify_token", args=[issued.token])}, statistics.median(taken)


def optimise_statistics() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


with transaction.atomic():
    self_paced = Cohort.objects.filter(course=course, kind="self_paced").first() or Cohort.objects.create(
        course=course, name="Mandiri", code="BENCH-M", kind="self_paced", status="open"
    )
    quiz = quiz_of_ten()
    reader = enrol(person("reader"), self_paced)
    up_to_the_quiz(reader)
    savers = {}
    for size in (10, 100):
        saver = enrol(person(f"saver{size}"), self_paced)
        up_to_the_quiz(saver)
        savers[size] = {"cookies": cookies(saver.learner), "attempt": long_attempt(saver, quiz, size)}
    takers = []
    for number in range(12):
        taker = enrol(person(f"taker{number}"), self_paced)
        up_to_the_quiz(taker)
        takers.append(cookies(taker.learner))
    lesson = Activity.objects.filter(module=first, kind=ActivityKind.LESSON, archived_at=None).order_by("position").first()
    assert lesson is not None
    crowds = {size: crowd(size) for size in (50, 5000)}
    proof, pdf_ms = certificate()
    people = [person(f"signer{number}").email for number in range(80)]

author = person("author")
author.needs_second_factor = True
author.save()
RoleGrant.objects.create(person=author, role=Role.AUTHOR, scope_kind="course", scope_id=str(course.pk))
studio = {
    "studio: outline of the course": reverse("courses:studio_course", args=[course.pk]),
    "studio: lesson editor": reverse("courses:studio_lesson", args=[lesson.pk]),
    "studio: page before publishing": reverse("courses:review_module", args=[first.pk]),
    "studio: library": reverse("courses:library", args=[course.pk]),
}

optimise_statistics()
json.dump(
    {
        "reader": cookies(reader.learner),
        "lesson": reverse("cohorts:lesson", args=[course.slug, first.slug, lesson.slug]),
        "module": reverse("cohorts:module", args=[course.slug, first.slug]),
        "home": reverse("cohorts:home"),
        "savers": savers,
        "takers": takers,
        "quiz": reverse("quizzes:start", args=[quiz.activity_id]),
        "crowds": crowds,
        "author": cookies(author, proven=True),
        "studio": studio,
        "verify": proof["verify"],
        "pdf_ms": pdf_ms,
        "sign_in": reverse("account_login"),
        "people": people,
        "password": PASSWORD,
    },
    sys.stdout,
)
