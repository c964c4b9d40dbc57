"""What the pages of a cohort's quizzes show: windows, exceptions and what runs now, for any number of rows at the same cost."""

from __future__ import annotations

from typing import Any

from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.utils import timezone

from cohorts import structure
from cohorts.models import Cohort, Enrolment
from courses.models import ActivityKind
from linimasa import clock

from . import frozen, windows
from .accommodating import Allowed
from .models import Accommodation, Attempt, FeedbackRule, Quiz, QuizWindow


def rows(cohort: Cohort) -> list[dict[str, Any]]:
    """Each quiz and assignment in the order of the programme. Five statements."""
    plan = structure.of_cohort(cohort)
    steps = [step for step in plan.steps() if step.kind in {ActivityKind.QUIZ, ActivityKind.ASSIGNMENT}]
    quizzes = {one.activity_id: one for one in Quiz.objects.filter(activity__in=[step.activity_id for step in steps])}
    spans = {one.quiz_id: one for one in QuizWindow.objects.filter(cohort=cohort)}
    given = _counts(_running(cohort))
    open_now = _counts(Attempt.objects.running().filter(enrolment__cohort=cohort))
    return [
        {
            "step": step,
            "unit": plan.units[step.unit].name,
            "window": spans.get(quiz.pk),
            "state": state(spans.get(quiz.pk)),
            "exceptions": given.get(quiz.pk, 0),
            "running": open_now.get(quiz.pk, 0),
        }
        for step in steps
        if (quiz := quizzes.get(step.activity_id))
    ]


def _counts(rows_: QuerySet[Any]) -> dict[int, int]:
    return dict(rows_.order_by().values_list("quiz").annotate(Count("pk")))


def _running(cohort: Cohort) -> QuerySet[Accommodation]:
    return Accommodation.objects.filter(Q(cohort=cohort) | Q(enrolment__cohort=cohort), ended_at__isnull=True)


def state(window: QuizWindow | None) -> tuple[str, str]:
    """How the quiz stands by its window: the look of a tag, and a word."""
    now = timezone.now()
    if window and window.opens_at and window.opens_at > now:
        return "info", "Belum dibuka"
    if window and window.closes_at and window.closes_at <= now:
        return "", "Ditutup"
    return "ok", "Terbuka"


def window_of(quiz: Quiz, cohort: Cohort) -> QuizWindow | None:
    return QuizWindow.objects.filter(quiz=quiz, cohort=cohort).first()


def running_count(quiz: Quiz, cohort: Cohort) -> int:
    return Attempt.objects.running().filter(quiz=quiz, enrolment__cohort=cohort).count()


def exceptions(quiz: Quiz, cohort: Cohort) -> QuerySet[Accommodation]:
    """Every exception of the cohort, those that run first, the newest first."""
    found = Accommodation.objects.filter(Q(cohort=cohort) | Q(enrolment__cohort=cohort), quiz=quiz)
    is_over = Case(When(ended_at__isnull=True, then=Value(0)), default=Value(1), output_field=IntegerField())
    return found.select_related("enrolment__learner", "enrolment__agency", "given_by").order_by(is_over, "-given_at", "-pk")


def current(quiz: Quiz, to: Enrolment | Cohort) -> Accommodation | None:
    """The exception that runs now for this learner, or for this whole cohort."""
    running = Accommodation.objects.filter(quiz=quiz, ended_at__isnull=True)
    return running.filter(cohort=to).first() if isinstance(to, Cohort) else running.filter(enrolment=to).first()


def rule_facts(quiz: Quiz, cohort: Cohort) -> list[tuple[str, str]]:
    """What learners who start now are allowed, by the published rules."""
    rules = frozen.rules_for(structure.of_cohort(cohort), quiz.activity_id) or {}
    if not rules:
        return []
    limit = f"{rules['time_limit']} menit" if rules.get("time_limit") else "Tanpa batas"
    remedial = rules.get("remedial_attempts", 0)
    return [
        ("Waktu", limit),
        ("Kesempatan", f"{rules['attempts_allowed']}" + (f" dan {remedial} remedial" if remedial else "")),
        ("Nilai yang dipakai", windows.counting(rules)),
        ("Umpan balik", str(FeedbackRule(rules["feedback"]).label)),
    ]


def facts_of(given: Accommodation) -> list[str]:
    """An exception in words: «15 menit tambahan», «ditutup …»."""
    return _words(given.extra_minutes, given.extra_attempts, given.closes_at, None)


def told(allowed: Allowed, quiz: Quiz, cohort: Cohort) -> list[str]:
    """What is about to be given, in words, before it is: with what follows from it."""
    found = _words(allowed.extra_minutes, allowed.extra_attempts, allowed.closes_at, cohort.time_zone)
    rules = frozen.rules_for(structure.of_cohort(cohort), quiz.activity_id) or {}
    if allowed.extra_minutes and not rules.get("time_limit"):
        found.append("Kuis ini tanpa batas waktu, jadi menit tambahan tidak mengubah apa pun.")
    window = window_of(quiz, cohort)
    if allowed.closes_at and not (window and window.closes_at):
        found.append("Kuis ini tidak punya waktu tutup, jadi waktu tutup ini tidak mengubah apa pun.")
    elif allowed.closes_at and window and window.closes_at and allowed.closes_at <= window.closes_at:
        found.append("Waktu tutup ini tidak lebih lambat daripada waktu tutup angkatan, jadi tidak mengubah apa pun.")
    return found


def _words(minutes: int, attempts: int, closes: Any, zone: str | None) -> list[str]:
    words = [f"{minutes} menit tambahan"] if minutes else []
    words += [f"{attempts} kesempatan tambahan"] if attempts else []
    return words + ([f"ditutup {clock.moment_text(closes, zone)}"] if closes else [])
