"""Numeric: a number within its tolerance, in any unit that the question knows; several values may be right, each by its share.

How numbers and units are read is said in ``numbers``.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal, localcontext
from typing import Any

from linimasa.writing import decimal

from .kind import FIFTH, MOST_PARTS, NOTHING, ONE, AnswerError, Content, Kind, Raw, is_text, row, text_problems
from .numbers import LONGEST_UNIT, PRECISION, is_within, read, tidy_unit

LONGEST = 60
LARGEST, SMALLEST = 1e15, 1e-15
UNREADABLE = "Tulis satu angka, misalnya 4,5 atau 1.500."
TOLERANCES = ("tolerance", "percent")


def is_number(value: Any, *, least: float = -LARGEST) -> bool:
    """A number of a file that can be compared exactly: finite, neither huge nor nearly nothing."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return False
    return least <= value <= LARGEST and (value == 0 or abs(value) >= SMALLEST)


def exact(value: float) -> Decimal:
    """A number of a file as it is written there: 0.1 is exactly a tenth."""
    return Decimal(str(value))


def tolerance_problems(one: Mapping[str, Any], name: str) -> list[str]:
    """What is wrong with the tolerance of this value: absolute or in percent, not both."""
    found = [f"{name}: “{key}” harus bilangan 0 atau lebih." for key in TOLERANCES if key in one and not is_number(one[key], least=0)]
    return found or ([f"{name}: pilih “tolerance” atau “percent”, jangan keduanya."] if all(key in one for key in TOLERANCES) else [])


def is_accepted(value: Decimal, one: Mapping[str, Any]) -> bool:
    """Whether this number is what ``{value, tolerance or percent}`` accepts; edges count."""
    tolerances = {key: exact(one[key]) for key in TOLERANCES if key in one}
    return is_within(value, exact(one["value"]), **tolerances)


def accepted_words(one: Mapping[str, Any], unit: str = "") -> str:
    """The value as people read it, with what is accepted around it: «4,5 m (4,45 sampai 4,55)»."""
    value = exact(one["value"])
    around = exact(one["tolerance"]) if "tolerance" in one else abs(value) * exact(one.get("percent", 0)) / 100
    with_unit = f"{decimal(value, 15)} {unit}".strip()
    return f"{with_unit} ({decimal(value - around, 15)} sampai {decimal(value + around, 15)})" if around else with_unit


def line_of(raw: Raw, name: str, longest: int = LONGEST) -> str:
    """One line that was typed, trimmed. Raises AnswerError when it is too long or has signs that nobody sees."""
    text = (list(raw.get(name, [])) or [""])[-1].strip()
    if len(text) > longest:
        raise AnswerError(f"Jawaban terlalu panjang: {len(text)} huruf. Tulis paling banyak {longest} huruf.")
    if any(unicodedata.category(sign) in ("Cc", "Cs") for sign in text):
        raise AnswerError("Jawaban memuat tanda yang tidak terlihat. Ketik ulang jawabannya dalam satu baris.")
    return text


