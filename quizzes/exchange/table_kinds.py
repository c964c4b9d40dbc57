"""What each kind's columns mean in a table, both ways."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from linimasa import writing

from ..kinds.choice import LETTERS
from ..kinds.gaps import CHOICE, NUMBER, TEXT
from ..kinds.hotspot import CIRCLE, POLYGON, RECTANGLE
from ..models import QuestionKind
from . import making
from .numeric import number_of, plain_number, point
from .rows import Row, title_of

NAMES = {
    QuestionKind.SINGLE: "pilihan tunggal",
    QuestionKind.MULTIPLE: "pilihan ganda",
    QuestionKind.TRUE_FALSE: "benar salah",
    QuestionKind.SCENARIO: "skenario",
    QuestionKind.SHORT_ANSWER: "isian singkat",
    QuestionKind.MATCHING: "menjodohkan",
    QuestionKind.ORDERING: "mengurutkan",
    QuestionKind.NUMERIC: "angka",
    QuestionKind.GAPS: "isian dalam teks",
    QuestionKind.HOTSPOT: "titik pada gambar",
}
WORDS = {word: kind for kind, word in NAMES.items()} | {kind.value.replace("_", " "): kind for kind in NAMES}
_SHAPES = {"persegi": RECTANGLE, "lingkaran": CIRCLE, "poligon": POLYGON}
_SHAPE_WORDS = {shape: word for word, shape in _SHAPES.items()}
_YES = {"benar": True, "true": True, "b": True, "ya": True, "salah": False, "false": False, "s": False, "tidak": False}
MOST = 20
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_SEPARATORS = re.compile(r"[,;\s]+")


class Cells:
    """The filled cells of a row; remembers which were looked at."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.cells, self.used = cells, set[str]()

    def get(self, name: str) -> str:
        self.used.add(name)
        return self.cells.get(name, "")

    def numbered(self, row: Row, group: str) -> list[str]:
        """«isi 1», «isi 2» … up to the last that is filled; a gap between is refused."""
        found = [self.get(f"{group} {number}") for number in range(1, MOST + 1)]
        while found and not found[-1]:
            found.pop()
        if empty := [f"{group} {number}" for number, text in enumerate(found, 1) if not text]:
            row.refuse(f"Kolom “{empty[0]}” kosong, padahal kolom sesudahnya berisi.")
        return found

    def named(self, group: str, names: list[str]) -> dict[str, str]:
        """The filled cells of a group, under these names."""
        found = {name: self.get(f"{group} {number}") for number, name in enumerate(names, 1)}
        return {name: text for name, text in found.items() if text}


def explain(row: Row, feedback: str) -> None:
    """The feedback of the table, or what stands in for a missing one."""
    question = row.question
    right: list[str] = []
    if isinstance(question.get("choices"), list):
        right = [question["choices"][LETTERS.index(one)] for one in question.get("key", []) if one in LETTERS[: len(question["choices"])]]
    elif isinstance(question.get("accepted"), list):
        right = question["accepted"][:1]
    elif "key" in question and isinstance(question["key"], bool):
        right = ["Benar" if question["key"] else "Salah"]
    making.explain(row, feedback, right)


def _letters(row: Row, cells: Cells, count: int, *, several: bool) -> Any:
    keys = [one.upper() for one in _SEPARATORS.split(cells.get("kunci")) if one]
    known = list(LETTERS[:count])
    if not keys or not set(keys) <= set(known) or len(set(keys)) != len(keys):
        row.refuse(f"Kolom “kunci” harus huruf pilihan ({', '.join(known) or 'A'}), misalnya {'A, C' if several else 'B'}.")
        return [] if several else ""
    if several:
        return sorted(keys)
    if len(keys) > 1:
        row.refuse("Soal ini hanya memiliki satu kunci. Pakai jenis “pilihan ganda” untuk beberapa kunci.")
    return keys[0]


