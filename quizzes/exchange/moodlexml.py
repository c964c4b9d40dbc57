"""Moodle XML: ``<quiz>`` of ``<question type="…">``. What Moodle can and we cannot is refused by its name."""

from __future__ import annotations

import math
from typing import Any

from ..models import QuestionKind
from . import cloze, making, plain, tags
from .gift import as_text, category_path
from .making import Answer
from .markup import attribute, children, first, text_of
from .markup import read as read_xml
from .numeric import Written, number_of, read_numeric
from .rows import ExchangeError, Row, enough, placed, title_of

FOREIGN = {
    "essay": "uraian (essay)",
    "description": "teks pengantar (description)",
    "ddwtos": "seret kata ke teks (ddwtos)",
    "gapselect": "pilih kata yang hilang (gapselect)",
    "ddimageortext": "seret ke gambar (ddimageortext)",
    "ddmarker": "seret penanda ke gambar (ddmarker)",
    "calculated": "hitungan (calculated)",
    "calculatedsimple": "hitungan sederhana (calculatedsimple)",
    "calculatedmulti": "hitungan pilihan ganda (calculatedmulti)",
    "randomsamatch": "menjodohkan acak (randomsamatch)",
    "random": "soal acak (random)",
    "missingtype": "jenis yang hilang (missingtype)",
}
_STANDARD = frozenset(
    {
        "",
        "your answer is correct.",
        "your answer is partially correct.",
        "your answer is incorrect.",
        "jawaban anda benar.",
        "jawaban anda sebagian benar.",
        "jawaban anda salah.",
    }
)


def read(data: bytes) -> list[Row]:
    """Every question of the file, in its order. Raises ExchangeError."""
    root = read_xml(data)
    found = list(children(root, "question"))
    if root.tag != "quiz":
        raise ExchangeError("Ini bukan Moodle XML: unsur terluarnya harus <quiz>. Ekspor dari bank soal Moodle sebagai Moodle XML.")
    rows: list[Row] = []
    category = ""
    for one in found:
        if attribute(one, "type") == "category":
            category = category_path(text_of(first(one, "category", "text")))
            continue
        row = _question(one, len(rows) + 1)
        row.question |= {"category": category} if category and row.question else {}
        rows.append(row)
        enough(len(rows))
    return rows


class _Source:
    """One question element, its texts as ours."""

    def __init__(self, element: Any, row: Row) -> None:
        self.element, self.row = element, row

    def text(self, element: Any) -> str:
        """The text of an element that holds ``<text>``, by its format; empty for None."""
        if element is None:
            return ""
        source, form = text_of(first(element, "text")), attribute(element, "format", "html")
        if form == "html" or (form == "moodle_auto_format" and plain.looks_like_html(source)):
            return as_text(self.row, source.strip())
        return source.strip()

    def part(self, name: str) -> str:
        return self.text(first(self.element, name))

    def said(self, name: str) -> str:
        """The bare text of a setting («true», «1»)."""
        return text_of(first(self.element, name)).strip().casefold()

    def answers(self) -> list[tuple[Any, Answer]]:
        return [
            (one, Answer(self.text(one), _fraction(attribute(one, "fraction", "0")), self.text(first(one, "feedback"))))
            for one in children(self.element, "answer")
        ]


def _fraction(said: str) -> float:
    try:
        value = float(said)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) else 0.0


def _question(element: Any, number: int) -> Row:
    kind = attribute(element, "type")
    name = " ".join(text_of(first(element, "name", "text")).split())
    row = Row(placed("soal", number, name), title_of(name), kind[:40])
    source = _Source(element, row)
    read_kind = _READERS.get(kind)
    if read_kind is None:
        row.title = row.title or title_of(source.part("questiontext"))
        known = FOREIGN.get(kind, f"“{title_of(kind) or 'tanpa nama'}”")
        row.problems, row.notes = [f"Jenis {known} dari Moodle tidak dikenal di sini. Tulis ulang sebagai jenis lain."], []
        return row
    read_kind(source, source.part("questiontext"), source.part("generalfeedback"))
    if row.question:
        _facts(source)
    return row


