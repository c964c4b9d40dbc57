"""Many learners who took a quiz, written straight into the tables: small in tests and large in benches."""

from __future__ import annotations

import json
import math
import random
import secrets
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils import timezone

from accounts.models import User
from cohorts.models import Cohort, Enrolment
from courses.models import Activity, ActivityKind, Course
from quizzes.kinds import correct_answer, kind_of
from quizzes.models import Attempt, AttemptStatus, ClosedBy, QuestionVersion, Quiz, QuizPurpose, Response
from quizzes.models.grade import mean

from . import cohorts, quizzes
from .accounts import agency

BATCH = 2_000
RULES = {"purpose": "module", "pass_mark": 0.7, "attempts_allowed": 3, "remedial_attempts": 0, "feedback": "after_submit", "draw": []}


@dataclass
class Scene:
    """A quiz that a cohort took. ``table``: attempt → question → points, None if blank; ``chosen``: what ``single`` got."""

    quiz: Quiz
    cohort: Cohort
    versions: list[QuestionVersion]
    enrolments: list[Enrolment] = field(default_factory=list)
    table: dict[int, dict[int, Any]] = field(default_factory=dict)
    chosen: Counter[str] = field(default_factory=Counter)
    before: list[float] = field(default_factory=list)
    after: list[float] = field(default_factory=list)

    @property
    def single(self) -> QuestionVersion:
        """The first question with one right answer; its key is C."""
        return next(one for one in self.versions if one.kind == "single")

    def more_attempts(self, enrolments: list[Enrolment]) -> int:
        """One more attempt of each, everything right."""
        attempts = _attempts(self.quiz, enrolments, number=2)
        responses = [
            _response(attempt, version, place, correct_answer(version.kind, version.content), Decimal(1))
            for attempt in attempts
            for place, version in enumerate(self.versions, 1)
        ]
        for attempt in attempts:
            attempt.score = Decimal(1)
        Attempt.objects.bulk_create(attempts)
        Response.objects.bulk_create(responses, BATCH)
        return len(attempts)

    def move_to_version(self, old: QuestionVersion, new: QuestionVersion, *, count: int) -> None:
        """The last ``count`` of those who were shown the old version were shown the new one."""
        keys = Response.objects.filter(question_version=old).order_by("-pk").values_list("pk", flat=True)[:count]
        Response.objects.filter(pk__in=list(keys)).update(question_version=new)


def crowd(people: int, *, wrong_key: bool = False, tests: bool = False) -> Scene:
    """That many learners of a course with a bank of every kind, each with one judged attempt at its quiz.

    ``wrong_key``: the able choose B where the key is C. ``tests``: the quiz is the course's test after, and there is one before.
    """
    course = quizzes.make_course()
    cohort = cohorts.make_cohort(course)
    versions = list(QuestionVersion.objects.filter(question__course=course).select_related("question").order_by("question__code"))
    enrolments = learners(course, cohort, people)
    quiz = quizzes.quiz_of(course)
    if tests:
        first, quiz = (test(course, purpose) for purpose in (QuizPurpose.PRE_TEST, QuizPurpose.POST_TEST))
        before = take(Scene(first, cohort, versions, enrolments), easier=-1.0, seed=2)
    scene = take(Scene(quiz, cohort, versions, enrolments), easier=0.5, wrong_key=wrong_key)
    if tests:
        scene.before, scene.after = before.after, scene.after
    return scene


def test(course: Course, purpose: str) -> Quiz:
    """A test of the course itself."""
    code = "TES-AWAL" if purpose == QuizPurpose.PRE_TEST else "TES-AKHIR"
    activity = Activity.objects.create(
        course=course, kind=ActivityKind.QUIZ, code=code, slug=code.lower(), title=code.replace("-", " ").title(), minutes=20, position=90
    )
    return Quiz.objects.create(activity=activity, purpose=purpose, draw=[{"module": "M1", "count": 14}])


test.__test__ = False  # type: ignore[attr-defined]


def learners(course: Course, cohort: Cohort, count: int) -> list[Enrolment]:
    """That many people with a running enrolment."""
    home, now, tag = agency(), timezone.now(), secrets.token_hex(4)
    who = {"password": "!", "agency": home, "position": "Staf", "employment_status": "non_asn"}
    people = [User(email=f"{tag}-{number}@sikkakab.go.id", name=f"Peserta {number}", **who) for number in range(count)]
    users = User.objects.bulk_create(people, BATCH)
    words = {"cohort": cohort, "course": course, "agency": home, "status": "active", "joined_by": "domain", "joined_at": now}
    rows = [Enrolment(learner=user, **words) for user in users]
    return Enrolment.objects.bulk_create(rows, BATCH)


