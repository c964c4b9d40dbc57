"""A bank of 10,000 questions and a quiz that 20,000 learners took: what list, statistics and the preview of a correction cost.

Runs in a process of its own on the bench's database and prints one JSON object: for each step its seconds and statements, and
cookies with addresses of the pages that are measured over the wire. ``make bench ARGS="--only assessment"`` does this alone.
"""

from __future__ import annotations

import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linimasa.settings")

import django

django.setup()  # before the models below can be imported

from django.db import connection, transaction  # noqa: E402
from django.urls import reverse  # noqa: E402

from accounts.models import Role, RoleGrant, User  # noqa: E402
from benchmarks.seats import cookies  # noqa: E402
from courses.models import ActivityKind  # noqa: E402
from quizzes.correcting import deciding, impact  # noqa: E402
from quizzes.measuring import reports  # noqa: E402
from quizzes.models import CorrectionChoice, QuestionVersion, Quiz  # noqa: E402
from tests.factories import cohorts, courses, quizzes, statistics  # noqa: E402

QUESTIONS, LEARNERS, ASKED = 10_000, 20_000, 20


def counted(act: Callable[[], Any]) -> dict[str, Any]:
    """Seconds and statements of one act."""
    told: list[str] = []

    def count(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        told.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        began = time.perf_counter()
        act()
        return {"seconds": time.perf_counter() - began, "statements": len(told)}


def crowd(questions: int = QUESTIONS, learners: int = LEARNERS, asked: int = ASKED) -> statistics.Scene:
    """The bank, and a quiz of that many of its questions that every learner of one cohort took."""
    course = quizzes.bank_of(questions)
    module = course.modules.get(code="M1")
    activity = courses.make_activity(module, kind=ActivityKind.QUIZ, code="M1-KUIS", slug="kuis", title="Kuis besar")
    versions = list(QuestionVersion.objects.filter(question__course=course).select_related("question").order_by("pk")[:asked])
    quiz = Quiz.objects.create(activity=activity, purpose="module", draw=[{"module": "M1", "count": asked}])
    cohort = cohorts.make_cohort(course)
    return statistics.take(statistics.Scene(quiz, cohort, versions, statistics.learners(course, cohort, learners)))


def author() -> User:
    made = User.objects.create(
        email=f"penulis{secrets.token_hex(4)}@bench.go.id", password="!", name="Penulis", employment_status="non_asn", position="Staf"
    )
    made.needs_second_factor = True
    made.save()
    RoleGrant.objects.create(person=made, role=Role.ADMIN, scope_kind="everything", scope_id="")
    return made


def steps(scene: statistics.Scene) -> dict[str, Any]:
    """What the worker does, and the preview of a correction that takes the key of a question away from C."""
    found = {"statistics task": counted(lambda: reports.compute(reports.ask(scene.quiz, None).pk))}
    question = scene.single.question
    content = scene.single.content | {"key": "B", "misconceptions": {"A": "mengira-satu"}}
    versions = deciding.covered(question, content, ())
    rule = deciding.rule_of(CorrectionChoice.NEW_KEY, question, content)
    found["regrade preview"] = counted(lambda: impact.impact(question, rule, versions))
    return found


def pages(scene: statistics.Scene) -> dict[str, str]:
    """The addresses of the pages to look at, by what they are."""
    course, activity = scene.quiz.activity.course_id, scene.quiz.activity_id
    return {
        "bank of 10,000: list": reverse("quizzes:bank_list", args=[course]),
        "statistics of 20,000: page": reverse("quizzes:statistics_quiz", args=[activity]),
        "statistics of 20,000: one question": reverse("quizzes:statistics_question", args=[activity, scene.single.question_id]),
        "statistics: list of quizzes": reverse("quizzes:statistics"),
    }


def main() -> None:
    began = time.perf_counter()
    with transaction.atomic():
        scene = crowd()
        who = author()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    laid = time.perf_counter() - began
    json.dump({"laid_out": laid, "steps": steps(scene), "cookies": cookies(who, proven=True), "pages": pages(scene)}, sys.stdout)


if __name__ == "__main__":
    main()
