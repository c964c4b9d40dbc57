"""What waits for a trainer: by learner or by question across learners, the oldest first, and who holds what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, Min, Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from accounts.models import User

from . import access, claiming, frozen
from .kinds import kind_of
from .marking import naming
from .models import Attempt, AttemptStatus, Claim, QuestionKind, QuizPurpose, Response
from .models.attempt import AttemptQuerySet

PER_QUESTION_PAGE = 10


@dataclass(frozen=True)
class Filter:
    """What the address asks for; anything that is no number is nothing."""

    course: int | None = None
    cohort: int | None = None
    activity: int | None = None
    mine: bool = False
    by_question: bool = False

    @classmethod
    def of(cls, asked: QueryDict) -> Filter:
        return cls(
            course=_number(asked.get("kursus", "")),
            cohort=_number(asked.get("angkatan", "")),
            activity=_number(asked.get("tugas", "")),
            mine=asked.get("milik") == "saya",
            by_question=asked.get("cara") == "soal",
        )

    def of_attempts(self, user: User, prefix: str = "") -> Q:
        """The condition on attempts (or on what leads to them by ``prefix``)."""
        wanted = {"quiz__activity__course": self.course, "enrolment__cohort": self.cohort, "quiz__activity": self.activity}
        found = Q(**{prefix + name: value for name, value in wanted.items() if value is not None})
        return found & Q(**{f"{prefix}pk__in": Attempt.objects.filter(claiming.is_mine(user)).values("pk")}) if self.mine else found

    @property
    def is_any(self) -> bool:
        return self.mine or any(one is not None for one in (self.course, self.cohort, self.activity))


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def attempts(user: User, asked: Filter) -> AttemptQuerySet:
    """What waits for this trainer, as asked, the oldest first."""
    return access.attempts_to_grade(user).filter(asked.of_attempts(user))


def responses(user: User, asked: Filter | None = None) -> QuerySet[Response]:
    """The answers of quizzes that no key knew and no person judged: of this trainer's cohorts."""
    waiting = Attempt.objects.gradable_by(user).filter(status=AttemptStatus.SUBMITTED)
    rows = Response.objects.filter(attempt__in=waiting.values("pk"), points__isnull=True)
    rows = rows.exclude(question_version__kind=QuestionKind.PRACTICAL)
    return rows.filter(asked.of_attempts(user, "attempt__")) if asked else rows


def questions(user: User, asked: Filter) -> QuerySet[Response, Any]:
    """One row a question with answers that wait, the longest waiting first."""
    rows = responses(user, asked).order_by().values("question_version__question", "question_version__question__code")
    rows = rows.annotate(count=Count("pk"), oldest=Min("attempt__submitted_at"), version=Min("question_version"))
    return rows.order_by("oldest", "question_version__question")


def answers_to(user: User, question_id: int) -> QuerySet[Response]:
    """The waiting answers to one question across learners, the oldest first, with what a row shows."""
    rows = responses(user).filter(question_version__question=question_id)
    joined = ("enrolment__learner", "enrolment__agency", "enrolment__cohort", "quiz__activity")
    return rows.select_related("question_version__question", *(f"attempt__{name}" for name in joined)).order_by(
        "attempt__submitted_at", "pk"
    )


def may_see_question(user: User, question_id: int) -> bool:
    """Whether this question was ever asked in a cohort that this trainer teaches."""
    asked = Response.objects.filter(question_version__question=question_id, attempt__in=Attempt.objects.gradable_by(user).values("pk"))
    return asked.exists()


def with_words(rows: Sequence[Attempt], user: User) -> list[dict[str, Any]]:
    """What a row of the queue says of an attempt: who (or a pseudonym), how long, who holds it. One statement for all."""
    held = claiming.held(rows, user)
    return [
        {
            "attempt": one,
            "who": naming.who(one),
            "held": held.get(one.pk),
            "is_work": one.rules["purpose"] == QuizPurpose.ASSIGNMENT,
            "is_again": one.revision_of_id is not None,
            "days": (timezone.now() - one.submitted_at).days if one.submitted_at else 0,
        }
        for one in rows
    ]


def answer_rows(rows: Sequence[Response], user: User) -> list[dict[str, Any]]:
    """The answers to one question as the page draws them: the learner's own words first. One statement for who holds what."""
    held = claiming.held([one.attempt for one in rows], user)
    return [
        {
            "response": one,
            "who": naming.who(one.attempt),
            "held": held.get(one.attempt_id),
            "said": kind_of(one.question_version).rows(one.answer, None),
        }
        for one in rows
    ]


def options(user: User) -> dict[str, Any]:
    """What the queue can be filtered by, with counts: courses, cohorts and tasks in which something waits. One statement."""
    activity, course = "quiz__activity", "quiz__activity__course"
    names = (
        activity,
        f"{activity}__code",
        f"{activity}__title",
        "enrolment__cohort",
        "enrolment__cohort__name",
        course,
        f"{course}__title",
    )
    groups = (
        access.attempts_to_grade(user)
        .select_related(None)
        .order_by()
        .values(*names)
        .annotate(count=Count("pk"), oldest=Min("submitted_at"))
    )
    found = sorted(groups, key=lambda row: row["oldest"])
    return {
        "courses": _summed(found, "quiz__activity__course", "quiz__activity__course__title"),
        "cohorts": _summed(found, "enrolment__cohort", "enrolment__cohort__name"),
        "tasks": _summed(found, "quiz__activity", "quiz__activity__code", "quiz__activity__title"),
        "waiting": sum(row["count"] for row in found),
    }


def _summed(groups: Sequence[Mapping[str, Any]], key: str, label: str, title: str = "") -> list[dict[str, Any]]:
    """Each of the groups' things once, the longest waiting first, with how much waits."""
    found: dict[int, dict[str, Any]] = {}
    for row in groups:
        one = found.setdefault(row[key], {"key": row[key], "label": row[label], "title": row.get(title, ""), "count": 0})
        one["count"] += row["count"]
    return list(found.values())


def holders(user: User) -> dict[str, int]:
    """How much of what waits this trainer holds, and how much others hold. One statement."""
    waiting = Attempt.objects.gradable_by(user).filter(status=AttemptStatus.SUBMITTED).values("pk")
    running = Claim.objects.filter(attempt__in=waiting, until__gt=timezone.now()).order_by()
    return running.aggregate(own=Count("pk", filter=Q(by=user)), others=Count("pk", filter=~Q(by=user)))


def queue(user: User, page: Page, asked: Filter) -> dict[str, Any]:
    """Everything the queue shows; the same number of statements for any number of rows."""
    words = {"questions": _questions(list(page))} if asked.by_question else {"rows": with_words(list(page), user)}
    return {
        "page": page,
        "asked": asked,
        "options": options(user),
        "holders": holders(user),
        "total": page.paginator.count,
        **words,
    }


def _questions(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    versions = frozen.questions([row["version"] for row in rows])
    return [
        {
            "key": row["question_version__question"],
            "code": row["question_version__question__code"],
            "text": versions[row["version"]].content["text"],
            "count": row["count"],
            "oldest": row["oldest"],
        }
        for row in rows
    ]


def next_free(user: User, after: Attempt | None = None) -> Attempt | None:
    """What to open next: the longest waiting of the same task that nobody else holds, else of any."""
    waiting = claiming.free_for(access.attempts_to_grade(user), user)
    if after is None:
        return waiting.first()
    waiting = waiting.exclude(pk=after.pk)
    return waiting.filter(quiz=after.quiz_id).first() or waiting.first()
