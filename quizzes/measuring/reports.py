"""Statistics of a quiz from its rows, by the worker: asked for, computed, kept as JSON until something changes.

However many attempts there are it takes the same few statements; rows are read in chunks into columns of numbers.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from math import isnan
from typing import Any

import structlog
from django.db import DatabaseError
from django.db.models import Count, F, FloatField, Func, Max, Q, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from cohorts.models import Cohort
from linimasa import work

from ..correcting.judging import Judge, judge_for
from ..models import Attempt, AttemptStatus, GradeEvent, GradeKind, QuestionVersion, Quiz, QuizPurpose, Response, Statistics
from . import flags, gain, items, numbers, options, reliability
from .items import LEAST
from .sheet import Column, Sheet

logger = structlog.get_logger(__name__)
CHUNK = 5_000
SWEPT_AT_ONCE = 20
ASKED_AT_ONCE = 200
JUDGED = (AttemptStatus.GRADED, AttemptStatus.RETURNED)
FIRST, LATEST = "first", "latest"


class Epoch(Func):
    """A moment as seconds since 1970, computed by the database: hundreds of thousands of datetimes would take seconds to make."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="((julianday(%(expressions)s) - 2440587.5) * 86400.0)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="EXTRACT(EPOCH FROM %(expressions)s)::double precision", **more)


# --- asking -----------------------------------------------------------------------------------------------------------
def ask(quiz: Quiz, cohort: Cohort | None) -> Statistics:
    """Let the worker compute this soon; asking again before it has does nothing more."""
    from ..tasks import compute_statistics  # noqa: PLC0415 - the task calls this module

    found, _ = Statistics.objects.get_or_create(quiz=quiz, cohort=cohort)
    if not is_waiting(found):
        found.asked_at = timezone.now()
        Statistics.objects.filter(pk=found.pk).update(asked_at=found.asked_at)
    work.hint(compute_statistics, found.pk)
    return found


def is_waiting(found: Statistics) -> bool:
    """Asked for, and not computed since."""
    return found.asked_at is not None and (found.computed_at is None or found.computed_at < found.asked_at)


def asked() -> Any:
    """The rows that wait to be computed, the longest waiting first."""
    return (
        Statistics.objects.filter(asked_at__isnull=False)
        .filter(Q(computed_at=None) | Q(computed_at__lt=F("asked_at")))
        .order_by("asked_at")
    )


def compute_asked() -> int:
    """Compute what was asked for; how many. One that cannot be computed does not hold up the others."""
    done = 0
    for key in list(asked().values_list("pk", flat=True)[:SWEPT_AT_ONCE]):
        try:
            done += compute(key)
        except DatabaseError:
            logger.exception("statistics.not_computed", statistics=key)
    return done


def ask_stale() -> int:
    """Ask for the statistics of every quiz that was judged since they were computed, for each cohort and for all; how many."""
    newest: dict[tuple[int, int | None], datetime] = {}
    judged = Attempt.objects.filter(status__in=JUDGED, graded_at__isnull=False).exclude(quiz__purpose=QuizPurpose.ASSIGNMENT)
    rows = list(judged.values_list("quiz", "enrolment__cohort").order_by().annotate(Max("graded_at"), Count("pk")))
    by_hand = GradeEvent.objects.exclude(kind=GradeKind.AUTOMATIC).filter(response__attempt__status__in=JUDGED)
    again = by_hand.values_list("response__attempt__quiz", "response__attempt__enrolment__cohort").order_by().annotate(Max("at"))
    sizes: dict[tuple[int, int | None], int] = defaultdict(int)
    for quiz, cohort, at, *count in [*rows, *again]:
        for key in ((quiz, cohort), (quiz, None)):
            newest[key] = max(at, newest.get(key, at))
            sizes[key] += sum(count)
    known = {(one.quiz_id, one.cohort_id): one for one in Statistics.objects.defer("data")}
    due = [
        key
        for key, at in newest.items()
        if sizes[key] >= LEAST and (key not in known or max(filter(None, (known[key].computed_at, known[key].asked_at)), default=at) <= at)
    ]
    for quiz, cohort in due[:ASKED_AT_ONCE]:
        found = known.get((quiz, cohort)) or _row_of(quiz, cohort)
        Statistics.objects.filter(pk=found.pk).update(asked_at=timezone.now())
    return len(due[:ASKED_AT_ONCE])


