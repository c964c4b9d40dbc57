"""Practical work: a text and files that a person grades by a rubric."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from .kind import NOTHING, AnswerError, Content, Kind, Raw, is_text, row

LONGEST = 20_000
PARTS = ("instructions", "deliverables", "prohibitions")


class Practical(Kind):
    """Stored: ``{"text": …}``; the files are Uploads beside it."""

    code = "practical"
    label = "Tugas praktik"
    template = "quizzes/kinds/practical.html"
    keys = (*PARTS, "files", "rubric")
    missing = "Tulis jawaban atau unggah berkas dulu."
    target = "id_text"
    graded_by_person = True

    @classmethod
    def problems(cls, content: Content) -> list[str]:
        found = [
            f"“{name}” harus berupa daftar teks."
            for name in PARTS
            if not isinstance(content.get(name), list) or not all(is_text(one) for one in content[name])
        ]
        files = content.get("files")
        if not (
            isinstance(files, dict)
            and isinstance(files.get("types"), list)
            and all(isinstance(one, str) and one for one in files["types"])
            and all(type(files.get(name)) is int and files[name] > 0 for name in ("max_bytes", "max_count"))
        ):
            found.append("“files” harus memuat types, max_bytes, dan max_count.")
        return found + _rubric_problems(content.get("rubric"))

    def clean(self, raw: Raw, order: Sequence[int]) -> dict[str, str] | None:
        text = (list(raw.get("text", [])) or [""])[-1].replace("\r\n", "\n").strip()
        if len(text) > LONGEST:
            raise AnswerError(f"Teks terlalu panjang: {len(text)} huruf. Tulis paling banyak {LONGEST} huruf, atau unggah sebagai berkas.")
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
            raise AnswerError("Teks memuat tanda yang tidak terlihat. Hapus tanda itu, atau ketik ulang bagiannya.")
        return {"text": text} if text else None

    def points(self, answer: Any) -> Decimal | None:
        return None

    def by_rubric(self, levels: Sequence[int]) -> Decimal:
        """The points, 0 to 1, of one level chosen for each criterion (0 is the best). Raises AnswerError when one is missing."""
        rubric = self.content["rubric"]
        if len(levels) != len(rubric) or any(not 0 <= level < len(one["levels"]) for level, one in zip(levels, rubric, strict=True)):
            raise AnswerError("Pilih satu tingkat untuk setiap kriteria.")
        total = sum(Decimal(one["weight"]) for one in rubric)
        got = sum(
            (Decimal(one["weight"]) * Decimal(str(one["levels"][level]["points"])) for one, level in zip(rubric, levels, strict=True)),
            NOTHING,
        )
        return (got / total).quantize(Decimal("0.00001"))

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        return {**self.content, "mine": (answer or {}).get("text", "")}

    def rows(self, answer: Any, points: Decimal | None) -> list[dict[str, Any]]:
        return [row("Jawaban Anda", (answer or {}).get("text") or "Lihat berkas yang diunggah")]


def _rubric_problems(rubric: Any) -> list[str]:
    if not isinstance(rubric, list) or not rubric:
        return ["“rubric” harus berupa daftar kriteria."]
    found = []
    for one in rubric:
        levels = one.get("levels") if isinstance(one, dict) else None
        if not isinstance(one, dict) or not is_text(one.get("criterion")) or type(one.get("weight")) is not int or one["weight"] <= 0:
            found.append("Setiap kriteria memerlukan “criterion” dan “weight” (bilangan bulat lebih dari 0).")
        elif not isinstance(levels, list) or len(levels) < 2 or not all(_is_level(level) for level in levels):
            found.append(f"Kriteria “{one['criterion']}” memerlukan paling sedikit dua tingkat {{title, points 0 sampai 1, text}}.")
    if not found and sum(one["weight"] for one in rubric) != 100:
        found.append(f"Jumlah bobot rubrik harus 100. Sekarang {sum(one['weight'] for one in rubric)}.")
    return found


def _is_level(level: Any) -> bool:
    if not isinstance(level, dict) or not is_text(level.get("title")) or not is_text(level.get("text")):
        return False
    points = level.get("points")
    return isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points <= 1
