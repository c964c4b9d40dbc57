"""An answer in words: what it said in the options of its question, for people who look at it later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .kinds import kind_of
from .models import QuestionKind, QuestionVersion

BLANK = "(kosong)"


def words(version: QuestionVersion, order: Sequence[int], answer: Any) -> str:
    """What this stored answer says: the texts of the options, never their places; nothing of the key."""
    if answer is None:
        return BLANK
    shown = kind_of(version).public(order, answer)
    if "choices" in shown:
        return "; ".join(one["text"] for one in shown["choices"] if one["is_mine"]) or BLANK
    if version.kind == QuestionKind.ORDERING:
        return "; ".join(f"{number}. {one['text']}" for number, one in enumerate(shown["parts"], 1))
    if "examples" in shown:
        texts = {one["value"]: one["text"] for one in shown["examples"]}
        return "; ".join(f"{one['text']}: {texts.get(one['mine'], BLANK)}" for one in shown["rows"])
    if "pieces" in shown:
        gaps = [one for one in shown["pieces"] if one.get("name")]
        return "; ".join(f"isian {one['number']}: {_of_gap(one)}" for one in gaps)
    return _plain(answer)


def _of_gap(gap: Mapping[str, Any]) -> str:
    chosen = [one["text"] for one in gap.get("choices") or [] if one["is_mine"]]
    return (chosen[0] if chosen else "") or gap.get("mine") or BLANK


def _plain(answer: Any) -> str:
    if isinstance(answer, Mapping):
        return "; ".join(_plain(one) for one in answer.values())
    if isinstance(answer, list):
        return "; ".join(_plain(one) for one in answer)
    return BLANK if answer in (None, "") else str(answer)
