"""In which order things open: one pure function decides and explains; pages and verbs share it.

The course's own activities before the modules, then each module, then those after: an activity opens when every required one before
it is *behind* the learner. Behind means: a lesson is completed; a quiz is passed, or has no attempt left (nobody is locked out for
ever); an assignment is handed in (the trainer's time does not hold anyone up). An optional module never blocks. What a person has
begun stays open. A lesson that came with a later version is asked only of those who have not yet handed in its module's quiz or
assignment: these opened only when all lessons of that day were done.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.utils import timezone

from courses.models import Activity, ActivityKind
from linimasa import clock
from linimasa.problems import Problem

from . import structure
from .models import Cohort, CohortStatus, Enrolment, Progress, ProgressState
from .structure import Step, Structure, Unit

BEHIND: dict[str, frozenset[str]] = {
    ActivityKind.LESSON: frozenset({ProgressState.COMPLETED}),
    ActivityKind.QUIZ: frozenset({ProgressState.COMPLETED, ProgressState.FAILED, ProgressState.SUBMITTED}),
    ActivityKind.ASSIGNMENT: frozenset({ProgressState.SUBMITTED, ProgressState.RETURNED, ProgressState.FAILED, ProgressState.COMPLETED}),
}
ProgressMap = Mapping[int, "Seen | Progress"]


class Seen(NamedTuple):
    """What pages read of a row of progress: cheaper than the row itself."""

    state: str
    points: Decimal | None = None
    due_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the learner stands with one step. ``waived``: not asked of this learner; ``locked``: why it is not open yet."""

    step: Step
    progress: Seen | Progress | None
    waived: bool
    locked: Problem | None

    @property
    def state(self) -> str:
        return self.progress.state if self.progress else ""

    @property
    def done(self) -> bool:
        return self.state == ProgressState.COMPLETED

    @property
    def behind(self) -> bool:
        """Does it no longer hold up what comes after it?"""
        return self.waived or not self.step.required or is_behind(self.step, self.state)

    @property
    def due_at(self) -> datetime | None:
        """The person's own deadline, else the cohort's."""
        return (self.progress.due_at if self.progress else None) or self.step.due_at


def is_behind(step: Step, state: str) -> bool:
    return state in BEHIND.get(step.kind, frozenset({ProgressState.COMPLETED}))


def waived_lessons(unit: Unit, progress: ProgressMap) -> frozenset[int]:
    """Lessons of the unit that are not asked of this learner, because they came after its quiz or assignment was handed in."""
    judged = [s for s in unit.steps if s.kind != ActivityKind.LESSON and s.required and unit.is_module]
    if not any(is_behind(s, progress[s.activity_id].state) for s in judged if s.activity_id in progress):
        return frozenset()
    return frozenset(
        s.activity_id for s in unit.lessons if s.activity_id not in progress or progress[s.activity_id].state != ProgressState.COMPLETED
    )


def standings(cohort: Cohort, plan: Structure, progress: ProgressMap, *, now: datetime | None = None) -> list[Standing]:
    """Every step in order, each with whether it is open and, if not, why and what to do first. Pure: no SQL."""
    now = now or timezone.now()
    waiting: Step | None = None  # the first required step that is not behind the learner
    found: list[Standing] = []
    for unit in plan.units:
        waived = waived_lessons(unit, progress)
        own_waiting: Step | None = None  # within an optional module its own order holds, but blocks nothing outside
        for step in unit.steps:
            row = progress.get(step.activity_id)
            locked = _reason(cohort, step, row, waiting or own_waiting, now)
            standing = Standing(step, row, step.activity_id in waived, locked)
            found.append(standing)
            if not standing.behind:
                if unit.optional:
                    own_waiting = own_waiting or step
                else:
                    waiting = waiting or step
    return found


def _reason(cohort: Cohort, step: Step, row: Seen | Progress | None, waiting: Step | None, now: datetime) -> Problem | None:
    is_read = step.kind == ActivityKind.LESSON and row is not None
    if cohort.status == CohortStatus.CLOSED:
        return (
            None if is_read else Problem("cohort_closed", "Angkatan ini sudah ditutup. Pelajaran yang sudah Anda buka tetap bisa dibaca.")
        )
    if cohort.status == CohortStatus.PLANNED or (cohort.starts_at and cohort.starts_at > now):
        if cohort.starts_at:
            return Problem("cohort_not_started", f"Angkatan Anda dimulai {clock.moment_text(cohort.starts_at)}.")
        return Problem("cohort_not_started", "Angkatan Anda belum dibuka. Penyelenggara akan memberi tahu Anda.")
    if row is not None:
        return None
    if waiting is not None:
        return Problem("locked", f"{_first(waiting)} Setelah itu bagian ini terbuka.", waiting.url)
    if step.opens_at and step.opens_at > now:
        return Problem("not_open_yet", f"Bagian ini dibuka {clock.moment_text(step.opens_at)}.")
    return None


def _first(step: Step) -> str:
    if step.kind == ActivityKind.QUIZ:
        return f"Kerjakan dulu {step.title} sampai lulus atau kesempatannya habis."
    if step.kind == ActivityKind.ASSIGNMENT:
        return f"Kirim dulu tugas {step.title}."
    return f"Selesaikan dulu pelajaran {step.title}."


def locked_reason(enrolment: Enrolment, activity: Activity | int, *, progress: ProgressMap | None = None) -> Problem | None:
    """Why this activity is not open to this learner (None: it is). At most one statement besides the structure's.

    An activity that the learner's version does not have is locked too, unless it was begun before it left.
    """
    activity_id = activity if isinstance(activity, int) else activity.pk
    if progress is None:
        progress = Progress.objects.by_activity(enrolment)
    plan = structure.of(enrolment)
    if activity_id not in plan.by_activity:
        if activity_id in progress and enrolment.cohort.status == CohortStatus.OPEN:
            return None
        return Problem("not_in_version", "Bagian ini tidak ada dalam angkatan Anda.")
    return next(s.locked for s in standings(enrolment.cohort, plan, progress) if s.step.activity_id == activity_id)
