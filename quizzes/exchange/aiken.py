"""Aiken: a question on one line, choices ``A) …`` or ``A. …``, then ``ANSWER: B``. Nothing else can be said in it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from ..kinds.choice import LETTERS
from ..models import QuestionKind
from . import making
from .making import Answer
from .rows import Row, decoded, enough, title_of

KINDS = frozenset({QuestionKind.SINGLE})
_CHOICE = re.compile(r"([A-Z])[).][ \t]+(.*)")
_ANSWER = re.compile(r"ANSWER\s*:\s*(.*)", re.I)


class _Question:
    def __init__(self, line: int) -> None:
        self.line, self.text = line, ""
        self.choices: list[tuple[str, str]] = []


def read(data: bytes) -> list[Row]:
    """Every question of the file, in its order; lines that belong to none are rows of their own. Raises ExchangeError."""
    rows: list[Row] = []
    open_one: _Question | None = None
    for number, raw in enumerate(decoded(data).split("\n"), 1):
        line = raw.strip()
        if not line:
            continue
        if found := _ANSWER.fullmatch(line):
            rows.append(_row(open_one or _Question(number), found[1].strip()))
            open_one = None
        elif (found := _CHOICE.fullmatch(line)) and open_one is not None:
            open_one.choices.append((found[1], found[2].strip()))
        elif open_one is None:
            open_one = _Question(number)
            open_one.text = line
        elif open_one.choices:
            rows.append(_row(open_one, None))
            open_one = _Question(number)
            open_one.text = line
        else:
            open_one.text += f"\n{line}"
        enough(len(rows))
    return rows + ([_row(open_one, None)] if open_one else [])


def _row(found: _Question, key: str | None) -> Row:
    row = Row(f"baris {found.line}", title_of(found.text), QuestionKind.SINGLE.value)
    letters = [letter for letter, _text in found.choices]
    if not found.text:
        return row.refuse("Baris ANSWER ini tidak didahului pertanyaan dan pilihan.")
    if key is None:
        return row.refuse("Baris “ANSWER: B” belum ada sesudah pilihannya." if letters else "Pilihan dan baris “ANSWER: B” belum ada.")
    if letters != list(LETTERS[: len(letters)]):
        return row.refuse(f"Huruf pilihan harus berurut dari A, yang ada: {', '.join(letters)}.")
    if key.upper() not in letters:
        return row.refuse(f"Kunci “{key[:20]}” tidak ada di antara pilihan {', '.join(letters) or '(kosong)'}.")
    answers = [Answer(text, making.FULL if letter == key.upper() else 0) for letter, text in found.choices]
    return making.choices(row, found.text, answers, one_only=True, feedback="")


def left_out(question: Mapping[str, Any]) -> str:
    """Why Aiken cannot say this question; empty when it can."""
    if question["kind"] != QuestionKind.SINGLE:
        return "Aiken hanya mengenal satu jawaban dari beberapa pilihan"
    texts = [question["text"], *question["choices"]]
    lines = question["text"].split("\n")
    if any("\n" in one or one != one.strip() for one in question["choices"]) or any(
        not line.strip() or line != line.strip() for line in lines
    ):
        return "Aiken menulis setiap pilihan pada satu baris, dan pertanyaan tanpa baris kosong"
    if any(_ANSWER.fullmatch(line) for line in lines) or any(_CHOICE.fullmatch(line) for line in lines[1:]):
        return "isinya tampak seperti baris ANSWER atau pilihan"
    return "teksnya kosong" if not all(texts) else ""


def lost(question: Mapping[str, Any]) -> list[str]:
    """What of a question that Aiken can say stays behind, in words."""
    right = question["choices"][LETTERS.index(question["key"])]
    found = ["umpan balik"] if question["feedback"] != making.filled([right]) or question.get("feedback_options") else []
    found += ["tingkat"] if question.get("level", "medium") != "medium" else []
    found += ["pelajaran dan tujuan"] if question.get("lesson") else []
    found += ["salah paham"] if question.get("misconceptions") else []
    found += ["tag"] if question.get("tags") else []
    return found


def write(questions: Iterable[Mapping[str, Any]]) -> bytes:
    """The file of these questions, each of which Aiken can say. UTF-8."""
    out = []
    for question in questions:
        lines = [f"{LETTERS[place]}) {text}" for place, text in enumerate(question["choices"])]
        out.append("\n".join([question["text"], *lines, f"ANSWER: {question['key']}"]))
    return ("\n\n".join(out) + "\n").encode() if out else b""
