"""Whose numbers one may see: trainers and organisers those of their cohorts; who writes, reviews or runs the course the sums of all.

Foreign equals absent equals 404. A word from the address (``?angkatan=``) is an id, ``semua``, or nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import Role, User
from cohorts.access import creatable_courses
from cohorts.models import Cohort
from courses.access import courses_in_studio
from courses.models import Course

from ..models import Question, QuestionVersion, Quiz, QuizPurpose, Response, Statistics
from .reports import main

ALL = "semua"
MOST_COHORTS = 200  # in a list to choose from; the newest


def cohorts_of(user: User) -> QuerySet[Cohort]:
    """The cohorts whose people this person may see anyway, the newest first."""
    return Cohort.objects.within(user, Role.TRAINER, Role.ORGANISER).order_by("-starts_at", "-pk")


def courses_as_a_whole(user: User) -> set[int]:
    """The courses of which this person may see the sums of all cohorts. Two statements."""
    writes = courses_in_studio(user).order_by().values_list("pk", flat=True)
    runs = creatable_courses(user).order_by().values_list("pk", flat=True)
    return {*writes, *runs}


@dataclass(frozen=True)
class Place:
    """Where one looks: one cohort, or (None) all of them; ``cohorts`` and ``may_see_all`` are what else could be chosen."""

    cohort: Cohort | None
    cohorts: list[Cohort]
    may_see_all: bool

    @property
    def word(self) -> str:
        return str(self.cohort.pk) if self.cohort else ALL


def _place(user: User, asked: str, cohorts: QuerySet[Cohort], *, may_see_all: bool) -> Place:
    choices = list(cohorts[:MOST_COHORTS])
    if asked in ("", ALL):
        if may_see_all:
            return Place(None, choices, True)
        if asked == ALL or not choices:
            raise Http404
        return Place(_best_known(choices), choices, False)
    if not (asked.isascii() and asked.isdecimal() and len(asked) < 18):
        raise Http404
    return Place(get_object_or_404(cohorts, pk=int(asked)), choices, may_see_all)


def _best_known(cohorts: list[Cohort]) -> Cohort:
    """The cohort of which most quizzes have numbers, the newest of equals: a class that has just begun shows nothing yet."""
    rows = Statistics.objects.filter(cohort__in=cohorts, computed_at__isnull=False).order_by().values_list("cohort")
    known = dict(rows.annotate(count=Count("pk")))
    return max(cohorts, key=lambda one: known.get(one.pk, 0))


def place_of_list(user: User, asked: str) -> tuple[Place | None, QuerySet[Quiz]]:
    """Where this person looks, and the quizzes there; no place for one who sees no cohort and no course yet (404 for a foreign one)."""
    whole, cohorts = courses_as_a_whole(user), cohorts_of(user).select_related("course")
    quizzes = Quiz.objects.exclude(purpose=QuizPurpose.ASSIGNMENT).filter(activity__archived_at__isnull=True)
    if asked == "" and not whole and not cohorts.exists():
        return None, quizzes.none()
    place = _place(user, asked, cohorts, may_see_all=bool(whole))
    courses = [place.cohort.course_id] if place.cohort else whole
    rows = quizzes.filter(activity__course__in=courses).select_related("activity__module", "activity__course")
    return place, rows.order_by("activity__course", "activity__module__position", "activity__position", "pk")


def quiz_to_measure(user: User, activity_id: int, asked: str = "") -> tuple[Quiz, Place]:
    """The quiz of this activity (no practical work), and where this person looks at it; otherwise 404."""
    rows = Quiz.objects.exclude(purpose=QuizPurpose.ASSIGNMENT).select_related("activity__module", "activity__course")
    quiz = get_object_or_404(rows, activity=activity_id)
    return quiz, place_in_course(user, quiz.activity.course, asked)


def place_in_course(user: User, course: Course, asked: str = "") -> Place:
    """Where this person looks at the numbers of this course; otherwise 404."""
    whole = course.pk in courses_as_a_whole(user)
    return _place(user, asked, cohorts_of(user).filter(course=course), may_see_all=whole)


def course_to_compare(user: User, course_id: int) -> tuple[Course, Place]:
    """A course whose tests before and after this person may compare; otherwise 404."""
    course = get_object_or_404(Course, pk=course_id)
    return course, place_in_course(user, course)


def question_of(user: User, quiz: Quiz, question_id: int) -> Question:
    """A question of the quiz's course, for those who see its bank; for everybody else only one that the quiz has asked; otherwise 404."""
    rows = Question.objects.select_related("lesson", "course", "current_version").filter(course=quiz.activity.course_id)
    if not edits(user, quiz):
        rows = rows.filter(pk__in=_asked(quiz).values("question_version__question"))
    return get_object_or_404(rows, pk=question_id)


def _asked(quiz: Quiz) -> QuerySet[Response]:
    """The answers of this quiz."""
    return Response.objects.filter(attempt__quiz=quiz).order_by()


def version_of(
    user: User, quiz: Quiz, question: Question, versions: list[dict[str, Any]], asked: str
) -> tuple[dict[str, Any], QuestionVersion]:
    """The numbers of the version that the address names (its number), else of the one that speaks for the question; 404 without.

    A question of which nothing is known yet is shown as it stands in the draft to those who see the bank, as it was last asked to others.
    """
    if not versions:
        shown = question.current_version
        if not edits(user, quiz):
            met = _asked(quiz).filter(question_version__question=question).values("question_version")
            shown = question.versions.filter(pk__in=met).order_by("-number").first()
        if shown is None:
            raise Http404
        versions = [{"version": shown.pk, "number": shown.number, "kind": question.kind}]
    found = main({"versions": versions}) if not asked else next((one for one in versions if str(one["number"]) == asked), None)
    if found is None:
        raise Http404
    return found, get_object_or_404(QuestionVersion.objects.defer("drawn"), pk=found["version"], question=question)


def edits(user: User, quiz: Quiz) -> bool:
    """Whether this person sees the course's bank, where questions are mended."""
    return courses_in_studio(user).filter(pk=quiz.activity.course_id).exists()