def _row_of(quiz: int, cohort: int | None) -> Statistics:
    found: Statistics = Statistics.objects.get_or_create(quiz_id=quiz, **({"cohort_id": cohort} if cohort else {"cohort": None}))[0]
    return found


# --- computing --------------------------------------------------------------------------------------------------------
@dataclass
class Reading:
    """The rows of one quiz (and cohort) as sheets: of each learner's first attempt, and of the latest one where that differs."""

    first: Sheet = field(default_factory=Sheet)
    latest: Sheet | None = None
    answers: dict[int, dict[str, int]] = field(default_factory=lambda: defaultdict(dict))  # version → answer as text → its number
    span: tuple[str, str] | None = None


def compute(key: int) -> bool:
    """Compute these statistics from today's rows; False when they are gone. Harmless when run twice: the later beginning holds."""
    began = timezone.now()
    found = Statistics.objects.select_related("quiz__activity", "cohort").defer("data").filter(pk=key).first()
    if found is None:
        return False
    data, attempts = report(found.quiz, found.cohort)
    fresh = Statistics.objects.filter(pk=key).filter(Q(computed_at=None) | Q(computed_at__lt=began))
    return bool(fresh.update(data=data, attempts=attempts, computed_at=began))


def report(quiz: Quiz, cohort: Cohort | None) -> tuple[dict[str, Any], int]:
    """What is kept: ``{"first": …, "latest": …}`` (equal ones once), and how many learners are in it."""
    attempts = _attempts(quiz, cohort)
    reading = _read(attempts, quiz, cohort)
    versions = list(_versions(quiz))
    waiting = _of(quiz, cohort).filter(status=AttemptStatus.SUBMITTED).count()
    judge = judge_for([one.pk for one in versions])
    before = _before(quiz, cohort)
    data: dict[str, Any] = {}
    for choice, sheet in ((FIRST, reading.first), (LATEST, reading.latest)):
        if sheet is None:
            continue
        chosen = attempts.first if choice == FIRST else attempts.latest
        data[choice] = {
            "summary": _summary(sheet) | {"waiting": waiting, "from": chosen.began, "to": chosen.ended} if len(sheet) >= LEAST else {},
            "items": _items(sheet, versions, reading.answers, judge) if len(sheet) >= LEAST else [],
            "gain": _gain(before, chosen.scores),
        }
        if data[choice]["summary"]:
            data[choice]["summary"] |= {"questions": len(data[choice]["items"]), "flagged": _flagged(data[choice]["items"])}
    return data, len(reading.first)


def _of(quiz: Quiz, cohort: Cohort | None) -> Any:
    rows = Attempt.objects.counted().filter(quiz=quiz)
    return rows.filter(enrolment__cohort=cohort) if cohort else rows


@dataclass
class Chosen:
    """The attempts that count under one choice: ``places`` attempt → its number in the sheet; ``scores`` by enrolment."""

    places: dict[int, int] = field(default_factory=dict)
    scores: dict[int, float] = field(default_factory=dict)
    began: str | None = None
    ended: str | None = None


@dataclass
class Attempts:
    first: Chosen
    latest: Chosen
    started: dict[int, float]  # attempt → when it began

    @property
    def are_equal(self) -> bool:
        return self.first.places.keys() == self.latest.places.keys()


