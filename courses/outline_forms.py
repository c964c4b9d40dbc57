"""The shapes of what the outline's pages send: parts, modules, a course's words, rules and programme."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from linimasa.forms import DecimalField, Form

from .arranging import KINDS
from .forms import LinesField
from .models import Module
from .rules import CERTIFICATE, MARKS, SIGNATORY, WEIGHTS, rules_problems

TITLE: dict[str, Any] = {"label": "Judul", "max_length": 200}
MINUTES: dict[str, Any] = {"label": "Menit belajar", "min_value": 0, "max_value": 600, "help_text": "1 JP adalah 45 menit."}
COURSE_ITSELF = "kursus"
PROGRAMME_ROWS = 12


class HelpForm(Form):
    """The search of the studio's help."""

    q = forms.CharField(label="Cari bantuan", max_length=100, required=False, widget=forms.TextInput(attrs={"type": "search"}))


class NewPartForm(Form):
    """Something new at the end of a module."""

    title = forms.CharField(**TITLE)
    kind = forms.ChoiceField(label="Jenis", choices=[(one.value, one.label) for one in KINDS])
    minutes = forms.IntegerField(**MINUTES, initial=30)


class PartForm(Form):
    """What every part has, whatever its kind."""

    title = forms.CharField(**TITLE)
    minutes = forms.IntegerField(**MINUTES)
    is_required = forms.BooleanField(label="Wajib", required=False, help_text="Tanpa centang, peserta boleh melewatinya.")


class NewModuleForm(Form):
    title = forms.CharField(label="Judul modul baru", max_length=200)


class PlaceForm(Form):
    """One place up or down (``step``), or a module and a place in it from 1 (empty: at the end)."""

    step = forms.TypedChoiceField(choices=((-1, "Naik"), (1, "Turun")), coerce=int, required=False, empty_value=None)
    target = forms.CharField(label="Pindahkan ke", max_length=12, required=False)
    position = forms.IntegerField(min_value=1, max_value=1000, required=False)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors and not found.get("step") and not found.get("target"):
            raise ValidationError("Arah pindah ini tidak dikenal. Pakai tombol naik atau turun.")
        return found


class TargetForm(Form):
    """«Pindahkan ke …»"""

    target = forms.ChoiceField(label="Pindahkan ke")

    def __init__(self, *args: Any, modules: Iterable[Module], here: str, **words: Any) -> None:
        super().__init__(*args, **words)
        choices = [(COURSE_ITSELF, "Kegiatan kursus"), *((one.code, f"{one.code} {one.title}") for one in modules)]
        self.fields["target"].choices = [one for one in choices if one[0] != here]  # type: ignore[attr-defined]  # a choice field; the stubs know a Field


class NewCourseForm(Form):
    title = forms.CharField(**TITLE)
    full_title = forms.CharField(label="Judul lengkap", max_length=300, required=False, help_text="Seperti pada sertifikat.")
    summary = forms.CharField(label="Ringkasan", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))


class CopyCourseForm(Form):
    title = forms.CharField(label="Judul salinan", max_length=200, help_text="Misalnya judul yang sama dengan tahun barunya.")


class CourseForm(NewCourseForm):
    """The course's words."""