class Numeric(Kind):
    """Stored: the number and unit as typed. Without ``units`` whatever unit is typed is not judged."""

    code = "numeric"
    label = "Isian angka"
    template = "quizzes/kinds/short_answer.html"
    keys = ("text", "values", "units", "unit_needed", "feedback")
    missing = "Tulis angka, atau lewati dulu"
    target = "j"
    longest = LONGEST

    @property
    def hint(self) -> str:
        """What stands under the question."""
        unit = " Sertakan satuannya." if self.content.get("unit_needed") else ""
        return f"Tulis satu angka. Pakai koma untuk desimal, misalnya 4,5.{unit}"

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        found = text_problems(content, "text", "feedback")
        found += _value_problems(content.get("values"))
        if "units" in content:
            found += _unit_problems(content["units"])
        if "unit_needed" in content and (not isinstance(content["unit_needed"], bool) or "units" not in content):
            found.append("“unit_needed” harus true atau false, dan hanya bersama “units”.")
        return found

    def clean(self, raw: Raw, order: Sequence[int]) -> str | None:
        text = line_of(raw, "j")
        if not text:
            return None
        typed = read(text)
        if typed is None:
            raise AnswerError(UNREADABLE)
        if self.content.get("unit_needed") and not typed.unit:
            raise AnswerError("Tulis juga satuannya sesudah angka.")
        return text

    def factor(self, unit: str) -> Decimal | None:
        """By how much a value in this unit is multiplied; None when the question does not know the unit."""
        units = self.content.get("units")
        if units is None or (not unit and not self.content.get("unit_needed")):
            return ONE
        wanted = tidy_unit(unit)
        known = {tidy_unit(one["unit"]): exact(one["factor"]) for one in units}
        if wanted in known:
            return known[wanted]
        alike = [factor for name, factor in known.items() if name.casefold() == wanted.casefold()]
        return alike[0] if len(alike) == 1 else None

    def matched(self, answer: Any) -> Mapping[str, Any] | None:
        """The value of the question that this answer hits: the one of the most points; None when it hits none."""
        typed = read(answer) if answer is not None else None
        factor = self.factor(typed.unit) if typed else None
        if typed is None or factor is None:
            return None
        with localcontext() as context:
            context.prec = PRECISION
            values = [one * factor for one in typed.readings]
        hit = [one for one in self.content["values"] if any(is_accepted(value, one) for value in values)]
        return max(hit, key=lambda one: one.get("points", 1), default=None)

    def points(self, answer: Any) -> Decimal:
        hit = self.matched(answer)
        return exact(hit.get("points", 1)).quantize(FIFTH) if hit else NOTHING

    def best(self) -> Mapping[str, Any]:
        """The value that is told as the right one: the first of full points."""
        return next(one for one in self.content["values"] if one.get("points", 1) == 1)

    def unit(self) -> str:
        """The unit of the question's values."""
        return self.content["units"][0]["unit"] if self.content.get("units") else ""

    def correct(self) -> str:
        number = f"{exact(self.best()['value']):f}".replace(".", ",")
        return f"{number} {self.unit()}".strip()

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        return super().public(order) | {"mine": answer or "", "unit_needed": bool(self.content.get("unit_needed"))}

    def review(self, answer: Any, points: Decimal | None) -> dict[str, Any]:
        hit = self.matched(answer)
        told = [{"name": "", "text": hit["feedback"]}] if hit and "feedback" in hit else []
        return super().review(answer, points) | {"told": told}

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        rows = [row("Jawaban Anda", answer or "Tidak dijawab")]
        if points is not None and points != ONE:
            rows.append(row("Yang tepat", accepted_words(self.best(), self.unit())))
        return rows

    def said(self, answer: Any, points: Decimal | None) -> str:
        if answer is None:
            return super().said(answer, points)
        if (typed := read(answer)) and self.factor(typed.unit) is None:
            return "Satuannya belum tepat."
        return "Angka ini mendekati, tetapi belum tepat." if points else "Angka ini belum tepat."


def _value_problems(values: Any) -> list[str]:
    if not isinstance(values, list) or not 1 <= len(values) <= MOST_PARTS or not all(isinstance(one, dict) for one in values):
        return [f"“values” harus berupa daftar 1 sampai {MOST_PARTS} nilai {{value, tolerance atau percent, points, feedback}}."]
    found = []
    for number, one in enumerate(values, 1):
        name = f"“values” nomor {number}"
        if unknown := sorted(map(str, set(one) - {"value", *TOLERANCES, "points", "feedback"})):
            found.append(f"{name}: kunci {', '.join(unknown)} tidak dikenal.")
        if not is_number(one.get("value")):
            found.append(f"{name}: “value” harus bilangan.")
        found += tolerance_problems(one, name)
        if "points" in one and not (is_number(one["points"], least=0) and one["points"] <= 1):
            found.append(f"{name}: “points” harus bilangan 0 sampai 1.")
        if "feedback" in one and not is_text(one["feedback"]):
            found.append(f"{name}: “feedback” harus berisi teks.")
    if not found and not any(one.get("points", 1) == 1 for one in values):
        found.append("“values” memerlukan sekurang-kurangnya satu nilai dengan poin penuh.")
    return found


def _unit_problems(units: Any) -> list[str]:
    is_good = isinstance(units, list) and 1 <= len(units) <= MOST_PARTS and all(isinstance(one, dict) for one in units)
    if not is_good or not all(
        set(one) == {"unit", "factor"} and _is_unit(one["unit"]) and is_number(one["factor"], least=SMALLEST) for one in units
    ):
        return [f"“units” harus berupa daftar 1 sampai {MOST_PARTS} satuan {{unit, factor}}; faktornya lebih dari 0."]
    if len({tidy_unit(one["unit"]) for one in units}) != len(units):
        return ["“units” memuat satuan yang sama lebih dari sekali."]
    return [] if units[0]["factor"] == 1 else ["“units”: satuan pertama adalah satuan nilainya, jadi faktornya 1."]


def _is_unit(unit: Any) -> bool:
    """A unit that can be found again in what somebody types after a number."""
    if not is_text(unit, LONGEST_UNIT) or not tidy_unit(unit):
        return False
    typed = read(f"1 {unit}")
    return typed is not None and typed.readings == (1,) and tidy_unit(typed.unit) == tidy_unit(unit)
