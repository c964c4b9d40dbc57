"""The form of practical work: what is asked, which files are taken, and the rubric. Worksheet and samples stay as they were."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from linimasa.forms import DecimalField

from .editor import Editor, LinesField, line, numbered, words
from .kind import Content
from .practical import PARTS, Practical

MEGABYTE = 1_000_000
TYPES = ("pdf", "docx", "xlsx", "png", "jpg", "webp")


class PracticalEditor(Editor):
    """Each criterion is a row: its name, its weight, and its levels from the best to the weakest, one a line: «Judul | poin | uraian»."""

    kind = Practical
    row_label, is_lettered = "Kriteria", False
    last = ()
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
        return made | {name: self.base[name] for name in ("template", "samples") if name in self.base}

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
            **rows,
        }


def _points(points: float) -> str:
    return str(points).replace(".", ",")
