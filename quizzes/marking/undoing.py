"""Taking a judgement back, within the minute in which nobody else has seen it."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit import log

from .. import claiming, scoring
from ..models import Attempt, AttemptStatus, GradeEvent, GradeKind
from . import drafting, effects
from .effects import UNDO_FOR, UNDO_WORDS

TOO_LATE = "Penilaian ini sudah berlaku dan tidak dapat diurungkan lagi. Buka pekerjaannya bila nilainya perlu diubah."
REASON = f"Diurungkan pengajar dalam {UNDO_WORDS}."


class UndoError(Exception):
    """The judgement stands; the message is a sentence for the trainer."""


@transaction.atomic
def undo(attempt: Attempt, *, by: User) -> Attempt:
    """Take back what this trainer judged of this attempt within the last minute: events that undo, and the work waits again.

    The learner has heard nothing. The trainer holds the work again, with everything that was filled in. Raises UndoError.
    """
    joined = ("enrolment__cohort", "enrolment__course", "enrolment__learner", "quiz__activity")
    locked = Attempt.objects.select_for_update(of=("self",), no_key=True).select_related(*joined).get(pk=attempt.pk)
    now = timezone.now()
    is_settled = locked.status in {AttemptStatus.GRADED, AttemptStatus.RETURNED}
    if is_settled and (locked.takes_effect_at is None or locked.takes_effect_at <= now):
        raise UndoError(TOO_LATE)
    events = list(_recent(by).filter(response__attempt=locked).select_related("response"))
    if not events:
        raise UndoError(TOO_LATE)
    try:
        for event in events:
            GradeEvent.objects.undo(event, by=by, reason=REASON)
    except IntegrityError:
        raise UndoError(TOO_LATE) from None
    if is_settled:
        _wait_again(locked)
    drafting.forget_due(locked)
    log.record("attempt.judgement_undone", by=by, on=locked, events=len(events))
    claiming.claim(locked, by=by)
    return locked


def _wait_again(attempt: Attempt) -> None:
    """Back to what the remaining judgements say: waiting, or graded as it was before."""
    points = list(attempt.responses.values_list("points", flat=True))
    before = GradeEvent.objects.standing().filter(response__attempt=attempt, kind=GradeKind.TRAINER).order_by("-pk").first()
    waits = any(one is None for one in points)
    changes = {
        "status": AttemptStatus.SUBMITTED if waits else AttemptStatus.GRADED,
        "score": None if waits else scoring.mean(one for one in points if one is not None),
        "graded_at": None if waits or before is None else before.at,
        "remarks": before.comment if before else "",
        "takes_effect_at": None,
    }
    Attempt.objects.filter(pk=attempt.pk, status=attempt.status).update(**changes)
    for name, value in changes.items():
        setattr(attempt, name, value)
    if not waits:  # what it goes back to may not have taken effect by itself: the judgement that was taken back came within its minute
        effects.stands(attempt)


def undoable(by: User) -> QuerySet[Attempt]:
    """What this trainer judged within the last minute and may still take back, the newest first. One statement."""
    now = timezone.now()
    own = _recent(by).values("response__attempt")
    joined = ("enrolment__learner", "enrolment__agency", "quiz__activity")
    return Attempt.objects.filter(pk__in=own, takes_effect_at__gt=now).select_related(*joined).order_by("-takes_effect_at")


def _recent(by: User) -> QuerySet[GradeEvent]:
    return GradeEvent.objects.standing().filter(kind=GradeKind.TRAINER, by=by, at__gt=timezone.now() - UNDO_FOR)