def _attempts(quiz: Quiz, cohort: Cohort | None) -> Attempts:
    """Which attempts count: of each learner the one with the lowest and with the highest number, among those that are judged."""
    rows = _of(quiz, cohort).filter(status__in=JUDGED, score__isnull=False).order_by("enrolment_id", "number")
    words = ("pk", "enrolment_id", Cast("score", FloatField()), Epoch("started_at"), Epoch("submitted_at"))
    first, latest = dict[int, tuple[Any, ...]](), dict[int, tuple[Any, ...]]()
    for row in rows.values_list(*words).iterator(CHUNK):
        first.setdefault(row[1], row)
        latest[row[1]] = row
    started = {row[0]: row[3] for rows in (first, latest) for row in rows.values()}
    return Attempts(_chosen(first), _chosen(latest), started)


def _chosen(rows: dict[int, tuple[Any, ...]]) -> Chosen:
    found = Chosen({row[0]: place for place, row in enumerate(rows.values())}, {row[1]: row[2] for row in rows.values()})
    if rows:
        found.began = datetime.fromtimestamp(min(row[3] for row in rows.values()), tz=UTC).isoformat()
        found.ended = datetime.fromtimestamp(max(row[4] for row in rows.values()), tz=UTC).isoformat()
    return found


def _read(attempts: Attempts, quiz: Quiz, cohort: Cohort | None) -> Reading:
    """The responses of the attempts that count, in one pass."""
    found = Reading()
    targets: list[tuple[dict[int, int], Sheet]] = [(attempts.first.places, found.first)]
    if not attempts.are_equal:
        found.latest = Sheet()
        targets.append((attempts.latest.places, found.latest))
    for places, sheet in targets:
        for _ in places:
            sheet.open_attempt()
    rows = Response.objects.filter(attempt__quiz=quiz, attempt__status__in=JUDGED, points__isnull=False)
    if cohort:
        rows = rows.filter(attempt__enrolment__cohort=cohort)
    words = ("attempt_id", "question_version_id", Cast("points", FloatField()), Cast("answer", TextField()), Epoch("saved_at"))
    answers = found.answers
    for attempt, group in _grouped(rows.order_by("attempt_id", "position").values_list(*words).iterator(CHUNK)):
        before = attempts.started.get(attempt)
        if before is None:
            continue
        mine = [(places[attempt], sheet) for places, sheet in targets if attempt in places]
        for _, version, points, answer, saved in sorted(group, key=_saved):
            blank = answer is None or answer == "null"
            seconds = float("nan") if saved is None else max(0.0, saved - before)
            before = before if saved is None else saved
            said = -1
            if not blank:
                texts = answers[version]
                said = texts.setdefault(answer, len(texts))
            for who, sheet in mine:
                sheet.add(version, who, points, blank=blank, said=said, seconds=seconds)
    return found


def _saved(row: tuple[Any, ...]) -> float:
    return row[4] or 0.0


def _grouped(rows: Iterator[tuple[Any, ...]]) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """The rows of each attempt together; they come in that order."""
    attempt, group = 0, list[tuple[Any, ...]]()
    for row in rows:
        if row[0] != attempt and group:
            yield attempt, group
            group = []
        attempt = row[0]
        group.append(row)
    if group:
        yield attempt, group


def _versions(quiz: Quiz) -> Any:
    """The question versions that this quiz ever showed, the newest of each question first."""
    shown = Response.objects.filter(attempt__quiz=quiz).order_by().values("question_version")
    return QuestionVersion.objects.filter(pk__in=shown).defer("drawn").order_by("question_id", "-number").iterator(CHUNK)


# --- what is kept -----------------------------------------------------------------------------------------------------
def _summary(sheet: Sheet) -> dict[str, Any]:
    scores = sheet.scores()
    average, spread = reliability.middle(scores)
    parts = numbers.quartiles(scores)
    return {
        "n": len(sheet),
        "mean": average,
        "sd": spread,
        "quartiles": parts,
        "alpha": reliability.alpha(sheet),
        "sem": reliability.error_of_measurement(sheet),
        "histogram": reliability.histogram(scores),
    }


