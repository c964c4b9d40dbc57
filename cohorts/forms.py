"""Shapes of input of this room."""

from __future__ import annotations

import re
from datetime import datetime, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from courses.models import Course
from linimasa import clock
from linimasa.forms import Form, ModelForm

from .models import Cohort, CohortKind, Enrolment
from .structure import Step

MOST_ADDRESSES = 500
MOMENT = "%Y-%m-%dT%H:%M"


class ReasonForm(Form):
    """Why: read by the person it is about."""

    reason = forms.CharField(
        label="Alasan", max_length=300, widget=forms.Textarea(attrs={"rows": 3}), help_text="Dibaca oleh orang yang meminta."
    )


class WithdrawForm(Form):
    reason = forms.CharField(label="Alasan", max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class SearchForm(Form):
    """Words to find people by; never an error page."""

    q = forms.CharField(label="Cari nama atau instansi", max_length=80, required=False)


class InviteForm(Form):
    """Addresses, one a line (commas and semicolons part them too)."""

    addresses = forms.CharField(
        label="Alamat surel",
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=f"Satu alamat per baris, paling banyak {MOST_ADDRESSES}. Orangnya bergabung begitu alamat itu terverifikasi.",
    )

    def clean_addresses(self) -> list[str]:
        found = [word.strip().lower() for word in re.split(r"[\s,;]+", self.cleaned_data["addresses"]) if word.strip()]
        if len(found) > MOST_ADDRESSES:
            raise ValidationError(f"Paling banyak {MOST_ADDRESSES} alamat sekali kirim. Anda mengisi {len(found)}.")
        wrong = [address for address in found if not _is_address(address)]
        if wrong:
            shown = ", ".join(address[:60] for address in wrong[:3])
            raise ValidationError(f"Tulis alamat surel lengkap, misalnya nama@contoh.go.id. Periksa: {shown}.")
        return found


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return len(text) <= 254


class MomentField(forms.DateTimeField):
    """A moment typed in the cohort's zone («2026-11-27T23:59»); empty means none."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("required", False)
        widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        super().__init__(widget=widget, input_formats=[MOMENT, "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"], **options)
        self.error_messages["invalid"] = "Tulis tanggal dan jam, misalnya 2026-11-27T23:59."
        self.zone = clock.DEFAULT_ZONE

    def to_python(self, value: Any) -> datetime | None:
        moment = super().to_python(value)
        return None if moment is None else moment.replace(tzinfo=clock.zone(self.zone))

    def prepare_value(self, value: Any) -> Any:
        return clock.local(value, self.zone).strftime(MOMENT) if isinstance(value, datetime) else value


class CohortForm(ModelForm):
    """A new cohort, or its name, dates and seats. Dates are days in the cohort's zone: from 00.00 of the first to 23.59 of the last."""

    starts_on = forms.DateField(label="Mulai", required=False, widget=forms.DateInput(attrs={"type": "date"}), input_formats=["%Y-%m-%d"])
    ends_on = forms.DateField(label="Selesai", required=False, widget=forms.DateInput(attrs={"type": "date"}), input_formats=["%Y-%m-%d"])

    class Meta:
        model = Cohort
        fields = ["course", "name", "code", "kind", "time_zone", "seats", "jp"]
        labels = {
            "course": "Kursus",
            "name": "Nama angkatan",
            "code": "Kode",
            "kind": "Jenis",
            "time_zone": "Zona waktu",
            "seats": "Jumlah kursi",
            "jp": "JP pada sertifikat",
        }
        help_texts = {
            "code": "Dipakai dalam nomor sertifikat, misalnya LINIMASA-III. Huruf besar, angka, dan tanda hubung.",
            "seats": "Kosong berarti tanpa batas.",
            "kind": "Mandiri tidak memakai tanggal; terjadwal memakai tanggal, dan versinya tetap sejak dibuka.",
        }
        widgets = {"kind": forms.RadioSelect}

    field_order = ["course", "name", "code", "kind", "starts_on", "ends_on", "time_zone", "seats", "jp"]

    def __init__(self, *args: Any, courses: Any = None, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = CohortKind.choices  # type: ignore[attr-defined]  # no empty choice
        if self.instance.pk:
            for name in ("course", "kind", "code"):
                del self.fields[name]
            if self.instance.starts_at and self.instance.ends_at:
                self.fields["starts_on"].initial = clock.local(self.instance.starts_at, self.instance.time_zone).date()
                self.fields["ends_on"].initial = clock.local(self.instance.ends_at, self.instance.time_zone).date()
            else:
                del self.fields["starts_on"], self.fields["ends_on"]
        else:
            self.fields["course"].queryset = courses if courses is not None else Course.objects.none()  # type: ignore[attr-defined]

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].upper()
        if not re.fullmatch(r"[A-Z0-9][A-Z0-9-]*", code):
            raise ValidationError("Pakai huruf, angka, dan tanda hubung saja, misalnya LINIMASA-III.")
        return code

    def clean_seats(self) -> int | None:
        seats = self.cleaned_data["seats"]
        if seats is not None and not 1 <= seats <= 100_000:
            raise ValidationError("Isi 1 sampai 100.000 kursi, atau kosongkan.")
        if seats is not None and self.instance.pk:
            taken = Enrolment.objects.seated().filter(cohort=self.instance).count()
            if seats < taken:
                raise ValidationError(f"Sudah ada {taken} peserta. Isi paling sedikit {taken} kursi.")
        return seats

    def clean_jp(self) -> int:
        jp = self.cleaned_data["jp"]
        if not 1 <= jp <= 400:
            raise ValidationError("Isi 1 sampai 400 JP.")
        return jp

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        kind = data.get("kind") or self.instance.kind
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if kind == CohortKind.SCHEDULED:
            for name, value in (("starts_on", starts), ("ends_on", ends)):
                if value is None and name in self.fields and name not in self.errors:
                    self.add_error(name, "Angkatan terjadwal memerlukan tanggal ini.")
            if starts and ends and ends < starts:
                self.add_error("ends_on", "Tanggal selesai tidak boleh sebelum tanggal mulai.")
            zone = clock.zone(data.get("time_zone"))
            self.instance.starts_at = datetime.combine(starts, time(0, 0), zone) if starts else None
            self.instance.ends_at = datetime.combine(ends, time(23, 59), zone) if ends else None
        elif starts or ends:
            self.add_error("starts_on" if starts else "ends_on", "Angkatan mandiri tidak memakai tanggal. Kosongkan, atau pilih terjadwal.")
        return data


class DeadlinesForm(Form):
    """When each quiz and assignment opens and is due, in the cohort's zone."""

    def __init__(self, *args: Any, steps: list[Step], time_zone: str, **options: Any) -> None:
        self.steps = steps
        super().__init__(*args, **options)
        for step in steps:
            for name, label, initial in (("opens", "Dibuka", step.opens_at), ("due", "Tenggat", step.due_at)):
                field = MomentField(label=f"{label}: {step.title}", initial=initial)
                field.zone = time_zone
                self.fields[f"{name}_{step.activity_id}"] = field

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for step in self.steps:
            opens, due = data.get(f"opens_{step.activity_id}"), data.get(f"due_{step.activity_id}")
            if opens and due and due <= opens:
                self.add_error(f"due_{step.activity_id}", "Tenggat harus sesudah waktu dibuka.")
        return data

    def moments(self) -> dict[int, tuple[datetime | None, datetime | None]]:
        """``{activity id: (opens_at, due_at)}`` as ``opening.set_deadlines`` takes it."""
        data = self.cleaned_data
        return {s.activity_id: (data.get(f"opens_{s.activity_id}"), data.get(f"due_{s.activity_id}")) for s in self.steps}
