"""What other systems have no place for travels as tags: «tingkat:easy», «pelajaran:M1.1», «tujuan:2», «salah-paham:B=percaya-nama».

Readers take them back off; all other tags are the question's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..bank.editing import LONGEST_TAG, MOST_TAGS
from ..models import Level, QuestionKind
from .rows import Row

SEPARATOR = "\n\n---\n\n"  # between a scenario and what is asked about it, where a format has one text only
_OWN = re.compile(r"(tingkat|pelajaran|tujuan|jenis|salah-paham):(.{1,100})", re.S)
_BELIEF = re.compile(r"([A-T]|true|false)=(.{1,60})", re.S)


def written(question: Mapping[str, Any]) -> list[str]:
    """The tags that carry the question's facts and its own tags."""
    found = [f"tingkat:{question['level']}"] if question.get("level") else []
    found += [f"pelajaran:{question['lesson']}"] if question.get("lesson") else []
    found += [f"tujuan:{question['objective']}"] if question.get("objective") else []
    found += ["jenis:scenario"] if question["kind"] == QuestionKind.SCENARIO else []
    found += [f"salah-paham:{place}={label}" for place, label in question.get("misconceptions", {}).items()]
    return [*found, *question.get("tags", [])]


def take(row: Row, tags: Iterable[str]) -> None:
    """Put the facts in these tags into the row's question, and keep the others. Call it when kind, text and choices are there."""
    question, own = row.question, []
    beliefs: dict[str, str] = {}
    for tag in dict.fromkeys(" ".join(one.split()) for one in tags):
        found = _OWN.fullmatch(tag)
        name, value = (found[1], found[2]) if found else ("", "")
        if name == "tingkat" and value in Level.values:
            question["level"] = value
        elif name == "pelajaran":
            question["lesson"] = value
        elif name == "tujuan" and value.isascii() and value.isdecimal() and len(value) < 4:
            question["objective"] = int(value)
        elif name == "jenis" and value == QuestionKind.SCENARIO:
            _divide(question)
        elif name == "salah-paham" and (belief := _BELIEF.fullmatch(value)):
            beliefs[belief[1]] = belief[2]
        elif tag:
            own.append(tag)
    if beliefs:
        question["misconceptions"] = {place: beliefs[place] for place in sorted(beliefs)}
    _keep(row, own)


def _divide(question: dict[str, Any]) -> None:
    """A single choice whose text holds a scenario becomes one."""
    scenario, separator, text = str(question.get("text", "")).partition(SEPARATOR)
    if separator and question.get("kind") == QuestionKind.SINGLE:
        question |= {"kind": QuestionKind.SCENARIO.value, "scenario": scenario, "text": text}


def _keep(row: Row, own: list[str]) -> None:
    kept = [one for one in own if len(one) <= LONGEST_TAG][:MOST_TAGS]
    if kept:
        row.question["tags"] = kept
    if left := [one for one in own if one not in kept]:
        row.note(f"Tag tidak ikut: {', '.join(one[:LONGEST_TAG] for one in left[:5])} (paling banyak {MOST_TAGS}, {LONGEST_TAG} huruf).")


def one_text(question: Mapping[str, Any]) -> str:
    """The text that is asked, with its scenario before it."""
    return f"{question['scenario']}{SEPARATOR}{question['text']}" if question["kind"] == QuestionKind.SCENARIO else question["text"]


def one_text_problem(question: Mapping[str, Any]) -> str:
    """Why scenario and text cannot be told apart again; empty when they can."""
    return "skenarionya memuat garis pemisah (---)" if SEPARATOR in question.get("scenario", "") + "\n\n" else ""
