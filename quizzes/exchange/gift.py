"""GIFT, Moodle's text format: read as Moodle reads it, written so that Moodle reads it too.

Escapes ``\\~ \\= \\# \\{ \\} \\: \\\\ \\n``; comments ``//`` (``[id:…]`` and ``[tag:…]`` in them are Moodle's own way for codes and
tags); ``$CATEGORY:``; ``::title::``; ``[html]``, ``[markdown]``, ``[plain]``, ``[moodle]`` before a text; ``%50%`` weights; ``####``
general feedback.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..kinds.choice import LETTERS
from ..models import QuestionKind
from . import making, plain, tags
from .making import Answer
from .numeric import Written, fraction_of, number_of, point, read_numeric, tolerance_of
from .rows import Row, decoded, enough, title_of

_PLACES = {":": "\ufdd0", "#": "\ufdd1", "=": "\ufdd2", "{": "\ufdd3", "}": "\ufdd4", "~": "\ufdd5", "n": "\n", "\\": "\ufdd6"}
_BACK = {mark: sign for sign, mark in _PLACES.items() if sign != "n"}
_ESCAPED = re.compile(r"\\([:#={}~n\\])")
_PLACED = re.compile("[\ufdd0-\ufdd6]")
_FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]", re.I)
_WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d{0,10})?)%")
_MARK = re.compile(r"\[(id|tag):((?:\\.|[^\\\]]){1,200})\]")
_CATEGORY = "$CATEGORY:"
_CONTEXT = re.compile(r"^\$?(?:course|system|cat|module)\$?(?:/|$)|^\$(?:course|system|cat|module)\$/?")
TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}


@dataclass
class _Block:
    line: int
    text: str = ""
    code: str = ""
    tags: list[str] = field(default_factory=list)


def read(data: bytes) -> list[Row]:
    """Every question of the file, in its order. Raises ExchangeError."""
    rows: list[Row] = []
    category = ""
    for block in _blocks(decoded(data)):
        if block.text.startswith(_CATEGORY):
            category = category_path(_unescaped(_hidden(block.text[len(_CATEGORY) :].split("\n", 1)[0])))
            continue
        row = _question(block)
        row.question |= {"category": category} if category and row.question else {}
        rows.append(row)
        enough(len(rows))
    return rows


def category_path(path: str) -> str:
    """Our path of a Moodle category: without its context («$course$/top/»)."""
    names = [" ".join(one.split()) for one in _CONTEXT.sub("", path.strip().replace("//", "∕")).split("/")]
    names = [one for one in names if one]
    return "/".join(names[1:] if names and names[0].casefold() == "top" else names)


def _blocks(text: str) -> Iterator[_Block]:
    """The parts between blank lines. A comment line counts as no line; a category line stands for itself."""
    block = _Block(0)
    lines: list[str] = []
    for number, line in enumerate([*text.split("\n"), ""], 1):
        stripped = line.strip()
        if stripped.startswith("//"):
            for name, value in _MARK.findall(stripped):
                value = re.sub(r"\\(.)", r"\1", value)
                if name == "id":
                    block.code = value
                else:
                    block.tags.append(value)
            continue
        if stripped and not stripped.startswith(_CATEGORY):
            block.line = block.line or number
            lines.append(line)
            continue
        if lines:
            block.text = "\n".join(lines).strip()
            yield block
            block, lines = _Block(0), []
        if stripped:
            yield _Block(number, stripped)


def _hidden(text: str) -> str:
    """Escaped signs as signs that no text holds, so that they mean nothing."""
    return _ESCAPED.sub(lambda found: _PLACES[found[1]], _PLACED.sub("\ufffd", text))


def _unescaped(text: str) -> str:
    return _PLACED.sub(lambda found: _BACK[found[0]], text).strip()


class _Texts:
    """Reads the texts of one question: its format, its escapes, what HTML in it lost."""

    def __init__(self, row: Row) -> None:
        self.row, self.format = row, "moodle"

    def stem(self, text: str) -> str:
        """The question's text; its format is that of all the others."""
        found = _FORMAT.match(text)
        self.format = found[1].casefold() if found else "moodle"
        return self.text(text)

    def text(self, text: str) -> str:
        text, form = text.strip(), self.format
        if found := _FORMAT.match(text):
            text, form = text[found.end() :], found[1].casefold()
        text = _unescaped(text)
        return as_text(self.row, text) if form == "html" or (form == "moodle" and plain.looks_like_html(text)) else text

    def answer(self, text: str, fraction: float) -> Answer:
        said, separator, feedback = text.partition("#")
        return Answer(self.text(said), fraction, self.text(feedback) if separator else "")


