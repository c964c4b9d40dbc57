"""What a learner does in lessons: read on, complete, take back, check one's understanding; and where to go on from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from courses import outline
from courses.models import ActivityKind
from linimasa.problems import Problem

from . import progress, structure
from .models import CohortStatus, Enrolment, EnrolmentStatus, ProgressState
from .structure import Step, Structure, Unit
from .unlocking import ProgressMap, Standing, standings

PETALS: dict[str, int] = {
    "": 0,
    ProgressState.STARTED: 2,
    ProgressState.SUBMITTED: 3,
    ProgressState.RETURNED: 2,
    ProgressState.FAILED: 1,
    ProgressState.COMPLETED: 4,
}
WORDS: dict[str, str] = {
    "": "belum dimulai",
    ProgressState.STARTED: "sudah dibuka",
    ProgressState.SUBMITTED: "menunggu penilaian",
    ProgressState.RETURNED: "perlu perbaikan",
    ProgressState.FAILED: "belum lulus",
    ProgressState.COMPLETED: "selesai",
}


class LearningError(Exception):
    """A sentence for the learner; ``url`` leads to what comes first."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence)
        self.url = problem.url


@dataclass(frozen=True, slots=True)
class Place:
    """Everything a learner's page needs: the structure, the person's rows, and where each step stands."""

    enrolment: Enrolment
    plan: Structure
    progress: ProgressMap
    steps: Sequence[Standing]
    by_activity: Mapping[int, Standing]

    def of_unit(self, unit: Unit) -> list[Standing]:
        return [self.by_activity[step.activity_id] for step in unit.steps]

    def unit_share(self, unit: Unit) -> float:
        """How much of the unit's required steps is done, 0 to 1; waived ones are not asked."""
        asked = [s for s in self.of_unit(unit) if s.step.required and not s.waived]
        return sum(1 for s in asked if s.done) / len(asked) if asked else 0.0


def place_of(enrolment: Enrolment, rows: ProgressMap | None = None) -> Place:
    """Where this enrolment stands. One statement (none when the rows are given)."""
    rows = progress.seen_by(enrolment) if rows is None else rows
    plan = structure.of(enrolment)
    found = standings(enrolment.cohort, plan, rows)
    return Place(enrolment, plan, rows, found, {standing.step.activity_id: standing for standing in found})


def next_step(place: Place) -> Standing | None:
    """Where «Lanjutkan belajar» leads: the last place if it is unfinished and open, else the first open thing to do.

    Core before optional; None when nothing is left to do now (all done, or waiting for a trainer).
    """
    if place.enrolment.cohort.status != CohortStatus.OPEN:
        return None
    last = place.by_activity.get(place.enrolment.last_activity_id or 0)
    if last is not None and last.locked is None and _wants_work(last):
        return last
    doable = [s for s in place.steps if s.locked is None and s.step.required and _wants_work(s)]
    core = [s for s in doable if not place.plan.units[s.step.unit].optional]
    found = core or doable
    return found[0] if found else None


def _wants_work(standing: Standing) -> bool:
    if standing.waived or standing.done:
        return False
    return not standing.behind or standing.state == ProgressState.RETURNED


def following(place: Place, step: Step) -> Step | None:
    """The step after this one in the order of the programme."""
    order = list(place.plan.steps())
    position = order.index(step)
    return order[position + 1] if position + 1 < len(order) else None


def preceding(place: Place, step: Step) -> Step | None:
    order = list(place.plan.steps())
    position = order.index(step)
    return order[position - 1] if position else None


def complete_lesson(enrolment: Enrolment, step: Step) -> None:
    """The learner says that a lesson is done. Idempotent. Raises ``LearningError`` with what comes first when it is not open."""
    place = place_of(enrolment)
    standing = place.by_activity[step.activity_id]
    if standing.locked is not None:
        raise LearningError(standing.locked)
    if enrolment.cohort.status != CohortStatus.OPEN:
        raise LearningError(Problem("cohort_closed", "Angkatan ini sudah ditutup, jadi kemajuan tidak lagi dicatat."))
    progress.record(enrolment, step.activity_id, state=ProgressState.COMPLETED)


def answer_check(enrolment: Enrolment, page: outline.LessonPage, key: str, choice: int) -> bool:
    """Whether the choice is right. Never graded; the lesson counts as begun by it. Raises ``KeyError``/``IndexError`` for unknown ones."""
    check = page.check(key)
    if check is None:
        raise KeyError(key)
    if not 0 <= choice < len(check["choices"]):
        raise IndexError(choice)
    if enrolment.cohort.status == CohortStatus.OPEN and enrolment.status in {EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED}:
        progress.record(enrolment, page.activity_id, state=ProgressState.STARTED)
    return choice == check["answer"]


def as_shown(standings_of_unit: Sequence[Standing], current: int | None = None) -> list[dict[str, Any]]:
    """Each step of a unit as the outline draws it."""
    return [
        {
            "step": s.step,
            "petals": 4 if s.waived else PETALS[s.state],
            "words": "tidak diwajibkan bagi Anda" if s.waived else WORDS[s.state],
            "done": s.done or s.waived,
            "now": s.step.activity_id == current,
            "locked": s.locked,
            "state": s.state,
            "is_lesson": s.step.kind == ActivityKind.LESSON,
        }
        for s in standings_of_unit
    ]
