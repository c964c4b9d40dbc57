"""Practical work: a text and files that a person grades by a rubric.

The worksheet to fill in (``template``) and the two sample answers (``samples``) are part of the content, beside the rubric: the samples'
scores name its levels, so whoever was shown a rubric always sees samples measured by that very rubric. Both may be left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from linimasa import markdown

from .kind import NOTHING, AnswerError, Content, Kind, Raw, is_text, row

LONGEST = 20_000
PARTS = ("instructions", "deliverables", "prohibitions")
SAMPLES = ("exemplary", "weak")
HIDDEN = ("template", "samples")  # have pages of their own, with doors of their own
WORKSHEET_NAME = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*\.(?:xlsx|docx)")
LONGEST_TITLE = 200


class Practical(Kind):
    """Stored: ``{"text": …}``; the files are Uploads beside it."""

    code = "practical"
    label = "Tugas praktik"
    template = "quizzes/kinds/practical.html"
    keys = (*PARTS, "files", "template", "rubric", "samples")
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
        found += _worksheet_problems(content["template"]) if "template" in content else []
        bad_rubric = _rubric_problems(content.get("rubric"))
        if bad_rubric or "samples" not in content:
            return found + bad_rubric
        return found + _samples_problems(content["samples"], content["rubric"])

    def clean(self, raw: Raw, order: Sequence[int]) -> dict[str, str] | None:
        text = (list(raw.get("text", [])) or [""])[-1].replace("\r\n", "\n").strip()
        if len(text) > LONGEST:
            raise AnswerError(f"Teks terlalu panjang: {len(text)} huruf. Tulis paling banyak {LONGEST} huruf, atau unggah sebagai berkas.")
        if any(unicodedata.category(sign) in ("Cc", "Cs") and sign not in "\n\t" for sign in text):
            raise AnswerError("Teks memuat tanda yang tidak terlihat. Hapus tanda itu, atau ketik ulang bagiannya.")
        return {"text": text} if text else None

    def points(self, answer: Any) -> Decimal | None:
        return None

    def correct(self) -> None:
        return None

    def by_rubric(self, levels: Sequence[int]) -> Decimal:
        """The points, 0 to 1, of one level chosen for each criterion (0 is the best). Raises AnswerError when one is missing."""
        rubric = self.content["rubric"]
        if len(levels) != len(rubric) or any(not 0 <= level < len(one["levels"]) for level, one in zip(levels, rubric, strict=True)):
            raise AnswerError("Pilih satu tingkat untuk setiap kriteria.")
        total = sum(Decimal(one["weight"]) for one in rubric)
        got = sum((self.earned(place, level) for place, level in enumerate(levels)), NOTHING)
        return (got / total).quantize(Decimal("0.00001"))

    def earned(self, place: int, level: int) -> Decimal:
        """How much of its weight the criterion at this place gives at this level."""
        criterion = self.content["rubric"][place]
        return Decimal(criterion["weight"]) * Decimal(str(criterion["levels"][level]["points"]))

    def sample_levels(self, sample: Content) -> list[int]:
        """The level of each criterion, in the rubric's order, that a sample's ``scores`` name."""
        named = {one["criterion"]: one["level"] for one in sample["scores"]}
        return [[level["title"] for level in one["levels"]].index(named[one["criterion"]]) for one in self.content["rubric"]]

    def sample_points(self, sample: Content) -> Decimal:
        """What a sample would be graded, 0 to 1: by the same sum as learners' work."""
        return self.by_rubric(self.sample_levels(sample))

    def public(self, order: Sequence[int], answer: Any = None) -> dict[str, Any]:
        return {key: value for key, value in self.content.items() if key not in HIDDEN} | {"mine": (answer or {}).get("text", "")}

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


def _worksheet_problems(template: Any) -> list[str]:
    """The name and title; what the file itself must be is said in ``quizzes.worksheets``."""
    if not isinstance(template, dict) or not is_text(template.get("title"), LONGEST_TITLE):
        return [f"“template” memerlukan “file” dan “title” (paling panjang {LONGEST_TITLE} huruf)."]
    name = template.get("file")
    if not isinstance(name, str) or len(name) > 80 or not WORKSHEET_NAME.fullmatch(name):
        return ["“template”: nama berkas memakai huruf kecil, angka, dan tanda hubung, berakhiran .xlsx atau .docx."]
    return []


def _samples_problems(samples: Any, rubric: list[dict[str, Any]]) -> list[str]:
    """Exactly one exemplary and one weak answer, each with every criterion of the rubric once, at a level that exists."""
    if not isinstance(samples, list) or [one.get("kind") if isinstance(one, dict) else None for one in samples] != list(SAMPLES):
        return ["“samples” harus berupa dua contoh: kind exemplary, lalu kind weak."]
    found = []
    for one in samples:
        name = f"“samples” {one['kind']}"
        if set(one) != {"kind", "title", "body", "scores"}:
            found.append(f"{name} memerlukan kind, title, body, dan scores, tanpa kunci lain.")
        elif not is_text(one["title"], LONGEST_TITLE):
            found.append(f"{name}: “title” harus berisi teks, paling panjang {LONGEST_TITLE} huruf.")
        elif not is_text(one["body"], LONGEST):
            found.append(f"{name}: “body” harus berisi teks, paling panjang {LONGEST} huruf.")
        elif sentence := markdown.problem(one["body"]):
            found.append(f"{name}: {sentence}")
        else:
            found += [f"{name}: {sentence}" for sentence in _score_problems(one["scores"], rubric)]
    return found


def _score_problems(scores: Any, rubric: list[dict[str, Any]]) -> list[str]:
    if not isinstance(scores, list) or not all(
        isinstance(one, dict) and set(one) == {"criterion", "level", "why"} and all(is_text(value) for value in one.values())
        for one in scores
    ):
        return ["“scores” harus berupa daftar {criterion, level, why}."]
    wanted = [one["criterion"] for one in rubric]
    if [one["criterion"] for one in scores] != wanted:
        return [f"“scores” menilai setiap kriteria rubrik satu kali, menurut urutan rubrik: {', '.join(wanted)}."]
    titles = [[level["title"] for level in one["levels"]] for one in rubric]
    return [
        f"kriteria “{one['criterion']}” tidak memiliki tingkat “{one['level']}”. Pilih salah satu: {', '.join(known)}."
        for one, known in zip(scores, titles, strict=True)
        if one["level"] not in known
    ]


def _is_level(level: Any) -> bool:
    if not isinstance(level, dict) or not is_text(level.get("title")) or not is_text(level.get("text")):
        return False
    points = level.get("points")
    return isinstance(points, int | float) and not isinstance(points, bool) and 0 <= points <= 1
