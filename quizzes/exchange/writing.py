"""From questions to a file: what the format cannot say is named before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..models import QuestionKind
from . import aiken, cloze, gift, moodlexml_writing, numeric, plain, qti_spots, qti_writing, tables
from .reading import texts_of
from .rows import is_readable

Question = Mapping[str, Any]


@dataclass(frozen=True)
class Format:
    """One way out."""

    name: str
    ending: str
    content_type: str
    left_out: Callable[[Question], str]
    write: Callable[[Sequence[Question], Mapping[str, bytes]], bytes]


FORMATS: dict[str, Format] = {
    "xlsx": Format(
        "XLSX, bentuk templat",
        "xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        tables.left_out,
        lambda rows, _pictures: tables.write_xlsx(rows),
    ),
    "csv": Format("CSV, bentuk templat", "csv", "text/csv; charset=utf-8", tables.left_out, lambda rows, _pictures: tables.write_csv(rows)),
    "gift": Format("GIFT", "txt", "text/plain; charset=utf-8", gift.left_out, lambda rows, _pictures: gift.write(rows)),
    "moodlexml": Format(
        "Moodle XML",
        "xml",
        "application/xml; charset=utf-8",
        moodlexml_writing.left_out,
        lambda rows, _pictures: moodlexml_writing.write(rows),
    ),
    "aiken": Format("Aiken", "txt", "text/plain; charset=utf-8", aiken.left_out, lambda rows, _pictures: aiken.write(rows)),
    "qti": Format(
        "QTI 2.1 (paket ZIP)",
        "zip",
        "application/zip",
        qti_writing.left_out,
        lambda rows, pictures: qti_writing.write(rows, "2.1", pictures),
    ),
    "qti3": Format(
        "QTI 3.0 (paket ZIP)",
        "zip",
        "application/zip",
        qti_writing.left_out,
        lambda rows, pictures: qti_writing.write(rows, "3.0", pictures),
    ),
}
_COMMON = {str(kind): kind.label for kind in QuestionKind}


@dataclass
class Plan:
    """What a format takes, what stays behind whole (``left``: name, why) and what of a question stays behind (``lost``)."""

    format: str
    taken: list[Question] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)
    lost: list[tuple[str, str]] = field(default_factory=list)


def planned(format: str, questions: Iterable[Question]) -> Plan:
    """Which of these questions the format takes. Nothing is written yet."""
    plan = Plan(format)
    for question in questions:
        name = f"{question.get('code') or 'tanpa kode'}, {str(_COMMON.get(question['kind'], question['kind'])).lower()}"
        if why := left_out(format, question):
            plan.left.append((name, why))
            continue
        plan.taken.append(question)
        if words := lost(format, question):
            plan.lost.append((name, ", ".join(words)))
    return plan


def left_out(format: str, question: Question) -> str:
    """Why the format cannot say this question; empty when it can."""
    if question["kind"] == QuestionKind.PRACTICAL:
        return "tugas praktik hanya ada di berkas kursus"
    if any(not is_readable(text) or "\r" in text for text in texts_of(dict(question))):
        return "isinya memuat karakter kendali"
    return FORMATS[format].left_out(question)


def lost(format: str, question: Question) -> list[str]:
    """What of this question stays behind, in words; empty when the file gives the same question back."""
    found: list[str] = []
    if format == "aiken":
        return aiken.lost(question)
    if format in ("gift", "moodlexml"):
        found += numeric.lost(question) + cloze.lost(question)
    if format in ("qti", "qti3"):
        if any(plain.tidy(text) != text for text in texts_of({key: one for key, one in question.items() if key != "tags"})):
            found.append("spasi dan baris kosong berlebih")
        found += qti_spots.lost(question)
    elif any(text != text.strip() for text in texts_of(dict(question))):
        found.append("spasi di tepi teks")
    return found


def write(plan: Plan, pictures: Mapping[str, bytes] | None = None) -> bytes:
    """The file of what the plan takes."""
    return FORMATS[plan.format].write(plan.taken, pictures or {})