def _items(sheet: Sheet, versions: Sequence[QuestionVersion], answers: dict[int, dict[str, int]], judge: Judge) -> list[dict[str, Any]]:
    """Each question with its versions, the newest first; one that fewer than five were shown says no more than that."""
    parts = items.groups(sheet.scores())
    by_question: dict[int, list[dict[str, Any]]] = {}
    for version in versions:
        column = sheet.columns.get(version.pk)
        if column is not None:
            found = {"version": version.pk, "number": version.number, "kind": version.kind}
            told = _measured(sheet, column, parts, version, answers.get(version.pk, {}), judge) if len(column) >= LEAST else {}
            by_question.setdefault(version.question_id, []).append(found | told)
    times = [one["time"][1] for versions in by_question.values() for one in versions if one.get("time")]
    usual = numbers.quartiles(times)
    for measured in by_question.values():
        for one in measured:
            if "n" in one:
                one["flags"] = _flags(one, usual[1] if usual else None)
    return [{"question": key, "versions": measured} for key, measured in by_question.items()]


def _measured(
    sheet: Sheet, column: Column, parts: items.Groups, version: QuestionVersion, answers: dict[str, int], judge: Judge
) -> dict[str, Any]:
    ends = items.extremes(column, parts)
    times = [one for one in column.seconds if not isnan(one)]
    answered = len(column) - sum(column.blank)
    return {
        "n": len(column),
        "answered": answered,
        "blank": items.blank_share(column),
        "facility": items.facility(column) if answered >= LEAST else None,
        "facility_shown": items.facility_of_shown(column),
        "discrimination": items.discrimination(sheet, column) if answered >= LEAST else None,
        "extremes": asdict(ends) | {"index": ends.index} if ends else None,
        "time": numbers.quartiles(times) if len(times) >= LEAST else None,
        "fifths": items.by_fifth(column, parts),
        "options": options.told(version, {number: json.loads(text) for text, number in answers.items()}, column, parts, judge),
    }


def _flags(one: dict[str, Any], usual: float | None) -> list[tuple[str, str]]:
    shown = [
        flags.Choice(row["letter"], row["is_key"], row["all"], row["upper"], row["lower"])
        for row in one["options"]
        if row["role"] == options.ONE_OF
    ]
    measures = flags.Measures(
        answered=one["answered"],
        shown=one["n"],
        facility=one["facility"],
        discrimination=one["discrimination"],
        blank=one["blank"],
        time=one["time"][1] if one["time"] else None,
        middle_time=usual,
        options=shown,
    )
    return [(str(flag), letters) for flag, letters in flags.flags(measures)]


def main(item: dict[str, Any]) -> dict[str, Any]:
    """The version that speaks for a question: the newest that at least five learners were shown, else the newest."""
    return next((one for one in item["versions"] if "n" in one), item["versions"][0])


def _flagged(told: Sequence[dict[str, Any]]) -> dict[str, int]:
    """How many questions have something to look at, and how many of them urgently."""
    marked = [[flag for flag, _ in main(one).get("flags", [])] for one in told]
    return {"any": sum(bool(one) for one in marked), "severe": sum(bool(flags.SEVERE & set(one)) for one in marked)}


# --- before and after -------------------------------------------------------------------------------------------------
def _before(quiz: Quiz, cohort: Cohort | None) -> dict[int, float]:
    """For a post-test: each learner's score in the course's pre-test, the first attempt's."""
    if quiz.purpose != QuizPurpose.POST_TEST:
        return {}
    rows = Attempt.objects.counted().filter(quiz__activity__course=quiz.activity.course_id, quiz__purpose=QuizPurpose.PRE_TEST)
    rows = rows.filter(status__in=JUDGED, score__isnull=False).order_by("-number")
    if cohort:
        rows = rows.filter(enrolment__cohort=cohort)
    return dict(rows.values_list("enrolment_id", Cast("score", FloatField())).iterator(CHUNK))


def _gain(before: dict[int, float], after: dict[int, float]) -> dict[str, Any] | None:
    both = sorted(before.keys() & after.keys())
    found = gain.gain([before[one] for one in both], [after[one] for one in both]) if len(both) >= LEAST else None
    return asdict(found) if found else None