def as_text(row: Row, source: str, *, is_native: bool = False) -> str:
    """HTML as text; what it lost is noted, pictures are refused by name. ``is_native``: the format knows nothing but HTML, so that
    only what is lost is worth a word."""
    text, lost, images = plain.from_html(source)
    if lost or (not is_native and text != plain.tidy(source)):
        row.html = (row.html or set()) | set(lost)
    for name, _words in images:
        row.refuse(f"Gambar “{title_of(name.rsplit('/', 1)[-1]) or 'tanpa nama'}” ada di dalam teks. Soal ini perlu ditulis tanpa gambar.")
    return text


def _question(block: _Block) -> Row:
    row = Row(f"baris {block.line}")
    text = _hidden(block.text)
    title = ""
    if text.startswith("::") and (end := text.find("::", 2)) > 0:
        title, text = _unescaped(text[2:end]), text[end + 2 :].strip()
    row.title = title_of(title)
    first, last = text.find("{"), text.find("}")
    if first < 0 and last < 0:
        row.title, row.kind = row.title or title_of(_unescaped(text)), "description"
        return row.refuse("Ini hanya teks pengantar (description), bukan soal.")
    if first < 0 or last < first:
        row.title = row.title or title_of(_unescaped(text))
        return row.refuse("Kurung kurawal tidak berpasangan. Tulis jawaban di antara { dan }, dan \\{ untuk kurung biasa.")
    body, stem, rest = text[first + 1 : last].strip(), text[:first], text[last + 1 :]
    if rest.strip():
        stem = f"{stem}_____{rest}"
    body, _mark, general = _rsplit(body, "####")
    texts = _Texts(row)
    asked = texts.stem(stem)
    row.title = row.title or title_of(asked)
    _by_kind(row, asked, body.strip(), texts.text(general) if general else "", texts)
    if row.question:
        row.question |= {"code": block.code} if block.code else {}
        tags.take(row, block.tags)
    return row


def _rsplit(text: str, separator: str) -> tuple[str, str, str]:
    before, mark, after = text.rpartition(separator)
    return (before, mark, after) if mark else (text, "", "")


def _by_kind(row: Row, asked: str, body: str, general: str, texts: _Texts) -> None:
    if not body:
        row.kind = "essay"
        row.refuse("Soal uraian (essay) dinilai dengan rubrik di sini. Tulis sebagai tugas praktik.")
    elif body.startswith("#"):
        _numeric(row, asked, body[1:], general, texts)
    elif "~" in body:
        _choices(row, asked, body, general, texts)
    elif "=" in body and "->" in body:
        pairs = [one.partition("->") for one in body.split("=") if one.strip()]
        if bad := [left for left, arrow, _right in pairs if not arrow]:
            row.kind = "matching"
            row.refuse(f"Pasangan “{title_of(_unescaped(bad[0]))}” tidak memiliki tanda ->.")
            return
        making.matching(row, asked, [(texts.text(left), texts.text(right)) for left, _arrow, right in pairs], feedback=general)
    elif (said := body.split("#", 2))[0].strip() in TRUTHS:
        is_true = TRUTHS[said[0].strip()]
        wrong, right = [texts.text(one) for one in [*said[1:], "", ""][:2]]
        told = right if general else ""  # without general feedback, that on the right answer explains the question
        making.true_false(row, asked, is_true=is_true, feedback=general or right, said=(told, wrong) if is_true else (wrong, told))
    else:
        making.short_answer(row, asked, list(_weighted(body, texts)), feedback=general)


def _weighted(body: str, texts: _Texts) -> Iterator[Answer]:
    """Answers after ``=``, with their weights; 100 without one."""
    for part in body.split("="):
        part = part.strip()
        if part:
            found = _WEIGHT.match(part)
            yield texts.answer(part[found.end() :] if found else part, float(found[1]) if found else making.FULL)


def _choices(row: Row, asked: str, body: str, general: str, texts: _Texts) -> None:
    answers = []
    for part in body.replace("=", "~=").split("~"):
        part = part.strip()
        if not part:
            continue
        if part.startswith("="):
            answers.append(texts.answer(part[1:], making.FULL))
        else:
            found = _WEIGHT.match(part)
            answers.append(texts.answer(part[found.end() :] if found else part, float(found[1]) if found else 0))
    making.choices(row, asked, answers, one_only="=" in body, feedback=general)


def _numeric(row: Row, asked: str, body: str, general: str, texts: _Texts) -> None:
    body, _mark, wrong = body.partition("~")
    found = []
    for one in _weighted(body, texts):
        low, dots, high = one.text.partition("..")
        if dots and low.strip():
            ends = number_of(low), number_of(high)
            if ends[0] is None or ends[1] is None:
                found.append(Written(one, None, None))
            else:
                middle = (ends[0] + ends[1]) / 2
                found.append(Written(one, middle, abs(ends[1] - middle)))
        else:
            value, _colon, tolerance = one.text.partition(":")
            found.append(Written(one, number_of(value), number_of(tolerance) if tolerance.strip() else number_of("0")))
    read_numeric(row, asked, found, feedback=general, wrong=texts.answer(wrong.strip(), 0).feedback if wrong else "")


