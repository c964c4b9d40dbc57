"""What people fill in about themselves, and what admins fill in about roles and agencies.

allauth reads this module while it loads its own forms (SignupFields), so nothing here may import those: ours that derive
from them are in ``sign_in_forms.py``.
"""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils import timezone

from linimasa import clock
from linimasa.forms import Form, ModelForm

from . import editing, granting, nip
from .models import Agency, AgencyKind, DataRequestKind, EmploymentStatus, Region, Role, ScopeKind, User


class SignupFields(Form):
    """Nothing more than address and password: the profile is asked once, after the address is verified."""

    def signup(self, request: HttpRequest, user: User) -> None:
        """allauth's hook; there is nothing to add."""


class NipField(forms.CharField):
    """Whether it must be filled depends on the employment status, so the page does not call it optional."""

    def validate(self, value: str) -> None:
        """Nothing here: see ``ProfileForm.clean``."""


class ProfileForm(ModelForm):
    """Names are kept as typed. The NIP is checked by the rules of the employment status, and cleared where there is none."""

    nip = NipField(label="NIP", max_length=40, help_text="18 angka. Hanya untuk PNS, CPNS, dan PPPK.")
    time_zone = forms.ChoiceField(label="Zona waktu", required=False)

    class Meta:
        model = User
        fields = ["prefix_titles", "name", "suffix_titles", "employment_status", "nip", "position", "whatsapp"]
        labels = {
            "prefix_titles": "Gelar depan",
            "name": "Nama lengkap tanpa gelar",
            "suffix_titles": "Gelar belakang",
            "employment_status": "Status kepegawaian",
            "position": "Jabatan",
            "whatsapp": "Nomor WhatsApp",
        }
        help_texts = {
            "prefix_titles": "Misalnya dr. atau Dr. Ir.",
            "name": "Tertulis di sertifikat persis seperti ini.",
            "suffix_titles": "Misalnya S.I.Kom., M.Si.",
            "position": "Misalnya Pranata Humas Ahli Muda.",
            "whatsapp": "Hanya untuk pemberitahuan pelatihan. Misalnya 0812 3456 7890.",
        }
        widgets = {
            "prefix_titles": forms.TextInput({"autocomplete": "honorific-prefix", "spellcheck": "false"}),
            "name": forms.TextInput({"autocomplete": "name", "spellcheck": "false"}),
            "suffix_titles": forms.TextInput({"autocomplete": "honorific-suffix", "spellcheck": "false"}),
            "employment_status": forms.RadioSelect,
            "position": forms.TextInput({"autocomplete": "organization-title"}),
            "whatsapp": forms.TextInput({"type": "tel", "autocomplete": "tel", "inputmode": "tel"}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        person: User = self.instance
        self.fields["name"].required = self.fields["position"].required = self.fields["employment_status"].required = True
        self.fields["name"].error_messages["required"] = "Isi nama lengkap."
        self.fields["employment_status"].error_messages["required"] = "Pilih status kepegawaian."
        self.fields["employment_status"].choices = list(EmploymentStatus.choices)  # type: ignore[attr-defined]
        self.fields["nip"].widget.attrs = {"inputmode": "numeric", "autocomplete": "off"}
        self.initial["nip"] = person.grouped_nip
        own = editing.zone_of(person.agency)
        label = f"Ikuti wilayah instansi ({clock.ZONES[own]})" if own else "Ikuti wilayah instansi"
        self.fields["time_zone"].choices = [("", label), *clock.ZONE_CHOICES]  # type: ignore[attr-defined]
        self.initial["time_zone"] = person.time_zone if person.time_zone_chosen or (person.agency_id and not own) else ""

    def clean_whatsapp(self) -> str:
        try:
            return editing.whatsapp_number(self.cleaned_data["whatsapp"])
        except editing.EditingError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        status, text = data.get("employment_status", ""), data.get("nip", "")
        if "employment_status" in data and "nip" in data:
            data["nip"] = nip.tidy(text) if status in nip.WITH_NIP else ""
            if problem := nip.nip_problem(text, status, today=clock.local(clock.now()).date()):
                self.add_error("nip", problem)
        return data

    def values(self) -> dict[str, Any]:
        """What ``editing.change_profile`` takes."""
        return {name: self.cleaned_data[name] for name in self.fields}


class AgencySearch(Form):
    """A province and words; a GET form, so a wrong province is no province."""

    wilayah = forms.ChoiceField(label="Provinsi", required=False)
    cari = forms.CharField(label="Nama instansi", required=False, max_length=80, help_text="Sebagian nama cukup, misalnya tojo una una.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        provinces = Region.objects.filter(province=None).order_by("name").values_list("code", "name")
        self.fields["wilayah"].choices = [("", "Semua provinsi dan pusat"), *provinces]  # type: ignore[attr-defined]


class AgencyRequestForm(Form):
    """An agency that the list lacks. The region is found by its name, as people type it."""

    name = forms.CharField(label="Nama instansi", max_length=160, help_text="Nama resmi lengkap, tanpa singkatan.")
    kind = forms.ChoiceField(label="Jenis instansi", choices=[("", "Pilih jenis"), *AgencyKind.choices])
    region = forms.ChoiceField(label="Wilayah", required=False, help_text="Kosongkan untuk instansi pusat atau mitra.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["region"].choices = [("", "Pusat atau mitra, tanpa wilayah"), *_regions_by_province()]  # type: ignore[attr-defined]

    def clean_region(self) -> Region | None:
        return Region.objects.filter(code=self.cleaned_data["region"]).first() if self.cleaned_data["region"] else None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        local = data.get("kind") not in {AgencyKind.CENTRAL, AgencyKind.PARTNER}
        if "kind" in data and "region" in data and local and data["region"] is None:
            self.add_error("region", "Pilih wilayah instansi ini.")
        return data


def _regions_by_province() -> list[tuple[str, list[tuple[str, str]]]]:
    groups: dict[str, list[tuple[str, str]]] = {}
    names: dict[str, str] = {}
    for code, name, province in Region.objects.order_by("code").values_list("code", "name", "province_id"):
        if province is None:
            names[code] = name
        groups.setdefault(province or code, []).append((code, f"Provinsi {name}" if province is None else name))
    return sorted(((names[code], members) for code, members in groups.items()), key=lambda one: one[0])


class AgencyAddForm(AgencyRequestForm):
    """By an admin; ``parent`` is the agency above, by its number, or none."""

    parent = forms.CharField(
        label="Nomor instansi induk", required=False, max_length=18, help_text="Kosong berarti di bawah pemerintah daerahnya."
    )

    def clean_parent(self) -> Agency | None:
        text = self.cleaned_data["parent"]
        if not text:
            return None
        found = Agency.objects.filter(pk=int(text)).first() if text.isascii() and text.isdigit() else None
        if found is None:
            raise forms.ValidationError("Instansi induk itu tidak ditemukan. Lihat nomornya di daftar instansi.")
        return found


class DataRequestForm(Form):
    """What a person asks for about their data."""

    kind = forms.ChoiceField(label="Apa yang Anda minta?", choices=DataRequestKind.choices, widget=forms.RadioSelect)
    text = forms.CharField(
        label="Penjelasan",
        max_length=2000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
        help_text="Untuk perbaikan: data mana yang salah, dan bagaimana seharusnya. Jangan menulis NIK.",
    )


class ReasonForm(Form):
    """Why: kept in the history."""

    reason = forms.CharField(
        label="Alasan", max_length=300, widget=forms.Textarea({"rows": 2}), help_text="Tercatat di jejak, misalnya nomor surat tugas."
    )


class GrantForm(ReasonForm):
    """A role in a scope that was searched for before. ``ends_on`` is the last day, in the admin's zone."""

    role = forms.ChoiceField(label="Peran", choices=Role.choices, widget=forms.HiddenInput)
    scope_kind = forms.ChoiceField(label="Lingkup", choices=ScopeKind.choices, widget=forms.HiddenInput)
    scope_id = forms.ChoiceField(label="Pilih dari hasil pencarian", required=False, widget=forms.RadioSelect)
    ends_on = forms.DateField(label="Hari terakhir", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"))
    field_order = ["role", "scope_kind", "scope_id", "ends_on", "reason"]

    def __init__(self, *args: Any, found: list[tuple[str, str]], everything: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["ends_on"].error_messages["invalid"] = "Tulis tanggal lengkap."
        if everything:
            del self.fields["scope_id"]
        else:
            self.fields["scope_id"].choices = found  # type: ignore[attr-defined]
            self.fields["scope_id"].required = True
            self.fields["scope_id"].error_messages["required"] = "Pilih lingkup peran ini."

    def ends_at(self) -> datetime | None:
        """The end of the last day, or None."""
        day = self.cleaned_data["ends_on"]
        return timezone.make_aware(datetime.combine(day + timedelta(days=1), time())) if day else None


class GrantSearch(Form):
    """What role, in what kind of scope, named how; a GET form."""

    peran = forms.ChoiceField(label="Peran", choices=[("", "Pilih peran"), *Role.choices])
    lingkup = forms.ChoiceField(label="Lingkup", choices=[("", "Pilih lingkup"), *ScopeKind.choices])
    cari = forms.CharField(label="Nama lingkup", required=False, max_length=80, help_text="Nama kursus, angkatan, instansi, atau wilayah.")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("peran") and data.get("lingkup") and data["lingkup"] not in granting.ALLOWED_SCOPES[data["peran"]]:
            allowed = ", ".join(
                ScopeKind(kind).label.lower() for kind in ScopeKind.values if kind in granting.ALLOWED_SCOPES[data["peran"]]
            )
            self.add_error("lingkup", f"Peran {Role(data['peran']).label} hanya untuk lingkup: {allowed}.")
        return data


class DomainForm(Form):
    domain = forms.CharField(label="Domain surel", max_length=120, help_text="Misalnya sikkakab.go.id. Subdomainnya ikut.")
