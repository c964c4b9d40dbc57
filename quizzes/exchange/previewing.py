"""A row of an import as its author checks it: what a learner reads, with the key marked, in a few lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..kinds.choice import LETTERS
from ..kinds.gaps import MARK
from ..kinds.numeric import accepted_words
from ..models import Level, QuestionKind

STATES = (("", "Semua"), ("masuk", "Akan masuk"), ("bermasalah", "Bermasalah"), ("ada", "Sudah ada"))
_LABELS = {str(kind): kind.label for kind in QuestionKind}
_LEVELS = {str(level): level.label.lower() for level in Level}


def state_of(entry: Mapping[str, Any]) -> str:
    """Of STATES: whether it enters, is broken, or is there already."""
    if entry["problems"]:
        return "bermasalah"
    return "masuk" if entry.get("taken") or not entry.get("already") else "ada"


def shown(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the page draws of one row."""
    question = entry.get("question") or {}
    try:
        lines = lines_of(question) if question else []
    except (KeyError, TypeError, ValueError, IndexError, AttributeError):  # a broken row shows what can be read of it
        lines = []
    return {
        "where": str(entry["where"]).removesuffix(f" “{entry['title']}”"),
        "title": entry["title"],
        "kind": _LABELS.get(entry["kind"], entry["kind"] or "Tidak dikenal"),
        "state": state_of(entry),
        "problems": entry["problems"],
        "notes": entry.get("notes", []),
        "already": entry.get("already", ""),
        "taken": entry.get("taken", ""),
        "category": entry.get("category", ""),
        "scenario": str(question.get("scenario", "")),
        "text": str(question.get("text", "")),
        "lines": lines,
        "feedback": str(question.get("feedback", "")),
        "facts": _facts(question),
    }


def _facts(question: Mapping[str, Any]) -> list[str]:
    found = [_LEVELS.get(question.get("level", ""), "")]
    found.append(f"pelajaran {question['lesson']}" if question.get("lesson") else "")
    found.append(f"tujuan {question['objective']}" if question.get("objective") else "")
    found += [f"#{one}" for one in question.get("tags", [])]
    return [one for one in found if one]


def lines_of(question: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What can be answered, a line each: ``text`` and whether it is right."""
    kind = question["kind"]
    if kind in (QuestionKind.SINGLE, QuestionKind.SCENARIO, QuestionKind.MULTIPLE):
        key = question.get("key", "")
        return [_line(f"{letter}. {text}", letter in key) for letter, text in zip(LETTERS, question["choices"], strict=False)]
    if kind == QuestionKind.TRUE_FALSE:
        return [_line("Benar", question["key"] is True), _line("Salah", question["key"] is False)]
    if kind == QuestionKind.SHORT_ANSWER:
        return [_line(one) for one in question["accepted"]]
    if kind == QuestionKind.MATCHING:
        return [_line(f"{one['left']} → {one['right']}") for one in question["pairs"]]
    if kind == QuestionKind.ORDERING:
        return [_line(f"{number}. {one}") for number, one in enumerate(question["order"], 1)]
    if kind == QuestionKind.NUMERIC:
        unit = question["units"][0]["unit"] if question.get("units") else ""
        return [_line(accepted_words(one, unit), one.get("points", 1) == 1) for one in question["values"]]
    if kind == QuestionKind.GAPS:
        passage = MARK.sub(lambda found: f"[{found[1]}]", question["passage"])
        return [_line(passage, False), *(_line(f"[{number}] {_gap(gap)}") for number, gap in enumerate(question["gaps"], 1))]
    if kind == QuestionKind.HOTSPOT:
        key, regions = question["key"], question["regions"]
        return [_line(f"{letter}. {one['name']}", letter in key) for letter, one in zip(LETTERS, regions, strict=False)]
    return []


def _gap(gap: Mapping[str, Any]) -> str:
    if "choices" in gap:
        return f"{gap['choices'][LETTERS.index(gap['key'])]} (dari {', '.join(gap['choices'])})"
    return accepted_words(gap) if "value" in gap else ", ".join(gap["accepted"])


def _line(text: str, is_right: bool = True) -> dict[str, Any]:
    return {"text": text, "is_right": is_right}