# --- writing ----------------------------------------------------------------------------------------------------------------
KINDS = frozenset(
    {
        QuestionKind.SINGLE,
        QuestionKind.SCENARIO,
        QuestionKind.MULTIPLE,
        QuestionKind.TRUE_FALSE,
        QuestionKind.SHORT_ANSWER,
        QuestionKind.MATCHING,
        QuestionKind.NUMERIC,
    }
)


def left_out(question: Mapping[str, Any]) -> str:
    """Why GIFT cannot say this question; empty when it can."""
    if question["kind"] not in KINDS:
        return "GIFT tidak mengenal jenis ini"
    if question.get("units"):
        return "GIFT tidak mengenal satuan"
    if any("->" in one["left"] for one in question.get("pairs", [])):
        return "GIFT memakai -> sebagai tanda pasangan"
    if question["kind"] == QuestionKind.SHORT_ANSWER and any("->" in one or "\\*" in one for one in question["accepted"]):
        return "GIFT membaca jawaban seperti ini dengan arti lain"
    return tags.one_text_problem(question)


def write(questions: Iterable[Mapping[str, Any]]) -> bytes:
    """The file of these questions, each of which GIFT can say. UTF-8."""
    out, category = [], ""
    for question in questions:
        here = question.get("category", "")
        if here != category:
            out.append(f"{_CATEGORY} $course$/top{'/' if here else ''}{_escaped(here)}\n\n")
            category = here
        marks = [f"[id:{_mark(question['code'])}]"] if question.get("code") else []
        marks += [f"[tag:{_mark(one)}]" for one in tags.written(question)]
        out.append(f"// {' '.join(marks)}\n" if marks else "")
        out.append(
            f"::{_escaped(question.get('code') or title_of(question['text']))}::{_said(tags.one_text(question))}{_answers(question)}\n\n"
        )
    return "".join(out).encode()


def _mark(text: str) -> str:
    return re.sub(r"([\\\]])", r"\\\1", text)


def _escaped(text: str) -> str:
    return re.sub(r"([\\#=~{}:])", r"\\\1", text).replace("\n", "\\n")


def _said(text: str) -> str:
    """A text, never read as HTML or with a format that it does not have."""
    return f"[plain]{_escaped(text)}" if plain.looks_like_html(text) or text.startswith("[") else _escaped(text)


def _answers(question: Mapping[str, Any]) -> str:
    kind, general = question["kind"], f"####{_said(question['feedback'])}"
    said = question.get("feedback_options", {})
    if kind == QuestionKind.TRUE_FALSE:
        wrong, right = [said.get(str(one).lower(), "") for one in (not question["key"], question["key"])]
        comments = f"#{_said(wrong)}#{_said(right)}" if wrong or right else ""
        return f"{{{'TRUE' if question['key'] else 'FALSE'}{comments}{general}}}"
    lines = []
    if kind in (QuestionKind.SINGLE, QuestionKind.SCENARIO, QuestionKind.MULTIPLE):
        for place, text in enumerate(question["choices"]):
            letter = LETTERS[place]
            lines.append(_weight(question, letter, text) + _said(text) + (f"#{_said(said[letter])}" if said.get(letter) else ""))
    elif kind == QuestionKind.MATCHING:
        lines = [f"={_said(one['left'])} -> {_said(one['right'])}" for one in question["pairs"]]
    elif kind == QuestionKind.NUMERIC:
        lines = [f"=%{fraction_of(one)}%{point(one['value'])}:{tolerance_of(one)}{_reason(one)}" for one in question["values"]]
        return "{#\n" + "".join(f"\t{line}\n" for line in [*lines, general]) + "}"
    else:
        lines = ["=%100%" + _said(text.replace("*", "\\*")) for text in question["accepted"]]
    return "{\n" + "".join(f"\t{line}\n" for line in [*lines, general]) + "}"


def _weight(question: Mapping[str, Any], letter: str, text: str) -> str:
    is_right = letter in question["key"]
    if question["kind"] != QuestionKind.MULTIPLE:
        return "=" if is_right else "~%0%" if text.startswith("%") else "~"
    share = f"{100 / len(question['key']):.5f}".rstrip("0").rstrip(".")
    return f"~%{share}%" if is_right else f"~%-{share}%"


def _reason(value: Mapping[str, Any]) -> str:
    return f"#{_said(value['feedback'])}" if value.get("feedback") else ""