def _options(row: Row, cells: Cells, names: list[str]) -> None:
    if said := cells.named("alasan", names):
        row.question["feedback_options"] = said
    if beliefs := cells.named("salah paham", names):
        row.question["misconceptions"] = beliefs


def _choices(row: Row, cells: Cells, *, several: bool = False) -> set[str]:
    found = cells.numbered(row, "isi")
    row.question["choices"] = found
    row.question["key"] = _letters(row, cells, len(found), several=several)
    _options(row, cells, list(LETTERS[: len(found)]))
    return cells.used


def _scenario(row: Row, cells: Cells) -> set[str]:
    row.question["scenario"] = cells.get("skenario")
    return _choices(row, cells)


def _true_false(row: Row, cells: Cells) -> set[str]:
    said = cells.get("kunci").casefold()
    if said not in _YES:
        row.refuse("Kolom “kunci” harus benar atau salah.")
    row.question["key"] = _YES.get(said, True)
    _options(row, cells, ["true", "false"])
    return cells.used


def _short_answer(row: Row, cells: Cells) -> set[str]:
    row.question["accepted"] = cells.numbered(row, "isi")
    return cells.used


def _matching(row: Row, cells: Cells) -> set[str]:
    left = cells.numbered(row, "isi")
    row.question["pairs"] = [{"left": text, "right": cells.get(f"pasangan {number}")} for number, text in enumerate(left, 1)]
    return cells.used


def _ordering(row: Row, cells: Cells) -> set[str]:
    row.question["order"] = cells.numbered(row, "isi")
    return cells.used


def _tolerated(row: Row, text: str) -> dict[str, Any]:
    """«4,5», «4,5 ± 0,1», «4,5 ± 2%» as a value with its tolerance."""
    said, _mark, around = text.replace("+/-", "±").partition("±")
    is_percent = around.strip().endswith("%")
    value, wide = number_of(said), number_of(around.strip().removesuffix("%") or "0")
    if _THOUSANDS.fullmatch(said.strip()):
        row.refuse(f"“{said.strip()}” dapat berarti ribuan atau pecahan. Tulis tanpa titik, dengan koma untuk desimal.")
    if value is None or wide is None:
        row.refuse(f"“{title_of(text)}” bukan angka. Tulis seperti 4,5 atau 4,5 ± 0,1 atau 4,5 ± 2%.")
        return {}
    return {"value": plain_number(value)} | ({"percent" if is_percent else "tolerance": plain_number(abs(wide))} if wide else {})


def _numeric(row: Row, cells: Cells) -> set[str]:
    """Each «isi» is a value, «pasangan» its points in percent, «alasan» its feedback; «satuan» «m = 1; cm = 0,01», «wajib» first."""
    values = []
    for number, text in enumerate(cells.numbered(row, "isi"), 1):
        value, share = _tolerated(row, text), cells.get(f"pasangan {number}")
        points = number_of(share.removesuffix("%") or "100") if share else None
        if share and points is None:
            row.refuse(f"Kolom “pasangan {number}” harus persen nilai, misalnya 50%.")
        value |= {"points": plain_number(points / 100)} if points is not None and points != 100 else {}
        value |= {"feedback": why} if (why := cells.get(f"alasan {number}")) else {}
        values.append(value)
    row.question["values"] = values
    if units := cells.get("satuan"):
        needed, _mark, listed = units.partition(":") if units.casefold().startswith("wajib:") else ("", "", units)
        row.question["units"] = [_unit(row, one) for one in listed.split(";") if one.strip()]
        row.question |= {"unit_needed": True} if needed else {}
    return cells.used


def _unit(row: Row, text: str) -> dict[str, Any]:
    name, _mark, factor = text.partition("=")
    number = number_of(factor.strip() or "1")
    if number is None:
        row.refuse(f"Satuan “{title_of(text)}” harus seperti “cm = 0,01”.")
    return {"unit": name.strip(), "factor": plain_number(number) if number is not None else 0}


