"""A question as a learner meets it: answered on the author's page, then judged as after sending. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.http import QueryDict

from linimasa import writing

from ..kinds import AnswerError, Hotspot, Kind, registry
from ..models import QuestionKind

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
class Trial:
    """``ask`` never holds the key; ``outcome`` only once an answer was judged; ``each``: every option with its own outcome."""

    kind: Kind
    ask: dict[str, Any]
    error: str = ""
    outcome: Outcome | None = None
    each: list[tuple[str, Outcome]] = field(default_factory=list)
    prefix: str = PREFIX


def answered(sent: QueryDict | None) -> dict[str, Sequence[str]]:
    """The answer's fields among what was sent, under the names that the kind knows."""
    return {name.removeprefix(PREFIX): values for name, values in sent.lists() if name.startswith(PREFIX)} if sent else {}


def attempt(kind_code: str, content: Data, raw: Mapping[str, Sequence[str]], *, seed: str, judge: bool) -> Trial | None:
    """The question with the answer in ``raw``; judged when asked to. None for practical work, which a person judges.

    The order is the same for the same seed, so that what was sent by one page is read by the next."""
    if kind_code == QuestionKind.PRACTICAL:
        return None
    kind = registry[kind_code](content)
    order = kind.shuffle(seed)
    try:
        answer = kind.clean(raw, order)
    except AnswerError as error:
        return Trial(kind, kind.public(order), str(error))
    ask = kind.public(order, answer)
    if not judge:
        return Trial(kind, ask)
    return Trial(kind, ask, outcome=_outcome(kind, answer), each=_each(kind, order))


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
