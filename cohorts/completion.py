"""What is still missing for the certificate, the final mark, and the one move to «selesai»: one list decides and explains."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import partial
from typing import Any

from django.db import transaction
from django.utils import timezone

from audit import log
from courses.models import ActivityKind
from linimasa import writing
from linimasa.problems import Problem
from linimasa.writing import MINUTES_PER_JP

from . import structure
from .models import Enrolment, EnrolmentStatus, Progress, ProgressState
from .signals import enrolment_completed
from .structure import Step, Structure, Unit
from .unlocking import ProgressMap, waived_lessons

# What holds where a course's published rules say nothing else (see courses/rules.py).
DEFAULT_RULES: dict[str, Any] = {
    "post_test_at_least": 0.7,
    "each_assignment_at_least": 0.6,
    "assignments_mean_at_least": 0.7,
    "weights": {"post_test": 40, "assignments": 45},
    "predicates": [[90, "Sangat Memuaskan"], [80, "Memuaskan"], [70, "Baik"]],
}


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition of the certificate. ``sentence`` says what is asked, ``detail`` where the learner stands."""

    code: str
    sentence: str
    met: bool
    detail: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Marks:
    """What the conditions and the final mark are made of. Marks are 0 to 1, None where nothing is graded yet."""

    lessons_done: int
    lessons_asked: int
    next_lesson: Step | None
    post_test: Step | None
    post_test_mark: Decimal | None
    assignments: tuple[tuple[Step, Decimal | None, str], ...]

    @property
    def mean(self) -> Decimal | None:
        """The mean of the core assignments, once each is graded."""
        marks = [mark for _step, mark, _state in self.assignments]
        if not marks or any(mark is None for mark in marks):
            return None
        return sum((mark for mark in marks if mark is not None), Decimal(0)) / len(marks)


def rules_of(plan: Structure) -> dict[str, Any]:
    """The rules that this cohort was published with, complete."""
    return {**DEFAULT_RULES, **{key: value for key, value in plan.rules.items() if key in DEFAULT_RULES}}


def marks_of(plan: Structure, progress: ProgressMap) -> Marks:
    """Read structure and progress; no SQL. Only core modules and the post-test count."""
    done, missing = 0, []
    assignments = []
    for unit in plan.core:
        waived = waived_lessons(unit, progress)
        for step in unit.steps:
            row = progress.get(step.activity_id)
            if step.kind == ActivityKind.LESSON and step.required:
                if row is not None and row.state == ProgressState.COMPLETED:
                    done += 1
                elif step.activity_id not in waived:
                    missing.append(step)
            elif step.kind == ActivityKind.ASSIGNMENT and step.required:
                graded = row is not None and row.state == ProgressState.COMPLETED
                assignments.append((step, row.points if row is not None and graded else None, row.state if row else ""))
    test = plan.post_test()
    row = progress.get(test.activity_id) if test else None
    return Marks(done, done + len(missing), missing[0] if missing else None, test, row.points if row else None, tuple(assignments))


def conditions(plan: Structure, progress: ProgressMap) -> list[Condition]:
    """Every condition of the certificate with its state: what page, mail and verb share. No SQL."""
    rules, marks = rules_of(plan), marks_of(plan, progress)
    found = []
    if marks.lessons_asked:
        found.append(
            Condition(
                "lessons",
                "Semua pelajaran modul inti selesai",
                marks.lessons_done >= marks.lessons_asked,
                f"{marks.lessons_done} dari {marks.lessons_asked} pelajaran",
                marks.next_lesson.url if marks.next_lesson else "",
            )
        )
    least = Decimal(str(rules["each_assignment_at_least"]))
    for step, mark, state in marks.assignments:
        found.append(
            Condition(
                f"assignment:{step.activity_id}",
                f"Tugas {step.title}, nilai paling rendah {writing.mark(least)}",
                mark is not None and mark >= least,
                _assignment_detail(mark, state),
                step.url,
            )
        )
    if marks.assignments:
        least = Decimal(str(rules["assignments_mean_at_least"]))
        detail = f"Rata-rata Anda {writing.mark(marks.mean)}" if marks.mean is not None else "Dihitung setelah semua tugas dinilai"
        found.append(
            Condition(
                "assignments_mean",
                f"Rata-rata tugas praktik paling rendah {writing.mark(least)}",
                marks.mean is not None and marks.mean >= least,
                detail,
            )
        )
    if marks.post_test:
        least, mark = Decimal(str(rules["post_test_at_least"])), marks.post_test_mark
        found.append(
            Condition(
                "post_test",
                f"Tes akhir, nilai paling rendah {writing.mark(least)}",
                mark is not None and mark >= least,
                f"Nilai tertinggi Anda {writing.mark(mark)}" if mark is not None else "Belum dikerjakan",
                marks.post_test.url,
            )
        )
    return found