def _gaps(row: Row, cells: Cells) -> set[str]:
    """«skenario» holds the passage; each «isi» a gap: «kata | kata lain», «# 4,5 ± 0,1», or choices «* benar | salah»."""
    row.question["passage"] = cells.get("skenario")
    gaps = []
    for number, text in enumerate(cells.numbered(row, "isi"), 1):
        gap = _gap(row, text)
        gaps.append(gap | ({"feedback": why} if (why := cells.get(f"alasan {number}")) else {}))
    row.question["gaps"] = gaps
    return cells.used


def _gap(row: Row, text: str) -> dict[str, Any]:
    if text.startswith("#"):
        return {"ask": NUMBER, **_tolerated(row, text[1:])}
    parts = [one.strip() for one in re.split(r"(?<!\\)\|", text)]
    starred = [place for place, one in enumerate(parts) if one.startswith("*")]
    texts = [_unbarred(one[1:] if one.startswith("*") else one) for one in parts]
    if not starred:
        return {"ask": TEXT, "accepted": texts}
    if len(starred) > 1 or starred[0] >= len(LETTERS):
        row.refuse(f"Isian “{title_of(text)}”: tandai satu pilihan saja dengan *.")
    return {"ask": CHOICE, "choices": texts, "key": LETTERS[min(starred[0], len(LETTERS) - 1)]}


def _unbarred(text: str) -> str:
    return re.sub(r"\\([|\\*#])", r"\1", text.strip())


def _barred(text: str) -> str:
    return (
        re.sub(r"([|\\])", r"\\\1", text)
        .replace("*", "\\*", 1 if text.startswith("*") else 0)
        .replace("#", "\\#", 1 if text.startswith("#") else 0)
    )


def _hotspot(row: Row, cells: Cells) -> set[str]:
    """«gambar» «berkas | teks alternatif»; each «isi» the name of a region, «pasangan» its shape: «persegi 10 20 30 15»."""
    file, _mark, alternative = cells.get("gambar").partition("|")
    row.question["picture"] = {"file": file.strip(), "alt": alternative.strip()}
    regions = []
    for number, name in enumerate(cells.numbered(row, "isi"), 1):
        shape, *at = cells.get(f"pasangan {number}").split()
        numbers = [number_of(one.rstrip(";")) for one in at]
        if shape.casefold() not in _SHAPES or None in numbers:
            row.refuse(f"Kolom “pasangan {number}” harus seperti “persegi 10 20 30 15”, “lingkaran 50 50 8”, atau “poligon x y x y x y”.")
        regions.append(
            {"name": name, "shape": _SHAPES.get(shape.casefold(), ""), "at": [plain_number(one) for one in numbers if one is not None]}
        )
    row.question["regions"] = regions
    keys = _letters(row, cells, len(regions), several=True)
    several = len(keys) > 1 or "," in cells.get("kunci") or ";" in cells.get("kunci")
    row.question["key"] = keys if several else "".join(keys)
    _options(row, cells, list(LETTERS[: len(regions)]))
    return cells.used


READERS: dict[QuestionKind, Callable[[Row, Cells], set[str]]] = {
    QuestionKind.SINGLE: _choices,
    QuestionKind.SCENARIO: _scenario,
    QuestionKind.MULTIPLE: lambda row, cells: _choices(row, cells, several=True),
    QuestionKind.TRUE_FALSE: _true_false,
    QuestionKind.SHORT_ANSWER: _short_answer,
    QuestionKind.MATCHING: _matching,
    QuestionKind.ORDERING: _ordering,
    QuestionKind.NUMERIC: _numeric,
    QuestionKind.GAPS: _gaps,
    QuestionKind.HOTSPOT: _hotspot,
}


# --- writing ----------------------------------------------------------------------------------------------------------------
Question = Mapping[str, Any]


def _spread(group: str, texts: Any) -> dict[str, str]:
    return {f"{group} {number}": text for number, text in enumerate(texts, 1)}


