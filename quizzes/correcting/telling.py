"""Telling people that a key was corrected: once, and only those whose mark changed and who may know it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Role, RoleGrant, ScopeKind, User
from audit import log
from linimasa import writing
from notifications import outbox
from notifications.models import Message

from ..marking import release
from ..models import Attempt, AttemptStatus, Correction, Question, QuizPurpose

AT_ONCE = 500


def tell(correction: Correction) -> int:
    """A letter to each learner and quiz whose mark this correction changed, in the caller's transaction; how many were new.

    Marks that are held, and work that waits for its trainer, are told when they are released or judged.
    """
    told, after = 0, 0
    rows = Attempt.objects.filter(responses__grade_events__correction=correction).select_related(
        "enrolment__learner", "enrolment__cohort", "quiz__activity"
    )
    while batch := list(rows.filter(pk__gt=after).order_by("pk").distinct()[:AT_ONCE]):
        after = batch[-1].pk
        told += outbox.enqueue_many(_drafts(correction, batch))
    return told


def _drafts(correction: Correction, attempts: Iterable[Attempt]) -> list[outbox.Draft]:
    announced: dict[tuple[int, int], bool] = {}
    found = []
    for one in attempts:
        place = (one.quiz_id, one.enrolment.cohort_id)
        if one.status not in (AttemptStatus.GRADED, AttemptStatus.RETURNED) or one.score is None or one.takes_effect_at is not None:
            continue
        if release.is_held(one.rules):
            announced.setdefault(place, release.is_announced(*place))
            if not announced[place]:
                continue
        found.append(_draft(correction, one))
    return found


def _draft(correction: Correction, attempt: Attempt) -> outbox.Draft:
    activity = attempt.quiz.activity
    is_work = attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT
    context = {
        "correction": correction.pk,
        "enrolment": attempt.enrolment_id,
        "quiz": attempt.quiz_id,
        "title": activity.title,
        "is_work": is_work,
        "reason": correction.reason,
        "path": reverse("quizzes:assignment", args=[activity.pk]) if is_work else reverse("quizzes:result", args=[attempt.pk]),
    }
    key = f"mark-corrected:{correction.pk}:{attempt.enrolment_id}:{attempt.quiz_id}"
    return outbox.Draft("mark_corrected", to=attempt.enrolment.learner, dedupe_key=key, due_at=timezone.now(), context=context)


def facts(message: Message) -> dict[str, Any]:
    """The marks as they are when the letter leaves: one line an attempt that changed, and whose mark its learner may see by then."""
    about = message.context
    changed = Attempt.objects.filter(enrolment=about["enrolment"], quiz=about["quiz"], score__isnull=False)
    found = changed.filter(responses__grade_events__correction=about["correction"]).order_by("number").distinct()
    rows = [one for one in map(release.shown, found.select_related("enrolment")) if one.score is not None]
    return {
        "marks": [f"Percobaan {one.number}: {writing.mark(one.score)}" for one in rows],
        "stays_passed": any(one.stays_passed for one in rows),
    }


@transaction.atomic
def doubt_key(question: Question, *, by: User, text: str) -> int:
    """A trainer tells the course's authors that a key may be wrong: once for each question and trainer; how many were told now."""
    reach = Q(scope_kind=ScopeKind.EVERYTHING) | Q(scope_kind=ScopeKind.COURSE, scope_id=str(question.course_id))
    authors = User.objects.filter(pk__in=RoleGrant.objects.in_force().filter(reach, role=Role.AUTHOR).values("person")).order_by("pk")
    context = {
        "code": question.code,
        "who": by.name,
        "text": text.strip(),
        "path": reverse("quizzes:correct", args=[question.pk]),
    }
    now = timezone.now()
    drafts = [outbox.Draft("key_doubted", one, f"key-doubted:{question.pk}:{by.pk}:{one.pk}", now, context) for one in authors]
    told = outbox.enqueue_many(drafts)
    if told:
        log.record("question.doubted", by=by, on=question, code=question.code)
    return told