def _assignment_detail(mark: Decimal | None, state: str) -> str:
    if mark is not None:
        return f"Nilai Anda {writing.mark(mark)}"
    words: dict[str, str] = {
        ProgressState.SUBMITTED: "Menunggu penilaian pengajar",
        ProgressState.RETURNED: "Perlu perbaikan, kirim ulang",
        ProgressState.STARTED: "Belum dikirim",
        ProgressState.FAILED: "Belum memenuhi",
    }
    return words.get(state, "Belum dikirim")


def checklist(enrolment: Enrolment, *, progress: ProgressMap | None = None) -> list[Condition]:
    """Each condition with its state, in the order in which learners meet them."""
    return conditions(structure.of(enrolment), Progress.objects.by_activity(enrolment) if progress is None else progress)


def problems(enrolment: Enrolment, *, progress: ProgressMap | None = None) -> list[Problem]:
    """«Mengapa belum terbit?»: what is still missing; empty when the enrolment may be completed."""
    found = checklist(enrolment, progress=progress)
    if not found:
        return [Problem("nothing_asked", "Kursus ini belum punya pelajaran, tugas, atau tes yang diterbitkan.")]
    return [Problem(c.code, f"{c.sentence}. {c.detail}.", c.url) for c in found if not c.met]


def final_mark(enrolment: Enrolment, *, progress: ProgressMap | None = None) -> Decimal | None:
    """The final mark, 0 to 100 with two decimals; None until every part that counts has one.

    Weights 40 (post-test) : 45 (mean of the core assignments); a part that the cohort lacks drops out and the rest is renormalised.
    """
    plan = structure.of(enrolment)
    rules, marks = rules_of(plan), marks_of(plan, Progress.objects.by_activity(enrolment) if progress is None else progress)
    parts: list[tuple[Any, Decimal | None]] = []
    if marks.post_test:
        parts.append((rules["weights"].get("post_test", 0), marks.post_test_mark))
    if marks.assignments:
        parts.append((rules["weights"].get("assignments", 0), marks.mean))
    total = sum(Decimal(str(weight)) for weight, _mark in parts)
    if not total or any(mark is None for _weight, mark in parts):
        return None
    weighted = sum((Decimal(str(weight)) * mark for weight, mark in parts if mark is not None), Decimal(0))
    return (weighted / total * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)


def predicate(mark: Decimal | None, rules: Mapping[str, Any] | None = None) -> str:
    """The predicate of a final mark (0–100): ≥ 90, ≥ 80, ≥ 70; empty below."""
    if mark is None:
        return ""
    for least, word in (rules or DEFAULT_RULES).get("predicates", DEFAULT_RULES["predicates"]):
        if mark >= Decimal(str(least)):
            return str(word)
    return ""


def optional_units_completed(enrolment: Enrolment, *, progress: ProgressMap | None = None) -> list[Unit]:
    """Optional modules of which every required lesson, quiz and assignment is done (an assignment with the least mark)."""
    plan = structure.of(enrolment)
    rows = Progress.objects.by_activity(enrolment) if progress is None else progress
    least = Decimal(str(rules_of(plan)["each_assignment_at_least"]))
    return [unit for unit in plan.modules if unit.optional and _unit_completed(unit, rows, least)]


def _unit_completed(unit: Unit, progress: ProgressMap, least: Decimal) -> bool:
    waived = waived_lessons(unit, progress)
    for step in unit.steps:
        if not step.required or step.activity_id in waived:
            continue
        row = progress.get(step.activity_id)
        if row is None or row.state != ProgressState.COMPLETED:
            return False
        if step.kind == ActivityKind.ASSIGNMENT and (row.points is None or row.points < least):
            return False
    return bool(unit.steps)


def minutes_earned(enrolment: Enrolment, *, progress: ProgressMap | None = None) -> int:
    """The learning time a certificate of this enrolment counts, in minutes: the cohort's JP and each optional module completed."""
    return enrolment.cohort.jp * MINUTES_PER_JP + sum(u.minutes for u in optional_units_completed(enrolment, progress=progress))


@transaction.atomic(savepoint=False)
def complete_if_ready(enrolment: Enrolment) -> bool:
    """Complete the enrolment if nothing is missing; True for the one call that did it.

    The UPDATE carries the old status, so of many parallel calls one completes, writes the audit entry and sends the signal (on commit).
    """
    if problems(enrolment):
        return False
    now = timezone.now()
    changed = Enrolment.objects.filter(pk=enrolment.pk, status=EnrolmentStatus.ACTIVE).update(
        status=EnrolmentStatus.COMPLETED, completed_at=now
    )
    if not changed:
        return False
    enrolment.status, enrolment.completed_at = EnrolmentStatus.COMPLETED, now
    log.record("enrolment.completed", by=None, on=enrolment, mark=str(final_mark(enrolment)))
    transaction.on_commit(partial(_tell, enrolment.pk), robust=True)
    return True


def _tell(enrolment_id: int) -> None:
    enrolment_completed.send(sender=Enrolment, enrolment_id=enrolment_id)
