"""What a correction does to answers that were judged already: the same verdicts for the preview and for the deed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum

from ..kinds import kind_of
from ..kinds.practical import Practical
from ..models import AttemptStatus, CorrectionChoice, GradeEvent, GradeKind, QuestionVersion, Response
from . import carrying
from .judging import ONE, Rule, judge_for

BY_PEOPLE = frozenset({GradeKind.TRAINER, GradeKind.OVERRIDE})


class Fate(StrEnum):
    SAME = "same"  # the mark stays what it is
    CHANGED = "changed"
    REOPENED = "reopened"  # a person has to judge again
    LEFT = "left"  # a person judged it, and the correction leaves that alone


@dataclass(frozen=True)
class Held:
    """One answer as it stands: its mark, and by what it was judged last (``kind`` empty: by nothing yet)."""

    response: int
    attempt: int
    version: QuestionVersion
    answer: Any
    points: Decimal | None
    kind: str = ""
    criteria: Mapping[str, int] = field(default_factory=dict)
    judged_by: QuestionVersion | None = None
    through: Sequence[QuestionVersion] = ()  # what corrections made of the version, also later ones


@dataclass(frozen=True)
class Verdict:
    """What becomes of an answer: its mark then (None: it waits for a person), and the levels by which it was computed."""

    fate: Fate
    points: Decimal | None
    criteria: Mapping[str, int] = field(default_factory=dict)


def verdict(rule: Rule, held: Held, *, over_trainers: bool) -> Verdict:
    """What this correction makes of the answer. Pure; the same again once it was applied is SAME."""
    if rule.choice == CorrectionChoice.LEAVE:
        return Verdict(Fate.SAME, held.points)
    wanted = _by_rubric(rule, held) if kind_of(held.version).graded_by_person else _by_key(rule, held)
    if wanted.fate == Fate.SAME or wanted.points == held.points and wanted.fate == Fate.CHANGED:
        return Verdict(Fate.SAME, held.points)
    if _is_own_judgement(held) and not over_trainers:
        return Verdict(Fate.LEFT, held.points)
    if held.kind == GradeKind.OVERRIDE and (wanted.points is None or held.points is not None and wanted.points < held.points):
        return Verdict(Fate.LEFT, held.points)  # an adjustment had a reason of its own; it is never lowered
    return wanted


def _is_own_judgement(held: Held) -> bool:
    """Whether a person decided this mark otherwise than by choosing levels of the rubric."""
    return held.kind in BY_PEOPLE and not held.criteria


def _by_key(rule: Rule, held: Held) -> Verdict:
    by_person = held.kind in BY_PEOPLE and rule.choice != CorrectionChoice.BOTH
    points = rule.judge(None if by_person else held.points, held.version, held.answer, held.through)
    return Verdict(Fate.SAME if points is None else Fate.CHANGED, points)


def _by_rubric(rule: Rule, held: Held) -> Verdict:
    """Practical work: from the levels that its trainer chose. Work that still waits will be judged by the new rubric."""
    if rule.choice == CorrectionChoice.FULL_CREDIT or rule.new is None:
        return Verdict(Fate.CHANGED, ONE)
    if held.points is None or not held.criteria:
        return Verdict(Fate.SAME, held.points)
    rubric, keeps_old = kind_of(rule.new), rule.choice == CorrectionChoice.BOTH
    assert isinstance(rubric, Practical)  # noqa: S101 - a question never changes its kind
    chosen = carrying.levels((held.judged_by or held.version).content, rule.new.content, held.criteria)
    if chosen is None:
        return Verdict(Fate.SAME if keeps_old else Fate.REOPENED, held.points if keeps_old else None)
    points = rubric.by_rubric(chosen)
    if keeps_old and points <= held.points:
        return Verdict(Fate.SAME, held.points)
    return Verdict(Fate.CHANGED, points, {str(place): level for place, level in enumerate(chosen)})


# --- reading rows -----------------------------------------------------------------------------------------------------
def closed_answers(versions: Iterable[int]) -> QuerySet[Response]:
    """Answers to these versions of attempts that were handed in, by attempt."""
    rows = Response.objects.filter(question_version__in=list(versions)).exclude(attempt__status=AttemptStatus.OPEN)
    return rows.order_by("attempt_id")


def _last_event() -> Subquery:
    events = GradeEvent.objects.filter(response=OuterRef("pk"), undoes__isnull=True, undone_by__isnull=True)
    return Subquery(events.order_by("-pk").values("pk")[:1])


def held(rows: QuerySet[Response], versions: Mapping[int, QuestionVersion]) -> list[Held]:
    """These answers as they stand, in their order; ``versions`` holds theirs. Three statements, two more where other versions are met."""
    found = list(rows.annotate(last=_last_event()).values_list("pk", "attempt_id", "question_version_id", "answer", "points", "last"))
    columns = ("pk", "kind", "criteria", "question_version_id")
    events = {one[0]: one[1:] for one in GradeEvent.objects.filter(pk__in=[row[-1] for row in found if row[-1]]).values_list(*columns)}
    unknown = {by for _kind, _criteria, by in events.values()} - versions.keys()
    known = {**versions, **(QuestionVersion.objects.in_bulk(unknown) if unknown else {})}
    judge = judge_for(versions)
    through = {pk: judge.through(version) for pk, version in versions.items()}
    made = []
    for response, attempt, version, answer, points, last in found:
        one = Held(response, attempt, versions[version], answer, points, through=through[version])
        if last is not None:
            kind, criteria, by = events[last]
            one = replace(one, kind=kind, criteria=criteria, judged_by=known[by])
        made.append(one)
    return made


@dataclass(frozen=True)
class Total:
    """An attempt's marks together: how many there are, their sum, and how many wait for a person."""

    total: Decimal
    count: int
    waiting: int


def sums(attempts: Iterable[int]) -> dict[int, Total]:
    """One statement."""
    rows = Response.objects.filter(attempt__in=list(attempts)).order_by().values("attempt")
    counted = rows.annotate(total=Sum("points"), count=Count("pk"), waiting=Count("pk", filter=Q(points__isnull=True)))
    return {one["attempt"]: Total(one["total"] or Decimal(0), one["count"], one["waiting"]) for one in counted}


def in_chunks(rows: QuerySet[Response], size: int) -> Iterator[QuerySet[Response]]:
    """The rows in slices by attempt, each to be asked on its own; one more small statement a slice finds where it ends."""
    after = 0
    while True:
        rest = rows.filter(attempt_id__gt=after)
        ends = list(rest.values_list("attempt_id", flat=True)[size - 1 : size])
        yield rest.filter(attempt_id__lte=ends[0]) if ends else rest
        if not ends:
            return
        after = ends[0]