class RulesForm(Form):
    """What the course asks of its learners: marks as people write them, 0 to 100."""

    post_test_at_least = DecimalField(label="Tes akhir, nilai paling rendah", min_value=0, max_value=100)
    each_assignment_at_least = DecimalField(label="Setiap tugas praktik, nilai paling rendah", min_value=0, max_value=100)
    assignments_mean_at_least = DecimalField(label="Rata-rata tugas praktik, nilai paling rendah", min_value=0, max_value=100)
    weight_post_test = DecimalField(label="Bobot tes akhir", min_value=0, max_value=100)
    weight_assignments = DecimalField(label="Bobot tugas praktik", min_value=0, max_value=100)
    weight_participation = DecimalField(label="Bobot partisipasi", min_value=0, max_value=100)
    predicates = LinesField(label="Predikat", help_text="Satu baris satu predikat, dari nilai tertinggi, misalnya «90 Sangat Memuaskan».")
    jp_self_paced = forms.IntegerField(label="JP belajar mandiri", min_value=1, max_value=200)
    jp_scheduled = forms.IntegerField(label="JP berjadwal", min_value=1, max_value=200)
    institution = forms.CharField(label="Lembaga", max_length=200, required=False)
    unit = forms.CharField(label="Unit kerja", max_length=200, required=False)
    unit_code = forms.CharField(label="Kode unit", max_length=40, required=False)
    place = forms.CharField(label="Tempat", max_length=80, required=False)
    mode = forms.CharField(label="Cara penyelenggaraan", max_length=80, required=False)
    number = forms.CharField(
        label="Pola nomor sertifikat",
        max_length=120,
        required=False,
        help_text="Memuat {nomor} dan {tahun}; boleh juga {angkatan}, {unit}, {bulan}.",
    )
    outcomes = forms.IntegerField(
        label="Sasaran setiap modul di balik sertifikat", min_value=1, max_value=12, required=False, help_text="Kosong berarti tiga."
    )
    signatory_position = forms.CharField(label="Jabatan penanda tangan", max_length=200, required=False)
    signatory_name = forms.CharField(label="Nama penanda tangan", max_length=200, required=False)
    signatory_nip = forms.CharField(label="NIP penanda tangan", max_length=30, required=False)

    def clean_number(self) -> str:
        pattern = self.cleaned_data["number"]
        if pattern and not all(word in pattern for word in ("{nomor}", "{tahun}")):
            raise ValidationError("Pola nomor harus memuat {nomor} dan {tahun}. Tanpa itu dua sertifikat dapat bernomor sama.")
        return pattern

    def clean_predicates(self) -> list[list[Any]]:
        return [_predicate(line) for line in self.cleaned_data["predicates"]]

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            for sentence in rules_problems(self.rules({})):
                self.add_error(None, sentence)
            if sum(found[f"weight_{name}"] for name in WEIGHTS) != 100:
                self.add_error("weight_participation", "Jumlah ketiga bobot harus 100.")
        return found

    def rules(self, old: dict[str, Any]) -> dict[str, Any]:
        """The rules as the course keeps them; what this form does not ask stays as it is in ``old``."""
        data = self.cleaned_data
        made: dict[str, Any] = {name: _number(data[name] / 100) for name in MARKS}
        made["weights"] = {name: _number(data[f"weight_{name}"]) for name in WEIGHTS}
        made |= {name: data[name] for name in ("predicates", "jp_self_paced", "jp_scheduled")}
        kept = dict(old.get("certificate") or {})
        for name in CERTIFICATE[:-1]:
            _put(kept, name, data[name])
        signatory = dict(kept.get("signatory") or {})
        for name in SIGNATORY:
            _put(signatory, name, data[f"signatory_{name}"])
        _put(kept, "signatory", signatory)
        return {**old, **made, **({"certificate": kept} if kept else {})}

    @staticmethod
    def initial_of(rules: dict[str, Any]) -> dict[str, Any]:
        """The rules as the form shows them."""
        weights, certificate = rules.get("weights") or {}, rules.get("certificate") or {}
        signatory = certificate.get("signatory") or {}
        return {
            **{name: _plain(round(rules.get(name, 0) * 100, 6)) for name in MARKS},
            **{f"weight_{name}": _plain(weights.get(name, 0)) for name in WEIGHTS},
            "predicates": [f"{_plain(least)} {word}" for least, word in rules.get("predicates", [])],
            **{name: rules.get(name) for name in ("jp_self_paced", "jp_scheduled")},
            **{name: certificate.get(name, "") for name in CERTIFICATE[:-1]},
            **{f"signatory_{name}": signatory.get(name, "") for name in SIGNATORY},
        }


