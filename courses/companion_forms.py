"""The shapes of what goes with a course: a term, a fact that ages, a misconception, a guide for trainers.

Each gives its ``row`` as the draft keeps it. The key (slug or tag) is asked once or made of the words, and never changes: texts,
questions and versions know the row by it.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linimasa import markdown
from linimasa.forms import Form, clean_text

from .companions import CONFIDENCES
from .forms import MOST_BODY, DayField, LinesField
from .taking import SLUG

Row = dict[str, Any]


def _key_field(label: str, help_text: str) -> forms.CharField:
    words = {"autocapitalize": "none", "spellcheck": "false"}
    return forms.CharField(label=label, max_length=60, help_text=help_text, widget=forms.TextInput(attrs=words))


def _key(text: str) -> str:
    if not SLUG.fullmatch(text):
        raise ValidationError("Pakai huruf kecil, angka, dan tanda hubung saja, misalnya jendela-24-jam.", code="key")
    return text


def _made_of(words: str, most: int) -> str:
    made = markdown.slug(words)[:most].strip("-")
    if not made:
        raise ValidationError("Tulis dengan setidaknya satu huruf atau angka Latin.", code="key")
    return made


class RowForm(Form):
    """What every row's form has. ``seen`` is the row's mark when the page was opened; ``key`` what an existing row is known by."""

    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))

    def __init__(self, *args: Any, key: str = "", **words: Any) -> None:
        super().__init__(*args, **words)
        self.key = key
        if key:
            for name in ("tag", "fact_key"):
                self.fields.pop(name, None)

    @staticmethod
    def initial_of(row: Row) -> Row:
        return row

    def row(self) -> Row:
        """The row as the draft keeps it; of a valid form."""
        raise NotImplementedError

    def show_stored(self, mark: str) -> None:
        """The next save is made knowing what is stored now."""
        self.data = {**self.data.dict(), "seen": mark}  # type: ignore[attr-defined]  # what was posted; the stubs know any mapping


class TermForm(RowForm):
    term = forms.CharField(label="Istilah", max_length=80)
    definition = forms.CharField(
        label="Arti",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Satu atau dua kalimat tanpa Markdown, paling panjang 300 karakter.",
    )
    also = LinesField(label="Kata lain", most=6, each=80, required=False, help_text="Satu sebutan setiap baris, paling banyak enam.")

    def clean_definition(self) -> str:
        return " ".join(self.cleaned_data["definition"].split())

    def clean_term(self) -> str:
        self.slug = self.key or _made_of(self.cleaned_data["term"], 60)
        return self.cleaned_data["term"]

    def row(self) -> Row:
        data = self.cleaned_data
        made = {"slug": self.slug, "term": data["term"], "definition": data["definition"]}
        return made | ({"also": data["also"]} if data["also"] else {})


class FactForm(RowForm):
    fact_key = _key_field("Kunci", "Dipakai dalam pelajaran: «/// fakta | kunci | …», misalnya jendela-24-jam. Tidak dapat diubah lagi.")
    fact = forms.CharField(label="Fakta", max_length=600, widget=forms.Textarea(attrs={"rows": 4}))
    confidence = forms.ChoiceField(label="Keyakinan", choices=[(one, one.capitalize()) for one in CONFIDENCES], widget=forms.RadioSelect)
    origin = forms.CharField(label="Asal", max_length=300, help_text="Siapa yang mengatakannya dan di mana, misalnya nama laman resminya.")
    lessons = forms.CharField(label="Pelajaran", max_length=200, help_text="Kode pelajaran yang memakainya, dipisah koma.")
    review_again_on = DayField(label="Tinjau lagi pada")

    def clean_fact_key(self) -> str:
        return _key(self.cleaned_data["fact_key"])

    def clean_fact(self) -> str:
        return " ".join(self.cleaned_data["fact"].split())

    def clean_lessons(self) -> list[str]:
        codes = list(dict.fromkeys(code.strip().upper() for code in self.cleaned_data["lessons"].split(",") if code.strip()))
        if not 1 <= len(codes) <= 10:
            raise ValidationError("Tulis satu sampai sepuluh kode pelajaran, misalnya M1.1, M2.3.", code="lessons")
        if long := [code for code in codes if len(code) > 16]:
            raise ValidationError(f"Kode «{long[0][:40]}» terlalu panjang.", code="lessons")
        return codes

    def row(self) -> Row:
        data = self.cleaned_data
        made = {"key": self.key or data["fact_key"]} | {name: data[name] for name in ("fact", "confidence", "origin", "lessons")}
        return made | {"review_again_on": data["review_again_on"].isoformat()}

    @staticmethod
    def initial_of(row: Row) -> Row:
        return {**row, "lessons": ", ".join(row["lessons"])}


class MisconceptionForm(RowForm):
    tag = _key_field("Tanda", "Dipakai pada pilihan soal, misalnya centang-biru-pasti-benar. Tidak dapat diubah lagi.")
    sentence = forms.CharField(label="Salah paham", max_length=200, help_text="Satu kalimat: apa yang disangka benar, padahal tidak.")

    def clean_tag(self) -> str:
        return _key(self.cleaned_data["tag"])

    def row(self) -> Row:
        return {"tag": self.key or self.cleaned_data["tag"], "sentence": self.cleaned_data["sentence"]}


class GuideForm(RowForm):
    title = forms.CharField(label="Judul", max_length=200)
    minutes = forms.IntegerField(label="Lama sesi, menit", min_value=0, max_value=600, help_text="1 JP adalah 45 menit.")
    summary = forms.CharField(label="Ringkasan", max_length=600, widget=forms.Textarea(attrs={"rows": 3}))
    body = forms.CharField(
        label="Isi panduan",
        max_length=MOST_BODY,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 20, "spellcheck": "true", "lang": "id", "autocomplete": "off"}),
        help_text="Markdown, seperti pelajaran. Judul bagian diawali ##.",
    )

    def clean_title(self) -> str:
        self.slug = self.key or _made_of(self.cleaned_data["title"], 60)
        return self.cleaned_data["title"]

    def clean_summary(self) -> str:
        return " ".join(self.cleaned_data["summary"].split())

    def clean_body(self) -> str:
        """As a lesson's: inner blanks stay, lines end in ``\\n`` and the text in one."""
        body = clean_text(self.cleaned_data["body"], MOST_BODY, many_lines=True)
        if not body.strip():
            raise ValidationError("Panduan ini masih kosong. Tulis isinya.", code="required")
        if problem := markdown.problem(body):
            raise ValidationError(problem, code="intricate")
        return f"{body}\n"

    def row(self) -> Row:
        data = self.cleaned_data
        return {"slug": self.slug, **{name: data[name] for name in ("title", "minutes", "summary", "body")}}


FORMS: dict[str, type[RowForm]] = {"glossary": TermForm, "facts": FactForm, "misconceptions": MisconceptionForm, "guides": GuideForm}
