"""The form of practical work: what is asked, which files are taken, the rubric, the worksheet to fill in and the two sample answers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from linimasa import writing
from linimasa.forms import DecimalField

from .. import uploads
from ..worksheets import MOST_BYTES, WorksheetError, described, received
from .editor import Editor, LinesField, line, numbered, words
from .kind import Content
from .practical import LONGEST, LONGEST_TITLE, PARTS, SAMPLES, Practical

MEGABYTE = 1_000_000
TYPES = tuple(uploads.TYPES)
SAMPLE_WORDS = {"exemplary": "Contoh teladan", "weak": "Contoh yang masih lemah"}
SAMPLE_PARTS = ("title", "body", "scores")
FILES = ("worksheet", "worksheet_title", "without_worksheet")


class PracticalEditor(Editor):
    """Each criterion is a row: its name, its weight, and its levels from the best to the weakest, one a line: «Judul | poin | uraian»."""

    kind = Practical
    row_label, is_lettered = "Kriteria", False
    last = (*FILES, *(f"{kind}_{part}" for kind in SAMPLES for part in SAMPLE_PARTS))
    file_fields = FILES
    text = None  # type: ignore[assignment]  # that is how a form leaves a field of its base out
    feedback = None  # type: ignore[assignment]
    instructions = LinesField(label="Petunjuk", help_text="Satu langkah setiap baris.")
    deliverables = LinesField(label="Yang dikirim", help_text="Satu hal setiap baris.")
    prohibitions = LinesField(label="Larangan", help_text="Satu hal setiap baris.", required=False)
    types = forms.MultipleChoiceField(
        label="Jenis berkas", choices=[(one, one.upper()) for one in TYPES], widget=forms.CheckboxSelectMultiple
    )
    megabytes = DecimalField(label="Ukuran terbesar satu berkas (MB)", min_value=Decimal("0.1"), max_value=Decimal(50))
    most_files = forms.IntegerField(label="Banyaknya berkas paling banyak", min_value=1, max_value=20)
    worksheet = forms.FileField(
        label="Lembar kerja untuk diisi peserta",
        required=False,
        help_text=f"XLSX atau DOCX, paling besar {writing.size(MOST_BYTES)}, tanpa makro dan tanpa tautan ke luar.",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.docx"}),
        error_messages={"empty": "Berkas ini kosong. Pilih berkas lain."},
    )
    worksheet_title = line("Judul lembar kerja", most=LONGEST_TITLE)
    without_worksheet = forms.BooleanField(label="Tanpa lembar kerja", required=False)

    def grow(self) -> None:
        super().grow()
        if kept := self.base.get("template"):
            self.fields["worksheet"].label = "Ganti lembar kerja"
            size = writing.size(kept["size"]) if "size" in kept else ""
            told = f"Sekarang: {kept['file']}{f', {size}' if size else ''}. Kosongkan bila tetap."
            self.fields["worksheet"].help_text = f"{told} {self.fields['worksheet'].help_text}"
        else:
            del self.fields["without_worksheet"]
        hint = "Satu kriteria setiap baris, menurut urutan rubrik: Kriteria | Tingkat | alasan."
        for kind, name in SAMPLE_WORDS.items():
            self.fields[f"{kind}_title"] = line(f"{name}: judul", most=LONGEST_TITLE)
            self.fields[f"{kind}_body"] = words(f"{name}: isi", rows=6, most=LONGEST, hint="Boleh memakai Markdown.")
            self.fields[f"{kind}_scores"] = words(f"{name}: nilai", rows=5, most=8_000, hint=hint)

    def row_fields(self, number: int) -> dict[str, forms.Field]:
        hint = "Satu tingkat setiap baris, yang terbaik lebih dulu: Judul | poin 0 sampai 1 | uraian."
        weight = forms.IntegerField(label="bobot", required=False, min_value=1, max_value=100, help_text="Jumlah semua bobot 100.")
        return {"criterion": line("nama", most=200), "weight": weight, "levels": words("tingkat", rows=5, most=8_000, hint=hint)}

    def compose(self) -> dict[str, Any]:
        data = self.cleaned_data
        made: dict[str, Any] = {name: data[name] for name in PARTS}
        size = int((data["megabytes"] * MEGABYTE).to_integral_value())
        known = self.base.get("files", {}).get("types", [])
        types = [one for one in known if one in data["types"]] + [one for one in data["types"] if one not in known]
        made["files"] = {"types": types, "max_bytes": size, "max_count": data["most_files"]}
        made["rubric"] = [one for number in range(1, self.count + 1) if (one := self._criterion(number))]
        return made | self._template() | self._samples()

    def _template(self) -> dict[str, Any]:
        """The worksheet: the file that was sent, else the one that is there, unless it is to go."""
        data, kept = self.cleaned_data, self.base.get("template")
        file, title = data.get("worksheet"), data.get("worksheet_title", "")
        if "worksheet" not in self.fields:
            return {"template": kept} if kept else {}
        if data.get("without_worksheet"):
            return {}
        if not file:
            if title and not kept:
                self.add_error("worksheet", "Pilih berkas lembar kerjanya, atau kosongkan judulnya.")
            if kept and not title:
                self.add_error("worksheet_title", "Tulis judul lembar kerjanya.")
            return {"template": {**kept, "title": title}} if kept else {}
        if not title:
            self.add_error("worksheet_title", "Tulis judul lembar kerjanya.")
        try:
            name, self.worksheet_data = received(file)
        except (uploads.UploadError, WorksheetError) as error:
            self.add_error("worksheet", str(error))
            return {}
        return {"template": described({"file": name, "title": title}, self.worksheet_data)}

    def _samples(self) -> dict[str, Any]:
        """Both sample answers, or none; a line that cannot be read is an error of its field."""
        data = self.cleaned_data
        names = [f"{kind}_{part}" for kind in SAMPLES for part in SAMPLE_PARTS]
        if not any(data.get(name) for name in names):
            return {}
        for name in names:
            if not data.get(name):
                self.add_error(name, "Isi juga bagian ini, atau kosongkan kedua contohnya.")
        bodies = {one["kind"]: one["body"] for one in self.base.get("samples", [])}  # as they were, to the last line break
        same = {kind for kind in SAMPLES if data.get(f"{kind}_body", "") == bodies.get(kind, "").strip()}
        return {
            "samples": [
                {
                    "kind": kind,
                    "title": data.get(f"{kind}_title", ""),
                    "body": bodies[kind] if kind in same and kind in bodies else data.get(f"{kind}_body", ""),
                    "scores": self._scores(f"{kind}_scores"),
                }
                for kind in SAMPLES
            ]
        }

    def _scores(self, name: str) -> list[dict[str, str]]:
        found = []
        for written in filter(str.strip, (self.cleaned_data.get(name) or "").splitlines()):
            parts = [part.strip() for part in written.split("|", 2)]
            if len(parts) < 3 or not all(parts):
                self.add_error(name, f"Baris “{written.strip()[:60]}” harus berbentuk: Kriteria | Tingkat | alasan.")
                break
            found.append({"criterion": parts[0], "level": parts[1], "why": parts[2]})
        return found

    def _criterion(self, number: int) -> dict[str, Any] | None:
        name, weight, levels = (self.value(field, number) for field in ("criterion", "weight", "levels"))
        if not (name or weight or levels):
            return None
        for field, value in (("criterion", name), ("weight", weight), ("levels", levels)):
            if not value:
                self.add_error(f"{field}_{number}", "Isi juga bagian ini, atau kosongkan seluruh kriterianya.")
        return {"criterion": name, "weight": weight, "levels": self._levels(number, levels or "")}

    def _levels(self, number: int, text: str) -> list[dict[str, Any]]:
        found = []
        for written in filter(str.strip, text.splitlines()):
            title, points, told = ([part.strip() for part in written.split("|", 2)] + ["", ""])[:3]
            try:
                share = Decimal(points.replace(",", "."))
                if not told or not 0 <= share <= 1:
                    raise ValueError
            except (ArithmeticError, ValueError):
                sentence = f"Baris “{written.strip()[:60]}” harus berbentuk: Judul | poin 0 sampai 1 | uraian."
                self.add_error(f"levels_{number}", sentence)
                break
            found.append({"title": title, "points": int(share) if share == share.to_integral_value() else float(share), "text": told})
        return found

    @classmethod
    def initial_of(cls, content: Content) -> dict[str, Any]:
        files = content.get("files", {})
        rows = numbered(
            content.get("rubric", []),
            criterion=lambda one: one["criterion"],
            weight=lambda one: one["weight"],
            levels=lambda one: "\n".join(f"{level['title']} | {_points(level['points'])} | {level['text']}" for level in one["levels"]),
        )
        return {
            **{name: list(content.get(name, [])) for name in PARTS},
            "types": files.get("types", []),
            "megabytes": Decimal(files["max_bytes"]) / MEGABYTE if files else None,
            "most_files": files.get("max_count"),
            "worksheet_title": content.get("template", {}).get("title", ""),
            **_initial_samples(content.get("samples", [])),
            **rows,
        }


def _initial_samples(samples: list[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in samples:
        scores = "\n".join(f"{score['criterion']} | {score['level']} | {score['why']}" for score in one["scores"])
        found |= {f"{one['kind']}_title": one["title"], f"{one['kind']}_body": one["body"], f"{one['kind']}_scores": scores}
    return found


def _points(points: float) -> str:
    return str(points).replace(".", ",")