def take(scene: Scene, *, easier: float = 0.5, wrong_key: bool = False, seed: int = 1) -> Scene:
    """Each of the scene's learners takes its quiz; every question of ``versions`` in order, some left blank."""
    chance = random.Random(seed)
    known = {version.pk: _answers(version) for version in scene.versions}
    single = scene.single.pk if any(one.kind == "single" for one in scene.versions) else 0
    attempts, given = _attempts(scene.quiz, scene.enrolments, number=1, seed=seed), list[list[tuple[Any, Decimal]]]()
    for attempt in attempts:
        ability, mine = chance.gauss(0, 1), list[tuple[Any, Decimal]]()
        for place, version in enumerate(scene.versions, 1):
            told = _given(known[version.pk], ability + easier - (place % 7 - 3) / 3, chance)
            if version.pk == single:
                told = ((1, Decimal(0)) if ability > 0 else (2, Decimal(1))) if wrong_key else told
                scene.chosen["" if told[0] is None else "ABCD"[told[0]]] += 1
            mine.append(told)
        given.append(mine)
        attempt.score = mean(points for _, points in mine)
        scene.after.append(float(attempt.score))
    for attempt, mine in zip(Attempt.objects.bulk_create(attempts, BATCH), given, strict=True):
        scene.table[attempt.pk] = {
            version.question_id: None if answer is None else str(points)
            for version, (answer, points) in zip(scene.versions, mine, strict=True)
        }
    _write(scene.versions, attempts, given, chance)
    return scene


def _write(versions: list[QuestionVersion], attempts: list[Attempt], given: list[list[tuple[Any, Decimal]]], chance: random.Random) -> None:
    """The responses, as fast as the database takes rows (COPY, or one prepared statement): a bench writes 400,000."""
    fields = [one for one in Response._meta.concrete_fields if not one.primary_key]
    names = [one.attname for one in fields]
    usual = [one.get_db_prep_save(one.get_default(), connection) for one in fields]
    changing = ("attempt_id", "question_version_id", "position", "answer", "sequence", "saved_at", "points")
    places = [names.index(name) for name in changing]
    texts: dict[str, str] = {}

    def rows() -> Iterator[list[Any]]:
        for attempt, mine in zip(attempts, given, strict=True):
            for place, (version, (answer, points)) in enumerate(zip(versions, mine, strict=True), 1):
                saved = None
                if answer is not None:
                    at = attempt.submitted_at + timedelta(seconds=30 * place + chance.random() * 20)
                    saved = at if connection.vendor == "postgresql" else connection.ops.adapt_datetimefield_value(at)
                key = repr(answer)
                text = None if answer is None else texts.setdefault(key, json.dumps(answer))
                row = usual.copy()
                for where, value in zip(places, (attempt.pk, version.pk, place, text, 1, saved, str(points)), strict=True):
                    row[where] = value
                yield row

    columns, table = ", ".join(connection.ops.quote_name(one.column) for one in fields), Response._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows():
                    copy.write_row(row)
        else:
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(['%s'] * len(fields))})", rows())


def _attempts(quiz: Quiz, enrolments: list[Enrolment], *, number: int, seed: int = 1) -> list[Attempt]:
    now = timezone.now()
    words = {"status": AttemptStatus.GRADED, "rules": RULES | {"purpose": quiz.purpose}, "closed_by": ClosedBy.LEARNER}
    words |= {"quiz": quiz, "number": number, "seed": f"{seed:032d}", "submitted_at": now, "graded_at": now, "score": Decimal(0)}
    return [Attempt(enrolment=one, **words) for one in enrolments]


def _answers(version: QuestionVersion) -> list[tuple[Any, Decimal]]:
    """The right answer and wrong ones, with their points."""
    kind, content = kind_of(version), version.content
    right = correct_answer(version.kind, content)
    wrong: list[Any]
    match version.kind:
        case "single" | "scenario" | "true_false":
            wrong = [one for one in range(len(kind.texts())) if one != right]  # type: ignore[attr-defined]
        case "multiple":
            wrong = [[one] for one in range(len(content["choices"]))]
        case "matching":
            wrong = [[*right[1:], right[0]], [right[0], None, *right[2:]]]
        case "ordering":
            wrong = [right[::-1], [*right[1:], right[0]]]
        case _:
            wrong = ["lain", "tidak tahu"]
    return [(one, kind.points(one) or Decimal(0)) for one in (right, *wrong)]


def _given(answers: list[tuple[Any, Decimal]], ease: float, chance: random.Random) -> tuple[Any, Decimal]:
    if chance.random() < 0.03:
        return None, Decimal(0)
    if chance.random() < 1 / (1 + math.exp(-ease)):
        return answers[0]
    return chance.choice(answers[1:])


def _response(attempt: Attempt, version: QuestionVersion, place: int, answer: Any, points: Decimal) -> Response:
    saved = attempt.submitted_at + timedelta(seconds=30 * place)
    return Response(attempt=attempt, question_version=version, position=place, answer=answer, sequence=1, saved_at=saved, points=points)
