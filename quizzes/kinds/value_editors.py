"""The forms of numbers and of gaps in a text."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from .choice import LETTERS
from .editor import UNKNOWN, Editor, LinesField, line, numbered, words
from .gaps import CHOICE, NUMBER, TEXT, Gaps
from .kind import Content
from .numbers import read
from .numeric import Numeric, exact

WRITTEN = "Tulis sebagai angka, misalnya 4,5."
RIGHT = "*"  # before the choice that is right


def number_in(text: str) -> float | None:
    """The number in this text as the files have it; None when it holds none, or a unit."""
    typed = read(text)
    if typed is None or typed.unit:
        return None
    return plain(typed.readings[0])


def plain(value: Decimal) -> float:
    """A whole number as an int, any other as a float."""
    return int(value) if value == value.to_integral_value() else float(value)


def shown(value: float | None) -> str:
    """A number of the files as an author types it."""
    return "" if value is None else f"{exact(value):f}".replace(".", ",")


def tolerance_in(text: str) -> dict[str, float] | None:
    """«0,05» and «2 %» as the files have them; empty for nothing, None when it cannot be read."""
    typed = read(text) if text else None
    if not text:
        return {}
    if typed is None or typed.unit not in ("", "%"):
        return None
    return {"percent" if typed.unit else "tolerance": plain(typed.readings[0])}


def tolerance_of(one: Content) -> str:
    if "percent" in one:
        return f"{shown(one['percent'])} %"
    return shown(one.get("tolerance"))


class NumericEditor(Editor):
    kind = Numeric
    row_label, is_lettered, starts_with = "Nilai", False, 2
    last = ("units", "unit_needed", "feedback")
    units = LinesField(
        label="Satuan",
        required=False,
        help_text="Satu satuan setiap baris: nama = faktor. Yang pertama satuan nilai di atas, misalnya m = 1, lalu cm = 0,01.",
    )
    unit_needed = forms.BooleanField(label="Satuan harus ditulis", required=False)

    def row_fields(self, number: int) -> dict[str, forms.Field]:
        return {
            "value": line("angka", most=60),
            "tolerance": line("toleransi", most=60, hint="Misalnya 0,05 atau 2 %."),
            "points": line("bagian nilai", most=20, hint="0 sampai 1. Kosong berarti 1."),
            "told": words("alasan bila dijawab"),
        }

    def compose(self) -> dict[str, Any]:
        made: dict[str, Any] = super().compose() | {"values": []}
        for number in range(1, self.count + 1):
            if any(self.value(name, number) for name in self.row_fields(number)):
                made["values"].append(self._value(number))
        if not made["values"] and not self.errors:
            self.add_error("value_1", "Tulis sekurang-kurangnya satu nilai.")
        if self.cleaned_data["units"]:
            made |= {"units": self._units()}
        if self.cleaned_data["unit_needed"]:
            made |= {"unit_needed": True}
        return made

    def _value(self, number: int) -> dict[str, Any]:
        made: dict[str, Any] = {}
        tolerance = tolerance_in(self.value("tolerance", number))
        read_as = {"value": number_in(self.value("value", number)), "tolerance": tolerance}
        if self.value("points", number):
            read_as["points"] = number_in(self.value("points", number))
        for name, value in read_as.items():
            if value is None:
                self.add_error(f"{name}_{number}", "Tulis angka atau persen, misalnya 0,05 atau 2 %." if name == "tolerance" else WRITTEN)
        made = {"value": read_as["value"]} | (tolerance or {})
        made |= {"points": read_as["points"]} if "points" in read_as else {}
        return made | ({"feedback": self.value("told", number)} if self.value("told", number) else {})

    def _units(self) -> list[dict[str, Any]]:
        found = []
        for written in self.cleaned_data["units"]:
            name, mark, factor = written.rpartition("=")
            number = number_in(factor)
            if not mark or not name.strip() or number is None:
                self.add_error("units", f"Baris “{written[:60]}” harus berbentuk nama = faktor, misalnya cm = 0,01.")
                break
            found.append({"unit": name.strip(), "factor": number})
        return found

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        rows = numbered(
            content.get("values", []),
            value=lambda one: shown(one["value"]),
            tolerance=tolerance_of,
            points=lambda one: shown(one.get("points")),
            told=lambda one: one.get("feedback", ""),
        )
        units = [f"{one['unit']} = {shown(one['factor'])}" for one in content.get("units", [])]
        return super().initial_of(content) | rows | {"units": units, "unit_needed": content.get("unit_needed", False)}


class GapsEditor(Editor):
    kind = Gaps
    row_label, is_lettered = "Isian", False
    text = words("Perintah", rows=2, required=True, hint="Misalnya: Lengkapi kalimat ini.")
    passage = words("Teks dengan isian", rows=5, required=True, hint="Tandai tempat isian dengan {{1}}, {{2}}, dan seterusnya.")

    def row_fields(self, number: int) -> dict[str, forms.Field]:
        kinds = [("", "Tidak dipakai"), (TEXT, "Teks pendek"), (NUMBER, "Angka"), (CHOICE, "Pilihan")]
        hint = "Teks: satu jawaban yang diterima setiap baris. Angka: satu angka. Pilihan: satu setiap baris, tanda * di depan yang tepat."
        return {
            "ask": forms.ChoiceField(label="jenis", choices=kinds, required=False, error_messages=UNKNOWN),
            "answers": LinesField(label="jawaban", required=False, help_text=hint),
            "tolerance": line("toleransi angka", most=60, hint="Misalnya 0,05 atau 2 %."),
            "told": words("alasan bila keliru"),
        }

    def compose(self) -> dict[str, Any]:
        gaps = []
        for number in range(1, self.count + 1):
            if self.value("ask", number):
                told = self.value("told", number)
                gaps.append({"ask": self.value("ask", number), **self._gap(number), **({"feedback": told} if told else {})})
            elif self.value("answers", number):
                self.add_error(f"ask_{number}", "Pilih jenis isian ini, atau kosongkan barisnya.")
        return super().compose() | {"passage": self.cleaned_data["passage"], "gaps": gaps}

    def _gap(self, number: int) -> dict[str, Any]:
        ask, answers = self.value("ask", number), self.value("answers", number)
        if not answers:
            self.add_error(f"answers_{number}", "Tulis jawabannya.")
        elif ask == NUMBER:
            value, tolerance = number_in(answers[0]), tolerance_in(self.value("tolerance", number))
            if value is None or len(answers) > 1:
                self.add_error(f"answers_{number}", WRITTEN)
            if tolerance is None:
                self.add_error(f"tolerance_{number}", "Tulis angka atau persen, misalnya 0,05 atau 2 %.")
            return {"value": value} | (tolerance or {})
        elif ask == CHOICE:
            right = [place for place, one in enumerate(answers) if one.startswith(RIGHT)]
            if len(right) != 1:
                self.add_error(f"answers_{number}", "Beri tanda * di depan satu pilihan yang tepat.")
            return {"choices": [one.removeprefix(RIGHT).strip() for one in answers], "key": "".join(LETTERS[one] for one in right[:1])}
        return {"accepted": answers}

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        rows = numbered(
            content.get("gaps", []),
            ask=lambda one: one["ask"],
            answers=_answers,
            tolerance=tolerance_of,
            told=lambda one: one.get("feedback", ""),
        )
        return super().initial_of(content) | {"passage": content.get("passage", "")} | rows


def _answers(gap: Content) -> list[str]:
    if gap["ask"] == NUMBER:
        return [shown(gap["value"])]
    if gap["ask"] == TEXT:
        return list(gap["accepted"])
    right = LETTERS.index(gap["key"])
    return [f"{RIGHT} {one}" if place == right else one for place, one in enumerate(gap["choices"])]
