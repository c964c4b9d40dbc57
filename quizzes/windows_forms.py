"""Shapes of input about windows and exceptions. Moments are typed in the cohort's zone, which the page names."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from cohorts.forms import MomentField
from linimasa.forms import Form

from .accommodating import MOST_ATTEMPTS, MOST_MINUTES, Allowed
from .models import Accommodation, QuizWindow


class WindowForm(Form):
    """When the quiz opens and closes for a cohort; both may be empty."""

    opens_at = MomentField(label="Dibuka", help_text="Kosong: sejak angkatan berjalan.")
    closes_at = MomentField(label="Ditutup", help_text="Saat itu server mengirim semua percobaan yang masih berjalan. Kosong: tanpa batas.")

    def __init__(self, *args: Any, window: QuizWindow | None, zone: str, **options: Any) -> None:
        initial = {"opens_at": window.opens_at, "closes_at": window.closes_at} if window else {}
        super().__init__(*args, initial=initial, **options)
        for name in ("opens_at", "closes_at"):
            self.fields[name].zone = zone  # type: ignore[attr-defined]  # a MomentField

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        opens, closes = data.get("opens_at"), data.get("closes_at")
        if opens and closes and closes <= opens:
            self.add_error("closes_at", "Waktu tutup harus sesudah waktu buka.")
        return data

    def moments(self) -> dict[str, datetime | None]:
        """``opens_at`` and ``closes_at`` as ``windows.set_window`` takes them."""
        return {name: self.cleaned_data[name] for name in ("opens_at", "closes_at")}


class ExceptionForm(Form):
    """What is allowed beyond the rules, and why."""

    extra_minutes = forms.IntegerField(label="Menit tambahan", min_value=0, max_value=MOST_MINUTES, required=False)
    extra_attempts = forms.IntegerField(label="Kesempatan tambahan", min_value=0, max_value=MOST_ATTEMPTS, required=False)
    closes_at = MomentField(label="Waktu tutup", help_text="Berlaku bila lebih lambat daripada waktu tutup angkatan.")
    reason = forms.CharField(
        label="Alasan",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Tercatat di jejak. Tulis seperlunya, tanpa rincian kesehatan. Peserta tidak menerimanya dalam surel.",
    )

    def __init__(self, *args: Any, current: Accommodation | None, zone: str, **options: Any) -> None:
        names = ("extra_minutes", "extra_attempts", "closes_at")
        initial = {name: getattr(current, name) or None for name in names} if current else {}
        super().__init__(*args, initial=initial, **options)
        self.fields["closes_at"].zone = zone  # type: ignore[attr-defined]  # a MomentField
        for name in ("extra_minutes", "extra_attempts"):
            self.fields[name].widget.attrs["inputmode"] = "numeric"
            self.fields[name].error_messages |= {"invalid": "Tulis sebagai angka, misalnya 15."}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not self.errors and self.allowed().is_empty:
            self.add_error("extra_minutes", "Isi paling sedikit satu: menit, kesempatan, atau waktu tutup.")
        return data

    def allowed(self) -> Allowed:
        data = self.cleaned_data
        return Allowed(data.get("extra_minutes") or 0, data.get("extra_attempts") or 0, data.get("closes_at"))
