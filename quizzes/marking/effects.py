"""What follows from a trainer's judgement: progress, the next try of returned work, a letter.

At once, or a minute later where the judgement can be taken back until then (``Attempt.takes_effect_at``); where marks are held, progress
and the letter come with their announcement. ``take_due`` is the guarantee; whoever judged or announced only hints at it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from cohorts import progress
from cohorts.models import EnrolmentStatus, ProgressState
from linimasa import writing
from notifications import outbox

from .. import attempts, scoring
from ..models import Attempt, AttemptStatus, GradeEvent, GradeKind, GradingDraft, QuizPurpose
from . import release

logger = structlog.get_logger(__name__)
UNDO_FOR = timedelta(seconds=settings.UNDO_SECONDS)
UNDO_WORDS = "satu menit" if settings.UNDO_SECONDS == 60 else f"{settings.UNDO_SECONDS} detik"
AT_ONCE = 300


def take_due() -> int:
    """Every judgement whose minute has passed takes effect; how many. One that cannot does not hold up the others."""
    taken = 0
    due = Attempt.objects.filter(takes_effect_at__lte=timezone.now()).order_by("takes_effect_at").values_list("pk", flat=True)
    for attempt_id in due[:AT_ONCE]:
        try:
            taken += take(attempt_id)
        except DatabaseError:
            logger.exception("judgement.no_effect", attempt=attempt_id)
    return taken


@transaction.atomic
def take(attempt_id: int) -> bool:
    """Let one judgement take effect, once; False when it has, or when its minute has not passed."""
    changed = Attempt.objects.filter(pk=attempt_id, takes_effect_at__lte=timezone.now()).update(takes_effect_at=None)
    if not changed:
        return False
    joined = ("enrolment__cohort", "enrolment__course", "enrolment__learner", "quiz__activity")
    follow(Attempt.objects.select_related(*joined).get(pk=attempt_id))
    return True


def follow(attempt: Attempt, *, due_at: datetime | None = None) -> None:
    """What a judgement changes for the learner, in the caller's transaction; safe to repeat. ``due_at``: until when to send again."""
    if attempt.status == AttemptStatus.RETURNED:
        _open_again(attempt, due_at or _due_in_draft(attempt))
    elif attempt.status == AttemptStatus.GRADED and attempt.score is not None:
        stands(attempt)
    GradingDraft.objects.filter(attempt=attempt).delete()


def stands(attempt: Attempt) -> None:
    """The mark of this graded attempt reaches progress and its learner; safe to repeat."""
    assert attempt.score is not None  # noqa: S101 - the database's own constraint
    scoring.record_progress(attempt, floor=attempt.score)
    _tell_mark(attempt)


def _open_again(attempt: Attempt, due_at: datetime | None) -> None:
    if attempt.enrolment.status != EnrolmentStatus.ACTIVE:  # it ended within the minute: then the mark stands and nothing opens
        return
    attempts.open_revision(attempt)
    progress.record(attempt.enrolment, attempt.quiz.activity_id, state=ProgressState.RETURNED)
    if due_at is not None:
        progress.extend(attempt.enrolment, attempt.quiz.activity_id, due_at=due_at)
    tell(attempt, "work_returned", due_at=due_at.isoformat() if due_at else "")


def _due_in_draft(attempt: Attempt) -> datetime | None:
    """Until when the trainer wants the work again: kept with the judgement's draft, which lives until it takes effect."""
    for data in GradingDraft.objects.filter(attempt=attempt).values_list("data", flat=True):
        if data.get("returned_due"):
            return parse_datetime(data["returned_due"])
    return None


def _tell_mark(attempt: Attempt) -> None:
    if release.is_held(attempt.rules):
        if release.is_announced(attempt.quiz_id, attempt.enrolment.cohort_id):
            tell(attempt, "marks_announced", key=f"marks-announced:{attempt.quiz_id}:{attempt.enrolment_id}")
    elif attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        tell(attempt, "work_accepted")
    elif GradeEvent.objects.standing().filter(response__attempt=attempt, kind=GradeKind.TRAINER).exists():
        tell(attempt, "answers_judged")


def tell(attempt: Attempt, kind: str, *, key: str = "", **more: str) -> None:
    """One letter for each judged attempt and outcome."""
    activity = attempt.quiz.activity
    if attempt.rules["purpose"] == QuizPurpose.ASSIGNMENT:
        path = reverse("quizzes:assignment", args=[activity.pk])
    else:
        path = reverse("quizzes:result", args=[attempt.pk])
    context = {"title": activity.title, "mark": writing.mark(attempt.score), "comment": attempt.remarks, "path": path, **more}
    outbox.enqueue(kind, to=attempt.enrolment.learner, dedupe_key=key or f"{kind.replace('_', '-')}:{attempt.pk}", context=context)