def _facts(source: _Source) -> None:
    """Code, tags, and what is not ours: hints, combined feedback, a fixed order, a weight, pictures that no text shows."""
    row, element = source.row, source.element
    if code := " ".join(text_of(first(element, "idnumber")).split()):
        row.question["code"] = code
    tags.take(row, [text_of(first(one, "text")) for one in children(first(element, "tags"), "tag")])
    hints = [said for one in children(element, "hint") if (said := source.text(one))]
    if hints:
        row.note(f"Petunjuk (hint) tidak ikut: “{'”, “'.join(title_of(one) for one in hints[:3])}”.")
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        if (said := source.part(name)).casefold() not in _STANDARD:
            row.note(f"Umpan balik gabungan tidak ikut: “{title_of(said)}”.")
    if source.said("shuffleanswers") in {"false", "0"} and row.kind in (QuestionKind.SINGLE, QuestionKind.MULTIPLE):
        row.note("Urutan pilihan yang tetap tidak ikut: di sini kuis yang mengatur pengacakan.")
    if _fraction(source.said("defaultgrade") or "1") != 1:
        row.note("Bobot soal tidak ikut: di sini setiap soal bernilai sama.")


def _choices(source: _Source, text: str, feedback: str) -> None:
    one_only = source.said("single") not in {"false", "0"}
    making.choices(source.row, text, [one for _element, one in source.answers()], one_only=one_only, feedback=feedback)


def _true_false(source: _Source, text: str, feedback: str) -> None:
    said = {"true": "", "false": ""}
    right = ""
    for element, answer in source.answers():
        word = text_of(first(element, "text")).strip().casefold()
        if word in said:
            said[word] = answer.feedback
            right = word if answer.fraction >= making.FULL - making.CLOSE else right
    if not right:
        making.start(source.row, QuestionKind.TRUE_FALSE, text)
        source.row.refuse("Tidak ada jawaban true atau false yang bernilai 100.")
        return
    making.true_false(source.row, text, is_true=right == "true", feedback=feedback, said=(said["true"], said["false"]))


def _short_answer(source: _Source, text: str, feedback: str) -> None:
    answers = [one for _element, one in source.answers()]
    making.short_answer(source.row, text, answers, feedback=feedback, by_case=source.said("usecase") in {"1", "true"})


def _matching(source: _Source, text: str, feedback: str) -> None:
    pairs = [(source.text(one), text_of(first(one, "answer", "text")).strip()) for one in children(source.element, "subquestion")]
    making.matching(source.row, text, pairs, feedback=feedback)


def _ordering(source: _Source, text: str, feedback: str) -> None:
    parts = [one.text for _element, one in sorted(source.answers(), key=lambda pair: pair[1].fraction)]
    making.ordering(source.row, text, parts, feedback=feedback)


def _numeric(source: _Source, text: str, feedback: str) -> None:
    found, wrong = [], ""
    for element, answer in source.answers():
        if answer.text == "*":
            wrong = answer.feedback
            continue
        tolerance = text_of(first(element, "tolerance")).strip()
        found.append(Written(answer, number_of(answer.text), number_of(tolerance or "0")))
    units = [
        (text_of(first(one, "unit_name")).strip(), number_of(text_of(first(one, "multiplier")) or "1"))
        for one in children(first(source.element, "units"), "unit")
    ]
    needed = source.said("unitgradingtype") in {"1", "2"}
    read_numeric(source.row, text, found, feedback=feedback, wrong=wrong, units=units, unit_needed=needed)


def _cloze(source: _Source, text: str, feedback: str) -> None:
    cloze.read(source.row, text, feedback)


_READERS = {
    "multichoice": _choices,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "numerical": _numeric,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "multianswer": _cloze,
    "cloze": _cloze,
}