class StageForm(Form):
    """One stage of the programme: a module, or activities of the course's own, or neither (what is done together)."""

    title = forms.CharField(label="Tahap", max_length=120, required=False)
    short = forms.CharField(label="Nama pendek", max_length=30, required=False)
    minutes = forms.IntegerField(label="Menit", min_value=0, max_value=6000, required=False)
    module = forms.ChoiceField(label="Modul", required=False)
    items = forms.CharField(label="Kegiatan kursus", max_length=300, required=False, help_text="Kode, dipisah koma.")

    def __init__(self, *args: Any, modules: Iterable[Module], codes: Iterable[str], **words: Any) -> None:
        super().__init__(*args, **words)
        self.codes = set(codes)
        self.fields["module"].choices = [("", "Tanpa modul"), *((one.code, one.code) for one in modules)]  # type: ignore[attr-defined]  # a choice field; the stubs know a Field

    def clean_items(self) -> list[str]:
        named = [code.strip() for code in self.cleaned_data["items"].split(",") if code.strip()]
        if unknown := [code for code in named if code not in self.codes]:
            known = ", ".join(sorted(self.codes)) or "belum ada"
            raise ValidationError(f"Kegiatan {unknown[0]} tidak ada pada kursus ini. Kode yang ada: {known}.")
        return named

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        filled = any(found.get(name) for name in ("short", "module", "items")) or found.get("minutes")
        if filled and not found.get("title"):
            self.add_error("title", "Isi nama tahap ini, atau kosongkan seluruh barisnya.")
        if found.get("module") and found.get("items"):
            self.add_error("items", "Satu tahap memuat modul atau kegiatan kursus, bukan keduanya.")
        return found

    def stage(self) -> dict[str, Any] | None:
        """The stage as the course keeps it; None for an empty row."""
        data = self.cleaned_data
        if not data.get("title"):
            return None
        made: dict[str, Any] = {"title": data["title"]}
        _put(made, "short", data["short"])
        made["minutes"] = data["minutes"] or 0
        return made | ({"module": data["module"]} if data["module"] else {"items": data["items"]})


class ProgrammeForms:
    """The rows of the programme, with two empty ones to fill."""

    def __init__(self, sent: Any, programme: list[dict[str, Any]], *, modules: list[Module], codes: Iterable[str]) -> None:
        count = min(PROGRAMME_ROWS + len(programme), len(programme) + 2)
        known = list(codes)
        self.forms = [
            StageForm(sent, prefix=f"tahap-{number}", modules=modules, codes=known, initial=_stage_initial(programme, number - 1))
            for number in range(1, count + 1)
        ]

    def is_valid(self) -> bool:
        return all([form.is_valid() for form in self.forms])  # noqa: C419  # every row tells its errors at once

    def programme(self) -> list[dict[str, Any]]:
        return [stage for form in self.forms if (stage := form.stage())]


def _stage_initial(programme: list[dict[str, Any]], index: int) -> dict[str, Any]:
    if index >= len(programme):
        return {}
    stage = programme[index]
    return {**stage, "items": ", ".join(stage.get("items", []))}


def _predicate(line: str) -> list[Any]:
    least, _blank, word = line.partition(" ")
    try:
        value = float(least.replace(",", "."))
    except ValueError:
        value = -1
    if not 0 <= value <= 100 or not word.strip():
        raise ValidationError(f"«{line[:60]}» harus berupa nilai terendah, lalu predikatnya, misalnya «90 Sangat Memuaskan».")
    return [_number(value), word.strip()]


def _number(value: Any) -> int | float:
    number = float(value)
    return int(number) if number.is_integer() else round(number, 6)


def _plain(value: Any) -> str:
    return f"{float(value):g}".replace(".", ",")


def _put(kept: dict[str, Any], name: str, value: Any) -> None:
    if value:
        kept[name] = value
    else:
        kept.pop(name, None)
