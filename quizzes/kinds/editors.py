"""One form for each kind of question: from content to fields and back. Level, lesson and objective are not theirs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from .choice import LETTERS, Multiple, Scenario, Single, TrueFalse
from .editor import UNKNOWN, Editor, LinesField, line, numbered, tag_field, words
from .hotspot import CIRCLE, LONGEST_ALTERNATIVE, LONGEST_NAME, POLYGON, RECTANGLE, Hotspot, shape_problem
from .kind import Content
from .matching import Matching
from .ordering import Ordering
from .rubric_editor import PracticalEditor
from .short_answer import ShortAnswer
from .value_editors import WRITTEN, GapsEditor, NumericEditor, number_in, shown

__all__ = ["EDITORS", "Editor"]
NO_KEY = "Pilih kunci: jawaban yang tepat."


class ChoicesEditor(Editor):
    """Choices with their key, the reason that is told to who took one, and the misconception that a wrong one stands for."""

    key_in_rows = True
    several: ClassVar[bool] = False
    least: ClassVar[int] = 2
    part_field: ClassVar[str] = "choice"
    part_words: ClassVar[str] = "pilihan"

    def grow(self) -> None:
        super().grow()
        numbers = [(str(number), f"Jadikan {self.row_label.lower()} {self.name_of(number)} kunci") for number in range(1, self.count + 1)]
        hint = "Centang semua yang tepat." if self.several else "Pilih satu yang tepat."
        made: type[forms.ChoiceField] = forms.MultipleChoiceField if self.several else forms.ChoiceField
        widget = forms.CheckboxSelectMultiple if self.several else forms.RadioSelect
        self.fields["key"] = made(label="Kunci", choices=numbers, required=False, widget=widget, help_text=hint, error_messages=UNKNOWN)

    def row_fields(self, number: int) -> dict[str, forms.Field]:
        return {
            "choice": words("teks"),
            "why": words("alasan bila dipilih"),
            "tag": tag_field("salah paham", self.register, carries_list=number == 1),
        }

    def parts(self) -> list[int]:
        """The numbers of the rows that are filled; says so where a row without text has something else."""
        numbers = [number for number, _text in self.filled(self.part_field)]
        for number in range(1, self.count + 1):
            is_lost = any(self.value(name, number) for name in ("why", "tag")) or str(number) in self.keys()
            if number not in numbers and is_lost and f"{self.part_field}_{number}" not in self.errors:
                self.add_error(f"{self.part_field}_{number}", f"Tulis {self.part_words} {self.name_of(number)}, atau kosongkan barisnya.")
        if len(numbers) < self.least and not any(name.startswith(f"{self.part_field}_") for name in self.errors):
            self.add_error(f"{self.part_field}_1", f"Tulis sekurang-kurangnya {self.least} {self.part_words}.")
        return numbers

    def keys(self) -> list[str]:
        chosen = self.cleaned_data.get("key") or []
        return [chosen] if isinstance(chosen, str) else list(chosen)

    def look_on(self) -> None:
        self.parts()
        if "key" not in self.errors and not self.keys():
            self.add_error("key", NO_KEY)

    def compose(self) -> dict[str, Any]:
        numbers = self.parts()
        if self.errors:
            return {}
        letter = {number: LETTERS[place] for place, number in enumerate(numbers)}
        keys = [letter[int(one)] for one in self.keys() if int(one) in letter]
        if not keys:
            self.add_error("key", NO_KEY)
        self._drop_tags([number for number, name in letter.items() if name in keys])
        made: dict[str, Any] = super().compose() | {"key": keys if self.several else "".join(keys[:1])}
        made |= self.composed_parts(numbers)
        made |= _said(misconceptions={letter[one]: text for one, text in self.filled("tag") if one in letter})
        made |= _said(feedback_options={letter[one]: text for one, text in self.filled("why") if one in letter})
        return made

    def _drop_tags(self, keys: Sequence[int]) -> None:
        """A wrong option that becomes the key loses the misconception that it stood for, and the page says so; a new one
        that is written for a key is refused, for only the author knows which of both was meant."""
        for number in keys:
            name = f"tag_{number}"
            if not self.value("tag", number):
                continue
            if self.value("tag", number) in self.base.get("misconceptions", {}).values():
                self.drop_tag(name, f"{self.row_label} {self.name_of(number)}")
            else:
                self.add_error(name, "Kunci tidak mewakili salah paham. Kosongkan isian ini.")

    def composed_parts(self, numbers: list[int]) -> dict[str, Any]:
        return {"choices": [self.value("choice", number) for number in numbers]}

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        parts = list(enumerate(cls.parts_of(content)))
        tags, whys = content.get("misconceptions", {}), content.get("feedback_options", {})
        keys = [str(LETTERS.index(one) + 1) for one in content.get("key", [])]
        return (
            super().initial_of(content)
            | {"key": keys if cls.several else "".join(keys[:1])}
            | numbered(parts, why=lambda one: whys.get(LETTERS[one[0]], ""), tag=lambda one: tags.get(LETTERS[one[0]], ""))
            | cls.initial_parts(content)
        )

    @classmethod
    def parts_of(cls, content: Content) -> list[Any]:
        return list(content.get("choices", []))

    @classmethod
    def initial_parts(cls, content: Content) -> dict[str, Any]:
        return numbered(cls.parts_of(content), choice=lambda one: one)


class SingleEditor(ChoicesEditor):
    kind = Single


class MultipleEditor(ChoicesEditor):
    kind = Multiple
    several = True


class ScenarioEditor(ChoicesEditor):
    kind = Scenario
    scenario = words("Kejadian", rows=5, required=True, hint="Yang dibaca peserta sebelum pertanyaannya.")
    field_order = ("scenario", "text")

    def compose(self) -> dict[str, Any]:
        return {"scenario": self.cleaned_data["scenario"]} | super().compose()


class HotspotEditor(ChoicesEditor):
    """Regions of a picture of the library. Numbers are percent of the picture, with spaces between."""

    kind = Hotspot
    several = True
    row_label = "Bagian"
    part_field, part_words = "name", "nama bagian"
    picture = forms.ChoiceField(label="Gambar", error_messages=UNKNOWN, help_text="Dari pustaka gambar kursus ini.")
    alt = line("Teks alternatif", required=True, most=LONGEST_ALTERNATIVE, hint="Apa yang terlihat, tanpa menyebut jawabannya.")
    asks_several = forms.BooleanField(label="Beberapa bagian harus dipilih", required=False)

    def grow(self) -> None:
        super().grow()
        self.fields["picture"].choices = [("", "Pilih gambar"), *((name, name) for name in self.pictures)]  # type: ignore[attr-defined]

    def row_fields(self, number: int) -> dict[str, forms.Field]:
        shapes = [(RECTANGLE, "Persegi panjang"), (CIRCLE, "Lingkaran"), (POLYGON, "Poligon")]
        hint = "Persen: kiri atas lebar tinggi; lingkaran: x y jari-jari; poligon: x y x y …"
        own: dict[str, forms.Field] = {
            "name": line("nama", most=LONGEST_NAME),
            "shape": forms.ChoiceField(label="bentuk", choices=shapes, required=False, error_messages=UNKNOWN),
            "at": line("letak", hint=hint),
        }
        return own | {name: field for name, field in super().row_fields(number).items() if name != "choice"}

    def composed_parts(self, numbers: list[int]) -> dict[str, Any]:
        picture = dict(self.pictures[self.cleaned_data["picture"]]) | {"alt": self.cleaned_data["alt"]}
        regions = []
        for number in numbers:
            shape, at = self.value("shape", number) or RECTANGLE, [number_in(one) for one in self.value("at", number).split()]
            sentence = WRITTEN if None in at else shape_problem(shape, at)
            if sentence:
                self.add_error(f"at_{number}", sentence[:1].upper() + sentence[1:])
            regions.append({"name": self.value("name", number), "shape": shape, "at": at})
        return {"picture": picture, "regions": regions}

    def compose(self) -> dict[str, Any]:
        made = super().compose()
        keys = made.get("key") or []
        if len(keys) == 1 and not self.cleaned_data["asks_several"]:
            return made | {"key": keys[0]}
        if len(keys) > 1 and not self.cleaned_data["asks_several"]:
            self.add_error("asks_several", "Anda memilih beberapa kunci. Centang ini, atau pilih satu kunci saja.")
        return made

    @classmethod
    def parts_of(cls, content: Content) -> list[Any]:
        return list(content.get("regions", []))

    @classmethod
    def initial_parts(cls, content: Content) -> dict[str, Any]:
        picture = content.get("picture", {})
        rows = numbered(
            cls.parts_of(content),
            name=lambda one: one["name"],
            shape=lambda one: one["shape"],
            at=lambda one: " ".join(map(shown, one["at"])),
        )
        several = {"asks_several": isinstance(content.get("key"), list)}
        return rows | several | {"picture": picture.get("file", ""), "alt": picture.get("alt", "")}


class TrueFalseEditor(Editor):
    """A statement; reasons for both answers and the misconception of the wrong one."""

    kind = TrueFalse
    starts_with = 0
    last = ("why_true", "why_false", "tag", "feedback")
    text = words("Pernyataan", rows=3, required=True)
    key = forms.ChoiceField(label="Pernyataan ini", choices=[("true", "Benar"), ("false", "Salah")], widget=forms.RadioSelect)
    why_true = words("Alasan bila dijawab Benar")
    why_false = words("Alasan bila dijawab Salah")

    def grow(self) -> None:
        self.fields["tag"] = tag_field("Salah paham pada jawaban yang keliru", self.register, carries_list=True)

    def compose(self) -> dict[str, Any]:
        data = self.cleaned_data
        key = data["key"] == "true"
        if self.base.get("key") is not key and data["tag"] in self.base.get("misconceptions", {}).values():
            self.drop_tag("tag", "Benar" if key else "Salah")
        made = super().compose() | {"key": key}
        made |= _said(misconceptions=_said(**{"false" if key else "true": data["tag"]}))
        return made | _said(feedback_options=_said(true=data["why_true"], false=data["why_false"]))

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        whys = content.get("feedback_options", {})
        return super().initial_of(content) | {
            "key": str(content.get("key", "")).lower(),
            "why_true": whys.get("true", ""),
            "why_false": whys.get("false", ""),
            "tag": "".join(content.get("misconceptions", {}).values()),
        }


class ShortAnswerEditor(Editor):
    kind = ShortAnswer
    starts_with = 0
    accepted = LinesField(
        label="Jawaban yang diterima",
        help_text="Satu jawaban setiap baris. Jawaban pertama diperlihatkan sebagai yang tepat; yang tidak cocok diperiksa pengajar.",
    )

    def compose(self) -> dict[str, Any]:
        return super().compose() | {"accepted": self.cleaned_data["accepted"]}

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        return super().initial_of(content) | {"accepted": list(content.get("accepted", []))}


class MatchingEditor(Editor):
    kind = Matching
    row_label, is_lettered = "Pasangan", False

    def row_fields(self, number: int) -> dict[str, forms.Field]:
        return {"left": words("kiri"), "right": words("kanan")}

    def compose(self) -> dict[str, Any]:
        pairs = []
        for number in range(1, self.count + 1):
            left, right = self.value("left", number), self.value("right", number)
            if bool(left) != bool(right):
                self.add_error(f"{'right' if left else 'left'}_{number}", "Tulis juga pasangannya, atau kosongkan barisnya.")
            elif left:
                pairs.append({"left": left, "right": right})
        return super().compose() | {"pairs": pairs}

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        rows = numbered(content.get("pairs", []), left=lambda one: one["left"], right=lambda one: one["right"])
        return super().initial_of(content) | rows


class OrderingEditor(Editor):
    kind = Ordering
    row_label, is_lettered = "Langkah", False

    def row_fields(self, number: int) -> dict[str, forms.Field]:
        return {"step": words("teks")}

    def compose(self) -> dict[str, Any]:
        return super().compose() | {"order": [text for _number, text in self.filled("step")]}

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        return super().initial_of(content) | numbered(content.get("order", []), step=lambda one: one)


def _said(**values: Any) -> dict[str, Any]:
    """Those of them that say something: what is empty is left out of the content."""
    return {name: value for name, value in values.items() if value}


EDITORS: dict[str, type[Editor]] = {
    one.kind.code: one
    for one in (
        *(SingleEditor, MultipleEditor, TrueFalseEditor, ScenarioEditor, ShortAnswerEditor, MatchingEditor, OrderingEditor),
        *(NumericEditor, GapsEditor, HotspotEditor, PracticalEditor),
    )
}