def _write_options(question: Question, names: str | list[str]) -> dict[str, str]:
    said, beliefs = question.get("feedback_options", {}), question.get("misconceptions", {})
    return _spread("alasan", [said.get(one, "") for one in names]) | _spread("salah paham", [beliefs.get(one, "") for one in names])


def _write_choices(question: Question) -> dict[str, str]:
    key = question["key"]
    letters = LETTERS[: len(question["choices"])]
    found = {"kunci": ", ".join(key), "skenario": question.get("scenario", "")}
    return found | _spread("isi", question["choices"]) | _write_options(question, letters)


def _write_true_false(question: Question) -> dict[str, str]:
    return {"kunci": "benar" if question["key"] else "salah"} | _write_options(question, ["true", "false"])


def _write_matching(question: Question) -> dict[str, str]:
    pairs = question["pairs"]
    return _spread("isi", [one["left"] for one in pairs]) | _spread("pasangan", [one["right"] for one in pairs])


def _comma(value: int | float) -> str:
    return point(value).replace(".", ",")


def _write_tolerated(one: Question) -> str:
    around = f" ± {_comma(one['percent'])}%" if "percent" in one else f" ± {_comma(one['tolerance'])}" if one.get("tolerance") else ""
    return _comma(one["value"]) + around


def _write_numeric(question: Question) -> dict[str, str]:
    values = question["values"]
    shares = [f"{writing.decimal(one['points'] * 100, 7)}%" if one.get("points", 1) != 1 else "" for one in values]
    units = "; ".join(f"{one['unit']} = {_comma(one['factor'])}" for one in question.get("units", []))
    found = {"satuan": f"wajib: {units}" if question.get("unit_needed") else units}
    found |= _spread("isi", [_write_tolerated(one) for one in values]) | _spread("pasangan", shares)
    return found | _spread("alasan", [one.get("feedback", "") for one in values])


def _write_gap(gap: Question) -> str:
    if gap["ask"] == NUMBER:
        return f"# {_write_tolerated(gap)}"
    if gap["ask"] == TEXT:
        return " | ".join(_barred(one) for one in gap["accepted"])
    key = LETTERS.index(gap["key"])
    return " | ".join(f"* {_barred(one)}" if place == key else _barred(one) for place, one in enumerate(gap["choices"]))


def _write_gaps(question: Question) -> dict[str, str]:
    gaps = question["gaps"]
    found = {"skenario": question["passage"]} | _spread("isi", [_write_gap(one) for one in gaps])
    return found | _spread("alasan", [one.get("feedback", "") for one in gaps])


def _write_hotspot(question: Question) -> dict[str, str]:
    regions, picture = question["regions"], question["picture"]
    key = question["key"]
    found = {
        "gambar": f"{picture['file']} | {picture['alt']}",
        "kunci": key if isinstance(key, str) else ", ".join(key) + ("," if len(key) == 1 else ""),
    }
    shapes = [" ".join([_SHAPE_WORDS[one["shape"]], *(_comma(each) for each in one["at"])]) for one in regions]
    letters = LETTERS[: len(regions)]
    return found | _spread("isi", [one["name"] for one in regions]) | _spread("pasangan", shapes) | _write_options(question, letters)


WRITERS: dict[str, Callable[[Question], dict[str, str]]] = {
    QuestionKind.SINGLE: _write_choices,
    QuestionKind.SCENARIO: _write_choices,
    QuestionKind.MULTIPLE: _write_choices,
    QuestionKind.TRUE_FALSE: _write_true_false,
    QuestionKind.SHORT_ANSWER: lambda question: _spread("isi", question["accepted"]),
    QuestionKind.MATCHING: _write_matching,
    QuestionKind.ORDERING: lambda question: _spread("isi", question["order"]),
    QuestionKind.NUMERIC: _write_numeric,
    QuestionKind.GAPS: _write_gaps,
    QuestionKind.HOTSPOT: _write_hotspot,
}
