"""Questions as the player of a package judges them: plain JSON with the key in it. It judges as ``quizzes.kinds`` does.

An unmatched short answer, which a person judges in the portal, scores nothing there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..kinds import registry
from ..kinds.gaps import MARK
from ..models import QuestionKind

Content = Mapping[str, Any]
Played = dict[str, Any]


def played(kind: str, content: Content) -> Played | None:
    """The question for the player; None when only a person can judge it."""
    make = _MAKERS.get(kind)
    if make is None:
        return None
    found: Played = {"text": content["text"], "feedback": content.get("feedback", ""), **make(kind, content)}
    if content.get("scenario"):
        found["scenario"] = content["scenario"]
    found["right"] = _right(kind, content)
    return found


def _right(kind: str, content: Content) -> str:
    """What is right, in words: what the portal tells somebody who left the question blank."""
    one = registry[kind](content)
    points = one.points(None)
    rows = one.rows(None, points)
    return "; ".join(rows[-1]["texts"])


def _choices(kind: str, content: Content) -> Played:
    one: Any = registry[kind](content)
    right = one.correct()
    names = one.options(content)
    told = content.get("feedback_options", {})
    found: Played = {
        "play": "choices",
        "choices": one.texts(),
        "key": right if isinstance(right, list) else [right],
        "several": one.several,
        "fixed": kind == QuestionKind.TRUE_FALSE,
    }
    found |= {"told": {str(names.index(name)): text for name, text in told.items()}} if told else {}
    if address := (content.get("picture") or {}).get("address", ""):
        found["picture"] = {"src": f"media/{address.removeprefix('/m/')}", "alt": content["picture"]["alt"]}
    return found


def _short_answer(kind: str, content: Content) -> Played:
    return {"play": "text", "accepted": content["accepted"]}


def _numeric(kind: str, content: Content) -> Played:
    found: Played = {"play": "numeric", "values": [{key: one[key] for key in one if key != "feedback"} for one in content["values"]]}
    return found | {key: content[key] for key in ("units", "unit_needed") if key in content}


def _matching(kind: str, content: Content) -> Played:
    return {"play": "matching", "pairs": [{"left": one["left"], "right": one["right"]} for one in content["pairs"]]}


def _ordering(kind: str, content: Content) -> Played:
    return {"play": "ordering", "order": content["order"]}


def _gaps(kind: str, content: Content) -> Played:
    pieces: list[Played] = []
    for place, text in enumerate(MARK.split(content["passage"])):
        pieces.append({"text": text} if place % 2 == 0 else {"gap": int(text) - 1})
    gaps = [{key: one[key] for key in one if key != "feedback"} for one in content["gaps"]]
    for gap, right in zip(gaps, registry[kind](content).correct(), strict=True):
        if gap["ask"] == "choice":
            gap["key"] = right
    return {"play": "gaps", "pieces": pieces, "gaps": gaps}


_MAKERS: dict[str, Callable[[str, Content], Played]] = {
    QuestionKind.SINGLE: _choices,
    QuestionKind.SCENARIO: _choices,
    QuestionKind.MULTIPLE: _choices,
    QuestionKind.TRUE_FALSE: _choices,
    QuestionKind.HOTSPOT: _choices,
    QuestionKind.SHORT_ANSWER: _short_answer,
    QuestionKind.NUMERIC: _numeric,
    QuestionKind.MATCHING: _matching,
    QuestionKind.ORDERING: _ordering,
    QuestionKind.GAPS: _gaps,
}
