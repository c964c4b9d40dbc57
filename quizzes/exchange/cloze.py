"""Moodle's embedded answers (cloze): «Ibu kota {1:SHORTANSWER:=Jakarta~=DKI}» as a text with gaps, and back."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from ..kinds.choice import LETTERS
from ..kinds.gaps import CHOICE, MARK, NUMBER, TEXT
from ..models import QuestionKind
from . import making
from .numeric import number_of, plain_number, point, tolerance_of
from .rows import Row, title_of
from .tags import SEPARATOR

ASKED = "Isi bagian yang kosong."
LONGEST_HOLE = 4_000
_ANY_HOLE = re.compile(r"\{(\d{0,3}):([A-Z_]{1,20}):")
_END = re.compile(r"\\.|\}", re.S)
_ASKS = dict.fromkeys(("SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"), TEXT)
_ASKS |= dict.fromkeys(("NUMERICAL", "NM"), NUMBER)
_CHOICES = ("MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS")
_ASKS |= dict.fromkeys((*_CHOICES, "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"), CHOICE)
_BY_CASE = {"SHORTANSWER_C", "SAC", "MWC"}
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{0,10})?)%")
_ESCAPED = re.compile(r"\\([}#~/\"\\])")


def read(row: Row, text: str, feedback: str) -> Row:
    """A question with gaps of short answers, numbers and single choices; anything else in it is refused by name."""
    asked, separator, passage = text.partition(SEPARATOR)
    if not separator:
        asked, passage = ASKED, text
    making.start(row, QuestionKind.GAPS, asked)
    gaps: list[dict[str, Any]] = []
    weights: set[str] = set()

    pieces, place = list[str](), 0
    for start, end, weight, kind in _holes(passage):
        weights.add(weight or "1")
        gaps.append(_gap(row, len(gaps) + 1, kind, passage[start.stop : end]))
        pieces += [passage[place : start.start], f"{{{{{len(gaps)}}}}}"]
        place = end + 1
    row.question["passage"] = "".join([*pieces, passage[place:]])
    row.question["gaps"] = gaps
    if _ANY_HOLE.search(row.question["passage"]):
        row.refuse("Isian tersemat (cloze) ada yang tidak berpasangan kurungnya. Betulkan di Moodle, lalu ekspor ulang.")
    if not gaps:
        row.refuse("Isian tersemat (cloze) ini tidak memuat bagian yang diisi.")
    if len(weights) > 1:
        row.note("Bobot setiap isian tidak ikut: di sini setiap isian bernilai sama.")
    return making.explain(row, feedback, [])


def _holes(passage: str) -> Iterator[tuple[range, int, str, str]]:
    """Each embedded answer: its beginning, where its closing brace stands, its weight and kind.

    The braces are looked for once: looking from each beginning anew costs a second for one hostile question of 40 KB.
    """
    ends = [found.start() for found in _END.finditer(passage) if found[0] == "}"]
    place = 0
    for found in _ANY_HOLE.finditer(passage):
        at = bisect_left(ends, found.end())
        if found.start() >= place and at < len(ends) and ends[at] - found.end() <= LONGEST_HOLE:
            place = ends[at] + 1
            yield range(*found.span()), ends[at], found[1], found[2]


def _gap(row: Row, number: int, kind: str, body: str) -> dict[str, Any]:
    ask = _ASKS.get(kind)
    if ask is None:
        row.refuse(f"Isian {number}: jenis {kind} tidak dikenal di sini. Pakai SHORTANSWER, NUMERICAL, atau MULTICHOICE.")
        return {"ask": TEXT}
    if kind in _BY_CASE:
        row.note("Huruf besar dan kecil dianggap sama di sini.")
    right: list[int] = []
    said: list[str] = []
    options: list[str] = []
    for text, fraction, feedback in _answers(body):
        if making.CLOSE < fraction < making.FULL - making.CLOSE:
            row.refuse(f"Isian {number}: nilai sebagian tidak dikenal (“{title_of(text)}”). Jadikan 0 atau 100.")
        is_right = fraction >= making.FULL - making.CLOSE
        right += [len(options)] if is_right else []
        said += [feedback] if is_right else []
        options.append(text)
        if feedback and not is_right:
            row.note(f"Umpan balik pilihan keliru tidak ikut: “{title_of(feedback)}”.")
    if not right:
        row.refuse(f"Isian {number}: tidak ada jawaban yang tepat.")
        return {"ask": ask}
    made = _filled(row, number, ask, options, right)
    return made | ({"feedback": said[0]} if said[0] else {})


def _filled(row: Row, number: int, ask: str, options: list[str], right: list[int]) -> dict[str, Any]:
    if ask == TEXT:
        return {"ask": TEXT, "accepted": list(dict.fromkeys(options[one] for one in right))}
    if len(right) > 1:
        row.refuse(f"Isian {number}: hanya satu jawaban yang dapat bernilai penuh.")
    if ask == CHOICE:
        return {"ask": CHOICE, "choices": options, "key": LETTERS[right[0]] if right[0] < len(LETTERS) else ""}
    value, _colon, tolerance = options[right[0]].partition(":")
    numbers = number_of(value), number_of(tolerance or "0")
    if numbers[0] is None or numbers[1] is None:
        row.refuse(f"Isian {number}: “{title_of(options[right[0]])}” bukan angka.")
        return {"ask": NUMBER}
    return {"ask": NUMBER, "value": plain_number(numbers[0])} | ({"tolerance": plain_number(numbers[1])} if numbers[1] else {})


def _answers(body: str) -> list[tuple[str, float, str]]:
    """Text, fraction and feedback of each answer between ``~``."""
    found = []
    for part in re.split(r"(?<!\\)~", body.replace("\\\\", "\ufdda")):
        part = part.strip()
        fraction = 0.0
        if part.startswith("="):
            fraction, part = making.FULL, part[1:]
        elif weight := _WEIGHT.match(part):
            fraction, part = float(weight[1]), part[weight.end() :]
        text, _mark, feedback = (*re.split(r"(?<!\\)(#)", part, maxsplit=1), "", "")[:3]
        if text.strip():
            found.append((_plain(text), fraction, _plain(feedback)))
    return found


def _plain(text: str) -> str:
    return _ESCAPED.sub(r"\1", text).replace("\ufdda", "\\").strip()


def left_out(question: Mapping[str, Any]) -> str:
    """Why cloze cannot say this question; empty when it can."""
    if SEPARATOR in question["text"] + "\n\n" or _ANY_HOLE.search(question["passage"]) or _ANY_HOLE.search(question["text"]):
        return "teksnya memuat tanda isian tersemat Moodle"
    return ""


def lost(question: Mapping[str, Any]) -> list[str]:
    return ["toleransi persen (menjadi selisih tetap)"] if any("percent" in one for one in question.get("gaps", [])) else []


def written(question: Mapping[str, Any]) -> str:
    """The whole text: what is asked, then the passage with its answers embedded."""
    gaps = question["gaps"]
    passage = MARK.sub(lambda found: _hole(gaps[int(found[1]) - 1]), question["passage"])
    return f"{question['text']}{SEPARATOR}{passage}"


def _hole(gap: Mapping[str, Any]) -> str:
    said = f"#{_escaped(gap['feedback'])}" if gap.get("feedback") else ""
    if gap["ask"] == TEXT:
        return "{1:SHORTANSWER:" + "~".join(f"={_escaped(one)}{said}" for one in gap["accepted"]) + "}"
    if gap["ask"] == NUMBER:
        return f"{{1:NUMERICAL:={point(gap['value'])}:{tolerance_of(gap)}{said}}}"
    key = LETTERS.index(gap["key"])
    parts = [f"={_escaped(one)}{said}" if place == key else _wrong(one) for place, one in enumerate(gap["choices"])]
    return "{1:MULTICHOICE:" + "~".join(parts) + "}"


def _wrong(text: str) -> str:
    return f"%0%{_escaped(text)}"


def _escaped(text: str) -> str:
    return re.sub(r"([}#~\\])", r"\\\1", text)
