"""The shapes of what people send while a draft is reviewed and published."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from linimasa import writing
from linimasa.clock import ZONE_CHOICES, zone
from linimasa.forms import Form


class RemarkForm(Form):
    """A remark. ``quote`` is the passage that it is about, with what stood before and after; empty: about the whole part."""

    body = forms.CharField(label="Catatan", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    quote = forms.CharField(
        label="Bagian yang dimaksud",
        max_length=400,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Salin beberapa kata dari naskah, atau kosongkan untuk seluruh bagian.",
    )
    before = forms.CharField(max_length=80, required=False, strip=False, widget=forms.Textarea())
    after = forms.CharField(max_length=80, required=False, strip=False, widget=forms.Textarea())
    about = forms.CharField(max_length=40, required=False)


class AnswerForm(Form):
    body = forms.CharField(label="Jawaban", max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


class SendForm(Form):
    """``hindering``: how many things stand in the way of an approval; then the draft goes out only with ``anyway``."""

    note = forms.CharField(
        label="Apa yang berubah",
        max_length=300,
        required=False,
        help_text="Satu kalimat bagi peninjau; ikut tersimpan bersama versinya.",
    )
    anyway = forms.BooleanField(
        label="Kirim sekarang, penghalangnya menyusul",
        required=False,
        help_text="Peninjau dapat membaca dan memberi catatan. Persetujuan menunggu sampai penghalangnya selesai.",
    )

    def __init__(self, *args: Any, hindering: int = 0, **words: Any) -> None:
        super().__init__(*args, **words)
        self.hindering = hindering
        if not hindering:
            del self.fields["anyway"]

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        if self.hindering and not words.get("anyway"):
            number = writing.number_word(self.hindering)
            sentence = f"Masih ada {number} hal yang menghalangi penerbitan. Perbaiki dulu, atau centang ini untuk mengirimnya sekarang."
            self.add_error("anyway", ValidationError(sentence))
        return words


class DecisionForm(Form):
    """``seen`` is the digest of what the page showed."""

    seen = forms.RegexField(r"[0-9a-f]{64}", max_length=64, widget=forms.HiddenInput)
    decision = forms.CharField(
        label="Catatan bagi penulis",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Wajib diisi bila draf dikembalikan.",
    )


class PublishForm(Form):
    """Now, or at a day and hour of a named zone."""

    WHEN = (("now", "Sekarang"), ("later", "Pada waktu yang ditentukan"))
    note = forms.CharField(
        label="Catatan perubahan", max_length=300, required=False, help_text="Dibaca oleh penyelenggara dan tersimpan bersama versinya."
    )
    when = forms.ChoiceField(label="Kapan terbit", choices=WHEN, initial="now", widget=forms.RadioSelect)
    day = forms.DateField(
        label="Tanggal terbit",
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "Tulis sebagai tanggal, misalnya 2026-11-22."},
    )
    hour = forms.TimeField(
        label="Pukul",
        required=False,
        input_formats=["%H:%M", "%H.%M"],
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Tulis sebagai jam, misalnya 08.00."},
    )
    time_zone = forms.ChoiceField(label="Zona waktu", choices=ZONE_CHOICES, required=False)

    def __init__(self, *args: Any, **words: Any) -> None:
        super().__init__(*args, **words)
        for name in ("day", "hour", "time_zone"):
            self.fields[name].required = not self.is_bound or self.data.get("when") == "later"

    def clean(self) -> dict[str, Any]:
        words = super().clean() or {}
        if words.get("when") == "later" and not self.errors and self.moment() <= timezone.now():
            self.add_error("day", ValidationError("Waktu ini sudah lewat. Pilih waktu sesudah sekarang."))
        return words

    def moment(self) -> datetime:
        """The planned moment; only for a valid form that says later."""
        hour: time = self.cleaned_data["hour"]
        return datetime.combine(self.cleaned_data["day"], hour, tzinfo=zone(self.cleaned_data["time_zone"] or None))


class CompareForm(Form):
    """Which two to lay beside each other."""

    dari = forms.ChoiceField(label="Dari")
    ke = forms.ChoiceField(label="Ke")

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **words: Any) -> None:
        super().__init__(*args, **words)
        for name in ("dari", "ke"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a choice field; the stubs know a Field
