"""The neutral verb by which the owner of an activity says where a learner stands in it."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from courses.models import Activity, ActivityKind
from linimasa.prepared import Prepared, PreparedUpdate, insert

from . import completion, structure
from .models import Enrolment, EnrolmentStatus, Progress, ProgressState
from .unlocking import ProgressMap, Seen

RANK: dict[str, int] = {
    ProgressState.STARTED: 0,
    ProgressState.SUBMITTED: 1,
    ProgressState.RETURNED: 1,
    ProgressState.FAILED: 1,
    ProgressState.COMPLETED: 2,
}


class ProgressError(Exception):
    """A sentence for the person."""


_SEEN = Prepared(
    lambda enrolment: Progress.objects.filter(enrolment=enrolment).values_list("activity_id", "state", "points", "due_at", "completed_at"),
    int,
)
_LOCKED = Prepared(
    lambda enrolment, activity: Progress.objects.select_for_update().filter(enrolment=enrolment, activity=activity).order_by(), int, int
)
_HIGHER = PreparedUpdate(lambda key: Progress.objects.filter(pk=key), int, fields=("state", "points", "completed_at", "updated_at"))
_PLACE = PreparedUpdate(lambda key: Enrolment.objects.filter(pk=key), int, fields=("last_activity", "last_seen_at"))
_STATES = Prepared(lambda enrolment: Progress.objects.filter(enrolment=enrolment).values_list("activity_id", "state"), int)


def seen_by(enrolment: Enrolment) -> dict[int, Seen]:
    """What this enrolment has touched, as pages read it. One prepared statement."""
    return {row[0]: Seen(*row[1:]) for row in _SEEN.rows(enrolment.pk)}


def states_of(enrolment: Enrolment) -> dict[int, Seen]:
    """Only the states: all that unlocking needs. One prepared statement."""
    return {activity_id: Seen(state) for activity_id, state in _STATES.rows(enrolment.pk)}


@transaction.atomic(savepoint=False)
def record(
    enrolment: Enrolment, activity: Activity | int, *, state: str, points: Decimal | float | None = None, by_learner: bool = True
) -> Progress:
    """Say where the learner stands, in the caller's transaction. Idempotent; safe under any number of parallel calls.

    ``state``: STARTED (begun; also a quiz not passed with attempts left, its ``points`` given), SUBMITTED (a person must grade),
    RETURNED (for revision), FAILED (not passed and no attempt left), COMPLETED. ``points`` are 0 to 1; the highest counts.
    Never lowers: COMPLETED is final, no earned state goes back to STARTED, points only rise. Completes the enrolment when all
    conditions hold. ``by_learner`` False: somebody else's act, so it says nothing of when the learner was last here.
    """
    activity_id = activity if isinstance(activity, int) else activity.pk
    marks = None if points is None else Decimal(str(points)).quantize(Decimal("0.00001"))
    now = timezone.now()
    found = _LOCKED.objects(enrolment.pk, activity_id)
    if not found:
        fresh = Progress(enrolment=enrolment, activity_id=activity_id, state=state, points=marks)
        fresh.completed_at = now if state == ProgressState.COMPLETED else None
        insert(fresh, or_leave=True)  # another call may be first: then this one waits for it
        found = _LOCKED.objects(enrolment.pk, activity_id)
    (row,) = found
    raised = _raise(row, state=state, marks=marks)
    if raised:
        row.updated_at = now
        _HIGHER.update(row.pk, state=row.state, points=row.points, completed_at=row.completed_at, updated_at=now)
    if by_learner and (marks is None or state in {ProgressState.STARTED, ProgressState.SUBMITTED}):
        _remember_place(enrolment, activity_id)
    if row.state == ProgressState.COMPLETED and enrolment.status == EnrolmentStatus.ACTIVE:
        completion.complete_if_ready(enrolment)
    return row


def begin(enrolment: Enrolment, activity_id: int, *, known: ProgressMap) -> None:
    """``record`` of STARTED by the learner, where ``known`` (``seen_by``) was read in the same transaction.

    Nothing is lower than STARTED, so a row that is there stays as it is. One statement, two for the first beginning.
    """
    seen = known.get(activity_id)
    if seen is not None and seen.state == ProgressState.COMPLETED:
        record(enrolment, activity_id, state=ProgressState.STARTED)  # which completes the enrolment if nothing else is missing
        return
    if seen is None:
        insert(Progress(enrolment=enrolment, activity_id=activity_id, state=ProgressState.STARTED), or_leave=True)
    _remember_place(enrolment, activity_id)


def extend(enrolment: Enrolment, activity_id: int, *, due_at: datetime) -> None:
    """Give this learner a deadline of their own for an activity that they have begun; it replaces the cohort's. One statement."""
    Progress.objects.filter(enrolment=enrolment, activity=activity_id).update(due_at=due_at, updated_at=timezone.now())


def _raise(row: Progress, *, state: str, marks: Decimal | None) -> list[str]:
    """Move the row upwards only; the names of the fields that changed."""
    changed = []
    if state != row.state and row.state != ProgressState.COMPLETED and RANK[state] >= RANK[row.state]:
        row.state = state
        changed.append("state")
        if state == ProgressState.COMPLETED:
            row.completed_at = timezone.now()
            changed.append("completed_at")
    if marks is not None and (row.points is None or marks > row.points):
        row.points = marks
        changed.append("points")
    return changed


def _remember_place(enrolment: Enrolment, activity_id: int) -> None:
    """Where «Lanjutkan belajar» starts from, and when this learner was last active.

    A write of the learner's own act, never of a GET and never of a grade that someone else (or the clock) gives.
    """
    enrolment.last_activity_id = activity_id
    enrolment.last_seen_at = timezone.now()
    _PLACE.update(enrolment.pk, last_activity=activity_id, last_seen_at=enrolment.last_seen_at)


@transaction.atomic
def undo(enrolment: Enrolment, activity_id: int, *, by: User) -> bool:
    """Take back the completion of a lesson, as the learner's own act; it stays begun. False when there was nothing to take back.

    Raises ``ProgressError`` for anything that is judged, and once the enrolment is completed (its certificate rests on it).
    """
    step = structure.of(enrolment).by_activity.get(activity_id)
    if step is None or step.kind != ActivityKind.LESSON:
        raise ProgressError("Hanya pelajaran yang bisa diurungkan.")
    status = Enrolment.objects.select_for_update().values_list("status", flat=True).get(pk=enrolment.pk)
    if status != EnrolmentStatus.ACTIVE:
        raise ProgressError("Bimtek ini sudah selesai, jadi pelajarannya tidak bisa diurungkan.")
    changed = Progress.objects.filter(enrolment=enrolment, activity=activity_id, state=ProgressState.COMPLETED).update(
        state=ProgressState.STARTED, completed_at=None, updated_at=timezone.now()
    )
    if changed:
        log.record("progress.undone", by=by, on=enrolment, activity=activity_id)
    return bool(changed)
