"""Doing it: the worker applies a correction in batches that may stop at any line and be repeated.

Every batch locks its attempts, also the running ones: whoever hands in after that finds the correction, whoever handed in before is in the
batch. ``reached`` is the last attempt that was looked at; it moves in the same transaction as the marks. Earned progress, a pass and
an issued certificate are never lowered: progress only rises (``cohorts.progress``), an attempt that had passed ``stays_passed``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal
from typing import Any

import structlog
from django.db import DatabaseError, transaction
from django.db.models import Exists, F, OuterRef, Subquery
from django.utils import timezone

from audit import log
from cohorts import progress
from cohorts.models import Progress, ProgressState

from .. import frozen, scoring
from ..marking import release
from ..models import (
    Attempt,
    AttemptStatus,
    CorrectedVersion,
    Correction,
    CorrectionChoice,
    CorrectionStatus,
    GradeEvent,
    GradeKind,
    GradeMethod,
    QuestionVersion,
    Response,
)
from ..models.grade import mean
from . import regrading, telling
from .judging import Rule
from .regrading import Fate, Held, Verdict

logger = structlog.get_logger(__name__)
BATCH = 200
CAUGHT_UP_FOR = timedelta(days=2)


def apply(correction_id: int, *, batch: int = BATCH) -> bool:
    """Apply a correction to all answers that were judged, batch by batch; True once it is done.

    False when another worker is at it. Safe to run twice, by several workers, and after a worker died anywhere.
    """
    while (left := _next_batch(correction_id, batch)) is not None:
        if not left:
            return True
    return False


@transaction.atomic
def _next_batch(correction_id: int, size: int) -> int | None:
    """The next attempts, in one transaction; how many there were, 0 when it is done, None when somebody else holds the correction."""
    rows = Correction.objects.select_for_update(skip_locked=True, of=("self",))
    correction = rows.select_related("new_version", "question", "by").filter(pk=correction_id).first()
    if correction is None:
        return None
    if correction.status == CorrectionStatus.DONE:
        return 0
    versions = frozen.questions(list(correction.covered.values_list("version_id", flat=True)))
    answers = Response.objects.filter(question_version__in=versions, attempt_id__gt=correction.reached)
    ids = list(answers.order_by("attempt_id").values_list("attempt_id", flat=True)[:size])
    done, changed = regrade(correction, versions, ids) if ids else (0, 0)
    values: dict[str, Any] = {"status": CorrectionStatus.RUNNING, "done": F("done") + done, "changed": F("changed") + changed}
    if ids:
        values["reached"] = ids[-1]
    else:
        telling.tell(correction)
        values |= {"status": CorrectionStatus.DONE, "finished_at": timezone.now()}
    Correction.objects.filter(pk=correction_id).update(**values)
    return len(ids)


def regrade(correction: Correction, versions: Mapping[int, QuestionVersion], attempt_ids: Sequence[int]) -> tuple[int, int]:
    """Apply the correction to these attempts, in the caller's transaction: how many were looked at, and how many marks changed.

    An answer that has its event of this correction is left alone.
    """
    joined = ("enrolment__cohort__course", "enrolment__course", "enrolment__learner", "quiz__activity")
    locking = Attempt.objects.select_for_update(of=("self",), no_key=True).select_related(*joined)
    locked = {one.pk: one for one in locking.filter(pk__in=list(attempt_ids)).order_by("pk")}
    closed = [pk for pk, one in locked.items() if one.status != AttemptStatus.OPEN]
    rows = Response.objects.filter(attempt__in=closed, question_version__in=versions).exclude(grade_events__correction=correction)
    found = regrading.held(rows.order_by("attempt_id"), versions)
    rule = Rule(correction.pk, correction.choice, correction.new_version, correction.reason)
    verdicts = [(one, regrading.verdict(rule, one, over_trainers=correction.over_trainers)) for one in found]
    moved = [(one, said) for one, said in verdicts if _moves(said, locked[one.attempt])]
    if moved:
        _add_events(correction, moved)
        _fold_again([locked[one.attempt] for one, _said in moved], correction)
    return len(closed), len(moved)


def _moves(said: Verdict, attempt: Attempt) -> bool:
    """Work that was returned has been sent back already: it is not opened once more."""
    return said.fate == Fate.CHANGED or said.fate == Fate.REOPENED and attempt.status == AttemptStatus.GRADED


def _add_events(correction: Correction, moved: Sequence[tuple[Held, Verdict]]) -> None:
    """One event for each answer; where a person has to judge again, it takes the last judgement back (and others the older ones)."""
    judged_by = correction.new_version_id
    common = {"kind": GradeKind.REGRADE, "by_id": correction.by_id, "reason": correction.reason}
    events = [
        GradeEvent(
            response_id=one.response,
            question_version_id=judged_by or one.version.pk,
            points=said.points,
            criteria=dict(said.criteria),
            correction=correction,
            **common,
        )
        for one, said in moved
        if said.points is not None
    ]
    reopened = [one.response for one, said in moved if said.points is None]
    named = set()
    for old in GradeEvent.objects.standing().filter(response__in=reopened).order_by("response_id", "-pk"):
        first = old.response_id not in named
        named.add(old.response_id)
        events.append(
            GradeEvent(
                response_id=old.response_id,
                question_version_id=judged_by or old.question_version_id,
                points=old.points,
                criteria=old.criteria,
                undoes=old,
                correction=correction if first else None,
                **common,
            )
        )
    GradeEvent.objects.bulk_create(events)
    newest = GradeEvent.objects.standing().filter(response=OuterRef("pk")).order_by("-pk").values("points")[:1]
    Response.objects.filter(pk__in=[one.response for one, _said in moved]).update(points=Subquery(newest))


def _fold_again(attempts: Sequence[Attempt], correction: Correction) -> None:
    """Scores are the means of their marks again; what was raised reaches progress. In the order of enrolments, so that two corrections
    at once do not wait for each other."""
    points: dict[int, list[Decimal | None]] = {one.pk: [] for one in attempts}
    for key, value in Response.objects.filter(attempt__in=points).order_by("position").values_list("attempt_id", "points"):
        points[key].append(value)
    rows = Progress.objects.filter(
        enrolment__in={one.enrolment_id for one in attempts}, activity__in={a.quiz.activity_id for a in attempts}
    )
    known = {(row.enrolment_id, row.activity_id): row for row in rows}
    for attempt in sorted(attempts, key=lambda one: (one.enrolment_id, one.quiz.activity_id, one.pk)):
        row = known.get((attempt.enrolment_id, attempt.quiz.activity_id))
        marks = points[attempt.pk]
        whole = [one for one in marks if one is not None]
        if attempt.status == AttemptStatus.SUBMITTED:
            if not scoring.settle(attempt, by=None):
                log.record("attempt.regraded", by=correction.by, on=attempt, correction=correction.pk, before="–", score="–")
        elif len(whole) < len(marks):
            _reopen(attempt, correction)
        else:
            _rescore(attempt, mean(whole), correction, row)


def _reopen(attempt: Attempt, correction: Correction) -> None:
    """Back to the queue of those who grade. A pass that was earned stays."""
    keeps, before = attempt.is_passed, attempt.score
    values = {"status": AttemptStatus.SUBMITTED, "score": None, "graded_at": None, "takes_effect_at": None, "stays_passed": keeps}
    if Attempt.objects.filter(pk=attempt.pk, status=AttemptStatus.GRADED).update(**values):
        log.record("attempt.reopened", by=correction.by, on=attempt, correction=correction.pk, before=str(before))


def _rescore(attempt: Attempt, score: Decimal, correction: Correction, row: Progress | None) -> None:
    before, had_passed = attempt.score, attempt.is_passed
    if score == before:
        return
    completed = row is not None and row.state == ProgressState.COMPLETED
    falls = attempt.pass_mark is not None and score < attempt.pass_mark
    averaged = attempt.rules.get("grade_method") == GradeMethod.AVERAGE and completed
    keeps = attempt.stays_passed or before is not None and score < before and (had_passed and falls or averaged)
    keeps = keeps and attempt.status == AttemptStatus.GRADED
    Attempt.objects.filter(pk=attempt.pk, status=attempt.status).update(score=score, stays_passed=keeps)
    attempt.score, attempt.stays_passed = score, keeps
    log.record("attempt.regraded", by=correction.by, on=attempt, correction=correction.pk, before=str(before), score=str(score))
    if attempt.takes_effect_at is None:
        _raise_progress(attempt, score, row, falls=falls)


def _raise_progress(attempt: Attempt, score: Decimal, row: Progress | None, *, falls: bool) -> None:
    """Upwards only; a mark that is held is told with its announcement."""
    if release.is_held(attempt.rules) and not release.is_announced(attempt.quiz_id, attempt.enrolment.cohort_id):
        return
    completed = row is not None and row.state == ProgressState.COMPLETED
    rises = row is None or row.points is None or score > row.points
    if attempt.rules.get("grade_method") == GradeMethod.AVERAGE or not falls and (rises or not completed):
        scoring.record_progress(attempt, floor=score)
    elif rises:
        state = row.state if row is not None else ProgressState.STARTED
        progress.record(attempt.enrolment, attempt.quiz.activity_id, state=state, points=score, by_learner=False)


def left_behind(correction: Correction) -> list[int]:
    """Attempts that were graded by the old key although the correction was there (by a process of an older release, say): none, normally.

    One statement. What is found is regraded like all others.
    """
    if correction.choice == CorrectionChoice.LEAVE or correction.new_version_id is None:
        return []
    versions = list(correction.covered.values_list("version_id", flat=True))
    newer = CorrectedVersion.objects.filter(version=OuterRef("response__question_version"), correction__gt=correction.pk)
    events = GradeEvent.objects.standing().filter(
        kind=GradeKind.AUTOMATIC, at__gt=correction.created_at, response__question_version__in=versions, question_version__in=versions
    )
    rows = events.exclude(response__grade_events__correction=correction).exclude(Exists(newer)).order_by()
    return sorted(set(rows.values_list("response__attempt_id", flat=True)))


@transaction.atomic
def catch_up(correction: Correction) -> int:
    """Regrade what ``left_behind`` finds; how many marks changed."""
    ids = left_behind(correction)[:BATCH]
    if not ids:
        return 0
    versions = frozen.questions(list(correction.covered.values_list("version_id", flat=True)))
    _done, changed = regrade(correction, versions, ids)
    if changed:
        Correction.objects.filter(pk=correction.pk).update(
            done=F("done") + changed, changed=F("changed") + changed, total=F("total") + changed
        )
        telling.tell(correction)
    return changed


def unfinished() -> list[int]:
    """Corrections that are not done, the oldest first."""
    return list(Correction.objects.exclude(status=CorrectionStatus.DONE).order_by("pk").values_list("pk", flat=True))


def sweep() -> int:
    """Go on with what is not finished, and catch up what was left behind lately; how many corrections were finished.

    One that cannot be applied does not hold up the others.
    """
    finished = 0
    for correction_id in unfinished():
        try:
            finished += apply(correction_id)
        except DatabaseError:
            logger.exception("correction.not_applied", correction=correction_id)
    for correction in Correction.objects.filter(finished_at__gt=timezone.now() - CAUGHT_UP_FOR).select_related("new_version", "by"):
        catch_up(correction)
    return finished
