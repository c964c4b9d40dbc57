"""The shapes of what people send: search, drafts, images, publishing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import User
from linimasa import markdown
from linimasa.forms import Form, clean_text

MOST_BODY = markdown.MOST_SIGNS


class LinesField(forms.CharField):
    """A list of short texts, one a line; empty lines are left out."""

    def __init__(self, *, most: int = 30, each: int = 600, **words: Any) -> None:
        self.most, self.each = most, each
        super().__init__(max_length=most * 200, widget=forms.Textarea(attrs={"rows": 5}), **words)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if len(lines) > self.most:
            raise ValidationError(f"Paling banyak {self.most} baris. Anda mengisi {len(lines)}.")
        if any(len(line) > self.each for line in lines):
            raise ValidationError(f"Setiap baris paling panjang {self.each} karakter.")
        return lines


class DayField(forms.DateField):
    """A day, as browsers send it."""

    def __init__(self, **words: Any) -> None:
        words.setdefault("error_messages", {"invalid": "Tulis sebagai tanggal, misalnya 2026-11-22."})
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **words)


class SearchForm(Form):
    """The catalogue's search. Every field may be empty."""

    KINDS = (("", "Semua"), ("inti", "Inti"), ("pilihan", "Pilihan"))
    q = forms.CharField(label="Cari modul", max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"}))
    jenis = forms.ChoiceField(label="Jenis", choices=KINDS, required=False)


class TermForm(Form):
    """The glossary's search."""

    q = forms.CharField(label="Cari istilah", max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"}))


class ModuleForm(Form):
    title = forms.CharField(label="Judul", max_length=200)
    summary = forms.CharField(label="Ringkasan", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}), required=False)
    objectives = LinesField(label="Sasaran", help_text="Satu sasaran setiap baris.", required=False)
    discussion = LinesField(label="Pertanyaan diskusi", help_text="Satu pertanyaan setiap baris.", required=False)
    is_optional = forms.BooleanField(label="Modul pilihan", required=False, help_text="Menambah JP, tidak diminta untuk sertifikat.")


class LessonForm(Form):
    """The draft of a lesson. ``edit_number`` is what the page was opened with, ``base`` the text and ``base_values`` the other fields of
    then (JSON); ``seen`` is the edit on which choices between two texts were made."""

    edit_number = forms.IntegerField(min_value=0, max_value=2_000_000_000, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    seen = forms.IntegerField(min_value=0, max_value=2_000_000_000, required=False, widget=forms.HiddenInput)
    base = forms.CharField(
        max_length=MOST_BODY, required=False, strip=False, widget=forms.Textarea(attrs={"hidden": True, "autocomplete": "off"})
    )
    base_values = forms.CharField(max_length=30_000, required=False, widget=forms.HiddenInput(attrs={"autocomplete": "off"}))
    title = forms.CharField(label="Judul", max_length=200)
    minutes = forms.IntegerField(label="Menit belajar", min_value=1, max_value=600)
    body = forms.CharField(
        label="Isi pelajaran",
        max_length=MOST_BODY,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 24, "spellcheck": "true", "lang": "id", "autocomplete": "off"}),
        help_text="Markdown. Judul bagian diawali ##, butir diawali tanda hubung.",
    )
    objectives = LinesField(label="Tujuan pelajaran", help_text="Satu tujuan setiap baris.", required=False)
    owner = forms.ModelChoiceField(
        label="Penanggung jawab",
        queryset=User.objects.none(),
        required=False,
        empty_label="Belum ada",
        help_text="Diingatkan ketika pelajaran ini perlu ditinjau lagi.",
    )
    reviewed_on = DayField(label="Ditinjau pada", required=False)
    review_again_on = DayField(label="Tinjau lagi pada", required=False)

    def __init__(self, *args: Any, owners: QuerySet[User] | None = None, **words: Any) -> None:
        super().__init__(*args, **words)
        if owners is not None:
            self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # a choice of people

    def clean_body(self) -> str:
        """Markdown keeps its inner blanks; lines end in ``\\n`` and the text in one."""
        body = clean_text(self.cleaned_data["body"], MOST_BODY, many_lines=True)
        if problem := markdown.problem(body):
            raise ValidationError(problem, code="intricate")
        return f"{body}\n" if body else ""

    def clean_base(self) -> str:
        """With the line ends of ``body``: a form sends others than a text holds."""
        return self.cleaned_data["base"].replace("\r\n", "\n").replace("\r", "\n")

    def clean_review_again_on(self) -> date | None:
        again, reviewed = self.cleaned_data["review_again_on"], self.cleaned_data.get("reviewed_on")
        if again and reviewed and again <= reviewed:
            raise ValidationError("Pilih hari sesudah hari peninjauan.", code="order")
        return again

    def clean_base_values(self) -> dict[str, Any] | None:
        """None where there is nothing that can be read: then every difference is shown."""
        try:
            found = json.loads(self.cleaned_data["base_values"])
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    @property
    def beside(self) -> list[forms.BoundField]:
        """The fields beside the text."""
        return [bound for bound in self.visible_fields() if bound.name not in {"body", "base"}]

    def facts(self) -> dict[str, Any]:
        return {"title": self.cleaned_data["title"], "minutes": self.cleaned_data["minutes"]}

    def values(self) -> dict[str, Any]:
        return {key: self.cleaned_data[key] for key in ("objectives", "owner", "reviewed_on", "review_again_on")}


class BeatForm(Form):
    """A page that says it is still open: ``menulis`` whether its person writes, ``baris`` in which line."""

    nomor = forms.IntegerField(min_value=0, max_value=2_000_000_000)
    menulis = forms.BooleanField(required=False)
    baris = forms.CharField(max_length=400, required=False)
    keluar = forms.BooleanField(required=False)


class PasteForm(Form):
    """What the clipboard holds: its HTML (up to a million signs) and its plain text."""

    html = forms.CharField(max_length=1_000_000, required=False, strip=False, widget=forms.Textarea)
    teks = forms.CharField(max_length=MOST_BODY, required=False, strip=False, widget=forms.Textarea)
