"""Practical work: a template that opens safely, and two sample answers with the rubric's scores explained."""

from __future__ import annotations

import zipfile
from collections.abc import Generator, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from courses.models import ActivityKind
from courses.proofing import Fault, Passage, placed
from courses.reading import ActivityFile, CourseFile

from ..kinds import registry
from ..models import QuestionKind

RULES = {
    "assignment-broken": "an assignment has instructions, deliverables, prohibitions, files and a rubric of 100 points",
    "template-missing": "it names a template in its module's folder `files/`",
    "template-size": "the template has at most 200,000 bytes",
    "template-unsafe": "it is a real xlsx or docx, without macros and links to other files",
    "samples-kinds": "exactly two samples: one exemplary, one weak",
    "sample-scores": "a sample is scored on every criterion once, with the title of one of its levels",
    "sample-reason": "every score has a reason of at least 40 characters",
    "sample-order": "the exemplary sample scores higher than the weak one",
}
MOST_BYTES = 200_000
MOST_UNPACKED = 20_000_000
LEAST_REASON = 40
KINDS = ("exemplary", "weak")
MAIN_PARTS = {".xlsx": "xl/workbook.xml", ".docx": "word/document.xml"}
_FOREIGN = (b'TargetMode="External"', b"TargetMode='External'", b"macroEnabled", b"vbaProject")


def assignments(course: CourseFile) -> list[ActivityFile]:
    return [one for module in course.modules for one in module.activities if one.kind == ActivityKind.ASSIGNMENT]


def assignment_faults(folder: Path, found: Iterable[ActivityFile]) -> Iterator[Fault]:
    """``folder``: the course's, in which the templates are looked for."""
    for activity in found:
        problems = registry[QuestionKind.PRACTICAL].problems(activity.rest)
        for problem in problems:
            yield Fault("assignment-broken", activity.where, f"{activity.code}: {problem}")
        if not problems:
            yield from _template_faults(folder, activity)
            yield from _sample_faults(activity)


def assignment_passages(course: CourseFile) -> Iterator[Passage]:
    """What is read in practical work and its samples, and in the introductions of the quizzes."""
    everything = [*course.activities, *(one for module in course.modules for one in module.activities)]
    for activity in everything:
        data = activity.rest
        if activity.kind != ActivityKind.LESSON:
            lists = [data.get(name) or [] for name in ("instructions", "deliverables", "prohibitions")]
            texts = [activity.title, data.get("intro"), *(text for texts in lists for text in texts), *_rubric_texts(data)]
            yield from placed(activity.where, *(text for text in texts if isinstance(text, str)))
            for sample in _mappings(data.get("samples")):
                texts = [sample.get("title"), sample.get("body"), *(score.get("why") for score in _mappings(sample.get("scores")))]
                yield from placed(getattr(sample, "where", activity.where), *(text for text in texts if isinstance(text, str)))


def _template_faults(folder: Path, activity: ActivityFile) -> Iterator[Fault]:
    template = activity.rest.get("template")
    name = template.get("file") if isinstance(template, dict) else None
    path = (folder / activity.where.partition(":")[0]).parent / "files" / str(name)
    if not isinstance(name, str) or "/" in name or path.suffix not in MAIN_PARTS or path.is_symlink() or not path.is_file():
        told = f"{activity.code}: templat {name!r} tidak ada di folder files/. Tambahkan berkas .xlsx atau .docx dan tulis namanya."
        yield Fault("template-missing", getattr(template, "where", "") or activity.where, told)
        return
    where = str(path.relative_to(folder))
    if path.stat().st_size > MOST_BYTES:
        yield Fault("template-size", where, f"Templat ini {path.stat().st_size} bita; paling besar {MOST_BYTES}. Hapus gambar di dalamnya.")
    if problem := _unsafe(path):
        yield Fault("template-unsafe", where, f"{problem} Simpan ulang sebagai {path.suffix} biasa.")


def _unsafe(path: Path) -> str:
    """Why this file must not be handed out, as a sentence; empty when nothing speaks against it."""
    try:
        with zipfile.ZipFile(path) as packed:
            names = packed.namelist()
            if MAIN_PARTS[path.suffix] not in names or "[Content_Types].xml" not in names:
                return f"Berkas ini bukan {path.suffix} yang sebenarnya."
            if sum(info.file_size for info in packed.infolist()) > MOST_UNPACKED or packed.testzip() is not None:
                return "Isi berkas ini rusak atau terlalu besar."
            told = b"".join(packed.read(name) for name in names if name.endswith(".rels") or name == "[Content_Types].xml")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError, ValueError):
        return "Berkas ini tidak dapat dibuka."
    if any("vbaProject" in name or "externalLink" in name for name in names) or any(sign in told for sign in _FOREIGN):
        return "Berkas ini memuat makro atau tautan ke berkas lain."
    return ""


def _sample_faults(activity: ActivityFile) -> Iterator[Fault]:
    samples = _mappings(activity.rest.get("samples"))
    kinds = sorted(str(sample.get("kind")) for sample in samples)
    if kinds != sorted(KINDS):
        told = f"{activity.code}: contoh jawaban yang ada: {', '.join(kinds) or 'belum ada'}. Tulis tepat satu exemplary dan satu weak."
        yield Fault("samples-kinds", activity.where, told)
    totals: dict[str, Decimal] = {}
    for sample in samples:
        total = yield from _score_faults(activity, sample)
        totals[str(sample.get("kind"))] = total
    if set(totals) == set(KINDS) and totals["exemplary"] <= totals["weak"]:
        told = f"{activity.code}: contoh yang baik bernilai {totals['exemplary']}, yang lemah {totals['weak']}. Periksa tingkat pilihannya."
        yield Fault("sample-order", activity.where, told)


def _score_faults(activity: ActivityFile, sample: Any) -> Generator[Fault, None, Decimal]:
    """Returns the points of the sample, 0 to 100; what cannot be read counts for nothing."""
    where = getattr(sample, "where", "") or activity.where
    rubric = {one["criterion"]: one for one in activity.rest["rubric"]}
    scores = _mappings(sample.get("scores"))
    if sorted(str(score.get("criterion")) for score in scores) != sorted(rubric):
        told = f"{activity.code}: setiap kriteria rubrik dinilai tepat sekali. Kriterianya: {', '.join(rubric)}."
        yield Fault("sample-scores", where, told)
    total = Decimal(0)
    for score in scores:
        criterion = rubric.get(str(score.get("criterion")))
        points = {level["title"]: level["points"] for level in criterion["levels"]} if criterion else {}
        if criterion and score.get("level") not in points:
            told = f"{activity.code}: tingkat “{score.get('level')}” tidak ada. Pilih salah satu: {', '.join(points)}."
            yield Fault("sample-scores", where, told)
        elif criterion:
            total += Decimal(criterion["weight"]) * Decimal(str(points[score["level"]]))
        reason = str(score.get("why") or "").strip()
        if len(reason) < LEAST_REASON:
            told = (
                f"{activity.code}: alasan nilai “{score.get('criterion')}” {len(reason)} karakter; paling sedikit {LEAST_REASON}. Jelaskan."
            )
            yield Fault("sample-reason", where, told)
    return total


def _rubric_texts(data: Any) -> list[Any]:
    criteria = _mappings(data.get("rubric"))
    return [text for one in criteria for text in (one.get("criterion"), *(level.get("text") for level in _mappings(one.get("levels"))))]


def _mappings(value: Any) -> list[Any]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
