"""A question as a learner meets it: answered on the author's page, then judged as after sending. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from linimasa import writing

from .. import desk, samples
from ..kinds import AnswerError, Hotspot, Kind, Practical, registry
from ..kinds.kind import row
from ..models import QuestionVersion

PREFIX = "coba-"  # of the names and ids of the answer's fields, beside the editor's own
Data = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """What the page after sending would show: ``tag`` is ok, part, again or wait; ``mark`` «0,67 dari 1»."""

    tag: str
    mark: str
    heading: str
    rows: list[dict[str, Any]]
    why: str
    told: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Work:
    """Practical work beside its task: ``worksheet`` {label, title}, ``rubric`` with a radio a level, ``samples`` with their marks."""

    text: str
    worksheet: dict[str, str] | None
    rubric: list[dict[str, Any]]
    samples: list[dict[str, Any]]


@dataclass(frozen=True)
class Trial:
    """``ask`` never holds the key; ``outcome`` only once an answer was judged; ``each``: every option with its own outcome."""

    kind: Kind
    ask: dict[str, Any]
    error: str = ""
    outcome: Outcome | None = None
    each: list[tuple[str, Outcome]] = field(default_factory=list)
    prefix: str = PREFIX
    work: Work | None = None  # of practical work, which a person judges


def answered(sent: QueryDict | None) -> dict[str, Sequence[str]]:
    """The answer's fields among what was sent, under the names that the kind knows."""
    return {name.removeprefix(PREFIX): values for name, values in sent.lists() if name.startswith(PREFIX)} if sent else {}


def attempt(kind_code: str, content: Data, raw: Mapping[str, Sequence[str]], *, seed: str, judge: bool) -> Trial:
    """The question with the answer in ``raw``; judged when asked to: practical work by the levels that were chosen.

    The order is the same for the same seed, so that what was sent by one page is read by the next."""
    kind = registry[kind_code](content)
    if isinstance(kind, Practical):
        return _work(kind, raw, judge=judge)
    order = kind.shuffle(seed)
    try:
        answer = kind.clean(raw, order)
    except AnswerError as error:
        return Trial(kind, kind.public(order), str(error))
    ask = kind.public(order, answer)
    if not judge:
        return Trial(kind, ask)
    return Trial(kind, ask, outcome=_outcome(kind, answer), each=_each(kind, order))


def _work(kind: Practical, raw: Mapping[str, Sequence[str]], *, judge: bool) -> Trial:
    """The task with what was written, and its mark by the levels that were chosen as on the bench."""
    chosen = [_level(raw.get(f"k{place}", ()), len(one["levels"])) for place, one in enumerate(kind.content["rubric"])]
    rubric = [
        {
            "name": f"{PREFIX}k{place}",
            "criterion": one["criterion"],
            "weight": one["weight"],
            "levels": [{**level, "value": at, "is_mine": at == chosen[place]} for at, level in enumerate(one["levels"])],
        }
        for place, one in enumerate(kind.content["rubric"])
    ]
    version = QuestionVersion(kind=kind.code, content=dict(kind.content), drawn=samples.drawn(dict(kind.content)))
    text, error, outcome = (list(raw.get("text", ())) or [""])[-1], "", None
    try:
        answer = kind.clean(raw, ())
        outcome = _by_rubric(kind, chosen) if judge else None
    except AnswerError as refused:
        answer, error = None, str(refused)
    work = Work(text, desk.worksheet_words(kind.content), rubric, samples.shown(version))
    return Trial(kind, kind.public((), answer), error, outcome, work=work)


def _level(sent: Sequence[str], count: int) -> int:
    """The place of the chosen level; -1 where none was chosen."""
    last = (list(sent) or [""])[-1]
    return int(last) if last.isascii() and last.isdecimal() and len(last) < 3 and int(last) < count else -1


def _by_rubric(kind: Practical, levels: Sequence[int]) -> Outcome:
    points, rubric = kind.by_rubric(levels), kind.content["rubric"]
    told = [
        row(one["criterion"], f"{one['levels'][at]['title']}: {writing.decimal(kind.earned(place, at))} dari {one['weight']}")
        for place, (one, at) in enumerate(zip(rubric, levels, strict=True))
    ]
    mark = f"{writing.mark(points)} dari 100"
    return Outcome("ok" if points == 1 else "part", mark, "Penilaian menurut rubrik", told, "")


def _outcome(kind: Kind, answer: Any) -> Outcome:
    points: Decimal | None = kind.points(answer)
    tag = "wait" if points is None else "ok" if points == 1 else "part" if points > 0 else "again"
    told = kind.review(answer, points)
    mark = "Menunggu pengajar" if points is None else f"{writing.decimal(points)} dari 1"
    why = "" if tag == "wait" else told["why"]
    return Outcome(tag, mark, "Tepat." if tag == "ok" else told["said"], told["rows"], why, told.get("told", []))


def _each(kind: Kind, order: Sequence[int]) -> list[tuple[str, Outcome]]:
    """Every option of a question with one right answer, as if it had been chosen; none for other kinds."""
    if not hasattr(kind, "texts") or getattr(kind, "several", True):
        return []
    texts: list[str] = kind.texts()
    return [(texts[place], _outcome(kind, [place] if isinstance(kind, Hotspot) else place)) for place in order]
