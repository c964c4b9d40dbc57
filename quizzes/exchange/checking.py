"""What the bank asks of each row: its kind's own sentences, lessons and labels that the course knows, and whether it is there already."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import InMemoryUploadedFile

from courses import media
from courses.models import Activity, ActivityKind, Course, Module

from .. import loading, picturing
from ..bank import editing
from ..kinds import registry
from ..models import MOST_OBJECTIVES, Level, Question, QuestionKind
from .rows import Row, title_of

_WORDS = {
    "text": "pertanyaan",
    "choices": "pilihan",
    "key": "kunci",
    "accepted": "jawaban yang diterima",
    "pairs": "pasangan",
    "pairs/left": "pasangan, sisi kiri",
    "pairs/right": "pasangan, sisi kanan",
    "order": "urutan",
    "scenario": "skenario",
    "feedback": "umpan balik",
    "feedback_options": "alasan pilihan",
    "misconceptions": "salah paham",
    "values": "angka",
    "units": "satuan",
    "passage": "teks berisi isian",
    "gaps": "isian",
    "picture": "gambar",
    "regions": "bagian gambar",
    "regions/name": "nama bagian gambar",
}
_QUOTED = re.compile(r"“([a-z_/]+)”")


def key_of(kind: str, content: Mapping[str, Any]) -> str:
    """The same for two questions that say and accept the same."""
    wanted = picturing.as_written(loading.in_order(content, registry[kind].keys)) if kind in registry else dict(content)
    return hashlib.sha256(json.dumps([kind, wanted], sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


@dataclass
class Bank:
    """What there is in the course: read once for a whole file. Five statements."""

    course: Course
    lessons: dict[str, int] = field(default_factory=dict)
    register: Mapping[str, str] = field(default_factory=dict)
    pictures: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: set[str] = field(default_factory=set)
    known: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, course: Course) -> Bank:
        lessons = Activity.objects.filter(course=course, kind=ActivityKind.LESSON, archived_at__isnull=True)
        bank = cls(course, dict(lessons.values_list("code", "pk")), loading.register_of(course), picturing.library(course))
        rows = Question.objects.filter(course=course).exclude(kind=QuestionKind.PRACTICAL).order_by("code")
        for code, kind, retired, content in rows.values_list("code", "kind", "retired_at", "current_version__content"):
            bank.codes.add(code)
            if retired is None and content:
                bank.known.setdefault(key_of(kind, content), code)
        return bank


def check(rows: list[Row], bank: Bank, *, by_hand: bool) -> dict[int, str]:
    """Add problems and notes to the rows; gives the places of those that are there already, with the name of the question.

    ``by_hand``: the file was written after our template, so that a lesson which the course does not know is a mistake and not news.
    """
    already: dict[int, str] = {}
    seen: dict[str, str] = {}
    for place, row in enumerate(rows):
        if not row.question:
            if not row.problems:
                row.refuse("Soal ini tidak dapat dibaca.")
            continue
        _facts(row, bank, by_hand=by_hand)
        for sentence in [] if row.problems else _content_problems(row, bank):  # the reader's own words are nearer
            row.refuse(sentence)
        if row.problems:
            continue
        key = key_of(row.question["kind"], row.question)
        if key in bank.known:
            already[place] = f"soal {bank.known[key]}"
        elif key in seen:
            already[place] = f"{seen[key]} berkas ini"
        elif (code := row.question.get("code")) and code in bank.codes:
            row.note(f"Kode {code} sudah dipakai soal lain, jadi soal ini mendapat kode baru.")
        seen.setdefault(key, row.where)
    return already


def _facts(row: Row, bank: Bank, *, by_hand: bool) -> None:
    """Lesson, objective, level, code, tags and labels; what another course knew and this one does not is left out, and said."""
    question = row.question
    if len(str(question.get("code", ""))) > 24:
        row.note(f"Kode “{title_of(question.pop('code'))}” lebih dari 24 huruf, jadi soal ini mendapat kode baru.")
    if question.get("level") not in Level.values:
        row.refuse(f"Tingkat “{title_of(str(question.get('level')))}” tidak dikenal. Pilih mudah, sedang, atau sulit.")
    lesson = question.get("lesson")
    if lesson is not None and lesson not in bank.lessons:
        _absent(row, f"Pelajaran {title_of(lesson)} tidak ada pada kursus ini", by_hand=by_hand)
        question.pop("lesson", None)
        question.pop("objective", None)
    objective = question.get("objective")
    if objective is not None and (lesson is None or not 1 <= objective <= MOST_OBJECTIVES):
        _absent(row, f"Tujuan {objective} memerlukan pelajaran dan bernomor 1 sampai {MOST_OBJECTIVES}", by_hand=by_hand)
        question.pop("objective", None)
    beliefs = question.get("misconceptions")
    if isinstance(beliefs, dict) and bank.register and (strange := [one for one in beliefs.values() if one not in bank.register]):
        _absent(row, f"Salah paham {', '.join(title_of(one) for one in strange[:3])} tidak ada dalam daftar kursus ini", by_hand=by_hand)
        question["misconceptions"] = {place: one for place, one in beliefs.items() if one in bank.register}
        if not question["misconceptions"]:
            del question["misconceptions"]
    try:
        editing.tidy_tags(question.get("tags", []))
    except editing.EditingError as error:
        row.refuse(str(error))


def _absent(row: Row, sentence: str, *, by_hand: bool) -> None:
    if by_hand:
        row.refuse(f"{sentence}. Betulkan atau kosongkan.")
    else:
        row.note(f"{sentence}, jadi tidak ikut.")


def _content_problems(row: Row, bank: Bank) -> list[str]:
    question = row.question
    kind = registry.get(question.get("kind", ""))
    if kind is None or kind.code == QuestionKind.PRACTICAL:
        return [f"Jenis “{title_of(str(question.get('kind')))}” tidak dikenal di bank soal."]
    content = loading.in_order(question, kind.keys)
    try:
        found = kind.problems(content)
    except (TypeError, ValueError, KeyError, IndexError, AttributeError):  # broken beyond what a kind expects of files
        found = ["Isi soal ini tidak lengkap."]
    return [_said(sentence) for sentence in found] or _picture_problems(row, bank)


def _said(sentence: str) -> str:
    return _QUOTED.sub(lambda found: f"“{_WORDS.get(found[1], found[1])}”", sentence)


def _picture_problems(row: Row, bank: Bank) -> list[str]:
    if row.question["kind"] != QuestionKind.HOTSPOT:
        return []
    name = row.question["picture"]["file"]
    if name in bank.pictures:
        if row.images.pop(name, None) is not None:
            row.note(f"Gambar {title_of(name)} sudah ada di pustaka kursus, jadi dipakai yang itu.")
        return []
    if name not in row.images:
        return [f"Gambar {title_of(name)} tidak ada di pustaka kursus ini. Unggah dahulu."]
    try:
        media.encode(row.images[name])
    except media.MediaError as error:
        return [f"Gambar {title_of(name)}: {error}"]
    return []


def uploaded(name: str, data: bytes) -> InMemoryUploadedFile:
    """Bytes of a package as the library takes uploads."""
    return InMemoryUploadedFile(BytesIO(data), "image", name, "application/octet-stream", len(data), None)


def place_of(course: Course, module: Module | None) -> str:
    """Where questions go, in words."""
    return f"bank {module.code}" if module else f"bank kursus {course.title}"
