"""Numbers between formats: exact as written, with a dot for decimals as these formats have it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ..kinds.numeric import exact
from ..models import QuestionKind
from . import making
from .making import Answer
from .rows import Row, title_of

_NUMBER = re.compile(r"[+-]?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})(?:[eE][+-]?\d{1,2})?")
_COMMA = re.compile(r"[+-]?\d{1,30},\d{1,30}")


@dataclass
class Written:
    """One value of a file; None for what is no number."""

    answer: Answer
    value: Decimal | None
    tolerance: Decimal | None


def number_of(text: str) -> Decimal | None:
    """The number in this text (a decimal comma too); None when it is none."""
    text = text.strip()
    if _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def plain_number(value: Decimal) -> int | float:
    """As JSON keeps it: whole numbers without a point."""
    return int(value) if value == value.to_integral_value() else float(value)


def point(value: int | float) -> str:
    """The number with a decimal point, never with a power."""
    number = exact(value)
    return f"{number:f}"


def read_numeric(
    row: Row,
    text: str,
    found: Sequence[Written],
    *,
    feedback: str,
    wrong: str = "",
    units: Sequence[tuple[str, Decimal | None]] = (),
    unit_needed: bool = False,
) -> Row:
    """A numeric question. ``units``: name and by how much the right number is multiplied in that unit (as Moodle has it)."""
    making.start(row, QuestionKind.NUMERIC, text)
    if bad := [title_of(one.answer.text) or "kosong" for one in found if one.value is None or one.tolerance is None]:
        row.refuse(f"Bukan angka atau rentang angka: “{'”, “'.join(bad)}”. Tulis seperti 4.5, 4.5:0.1, atau 4..5.")
    good = [one for one in found if one.value is not None and one.tolerance is not None]
    values = [_value(one) for one in good if one.answer.fraction > making.CLOSE or one.answer.feedback]
    if not any(one.get("points", 1) == 1 for one in values):
        row.refuse("Tidak ada angka yang bernilai penuh. Tulis sekurang-kurangnya satu.")
    row.question["values"] = values
    if wrong:
        row.note(f"Umpan balik untuk jawaban lain tidak ikut: “{title_of(wrong)}”.")
    if units:
        _units(row, units)
        row.question |= {"unit_needed": True} if unit_needed and "units" in row.question else {}
    return making.explain(row, feedback, [title_of(good[0].answer.text)] if good else [])


def _value(one: Written) -> dict[str, Any]:
    assert one.value is not None and one.tolerance is not None  # noqa: S101 - chosen before
    made: dict[str, Any] = {"value": plain_number(one.value)}
    if one.tolerance:
        made["tolerance"] = plain_number(abs(one.tolerance))
    if one.answer.fraction < making.FULL - making.CLOSE:
        made["points"] = round(max(one.answer.fraction, 0) / 100, 7)
    return made | ({"feedback": one.answer.feedback} if one.answer.feedback else {})


def _units(row: Row, units: Sequence[tuple[str, Decimal | None]]) -> None:
    """Ours say by how much a typed number is multiplied, the unit of the values first."""
    made = []
    for name, multiplier in units:
        if multiplier is None or multiplier <= 0:
            row.refuse(f"Faktor satuan “{title_of(name)}” harus angka lebih dari 0.")
            return
        made.append({"unit": name, "factor": plain_number(_inverse(multiplier))})
    made.sort(key=lambda one: one["factor"] != 1)  # stable: only the unit itself moves to the front
    row.question["units"] = made


def _inverse(value: Decimal) -> Decimal:
    """1 ÷ value with 15 figures, as a float keeps it."""
    return Decimal(repr(float(1 / value)))


def multiplier_of(factor: int | float) -> str:
    """What Moodle multiplies by for a unit of ours."""
    return f"{_inverse(exact(factor)):f}".removesuffix(".0")


def tolerance_of(one: Mapping[str, Any]) -> str:
    """The absolute tolerance of a value; that of a percentage comes out of it."""
    if "percent" in one:
        return f"{(abs(exact(one['value'])) * exact(one['percent']) / 100).normalize():f}"
    return point(one.get("tolerance", 0))


def fraction_of(one: Mapping[str, Any]) -> str:
    """The points of a value as a fraction of 100."""
    return f"{(exact(one.get('points', 1)) * 100).normalize():f}"


def lost(question: Mapping[str, Any]) -> list[str]:
    """What formats with an absolute tolerance only do not keep, in words."""
    return ["toleransi persen (menjadi selisih tetap)"] if any("percent" in one for one in question.get("values", [])) else []


def left_out(question: Mapping[str, Any]) -> str:
    """Why Moodle XML cannot say these units; empty when it can."""
    factors = [one["factor"] for one in question.get("units", [])]
    same = all(plain_number(_inverse(Decimal(multiplier_of(one)))) == one for one in factors)
    return "" if same else "faktor satuannya tidak dapat dibalik dengan tepat"
