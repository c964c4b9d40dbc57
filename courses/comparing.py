"""What changes between two versions, or between a version and the draft: in sentences, and word by word in each lesson."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import companions
from .models import ActivityKind, FrozenLesson, Version
from .publishing import Draft, registered_parts

CONTEXT_WORDS = 12
FACT_WORDS = {
    "code": "Kode",
    "slug": "Alamat",
    "title": "Judul",
    "full_title": "Judul lengkap",
    "summary": "Ringkasan",
    "objectives": "Sasaran",
    "discussion": "Pertanyaan diskusi",
    "is_optional": "Sifat pilihan",
    "rules": "Aturan kelulusan",
    "programme": "Susunan program",
}


@dataclass(frozen=True)
class Piece:
    """A run of words: ``kind`` is "same", "added", "removed" or "gap" (unchanged words left out)."""

    kind: str
    text: str


@dataclass
class LessonChange:
    """One lesson that differs. ``kind``: "added", "removed" or "changed"; counts are words."""

    title: str
    kind: str
    pieces: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def added(self) -> int:
        return sum(len(piece.text.split()) for piece in self.pieces if piece.kind == "added")

    @property
    def removed(self) -> int:
        return sum(len(piece.text.split()) for piece in self.pieces if piece.kind == "removed")


@dataclass
class Comparison:
    """Everything that differs; false when nothing does."""

    sentences: list[str] = field(default_factory=list)
    lessons: list[LessonChange] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.sentences or self.lessons or self.parts)


def diff(old: Version | None, new: Version | Draft) -> Comparison:
    """What ``new`` changes against ``old`` (None: everything is new)."""
    found = Comparison()
    old_facts = old.facts if old else {}
    for key, word in FACT_WORDS.items():
        before, after = old_facts.get(key), new.facts.get(key)
        if before == after:
            continue
        if isinstance(after, str) and isinstance(before, str):
            found.sentences.append(f"{word}: «{before}» menjadi «{after}».")
        elif old:
            found.sentences.append(f"{word} berubah.")
    if old:
        found.sentences += companions.differences(old_facts, new.facts)
    found.sentences += _outline_sentences(old.outline if old else [], new.outline) if old else []
    found.lessons = _lesson_changes(old, new)
    for name, part in registered_parts().items():
        before, after = (old.parts if old else {}).get(name) or {}, new.parts.get(name) or {}
        if before != after:
            found.parts += part.diff(before, after)
    return found


def _outline_sentences(old: list[dict[str, Any]], new: list[dict[str, Any]]) -> Iterator[str]:
    before, after = {item["activity"]: item for item in old}, {item["activity"]: item for item in new}
    for pk, item in after.items():
        was = before.get(pk)
        if was is None:
            yield f"{item['code']} {item['title']} ditambahkan."
            continue
        if was["title"] != item["title"]:
            yield f"{item['code']}: judul «{was['title']}» menjadi «{item['title']}»."
        if was["minutes"] != item["minutes"]:
            yield f"{item['code']}: {was['minutes']} menit menjadi {item['minutes']} menit."
        if was["required"] != item["required"]:
            yield f"{item['code']}: menjadi {'wajib' if item['required'] else 'pilihan'}."
    for pk, was in before.items():
        if pk not in after:
            yield f"{was['code']} {was['title']} dikeluarkan. Kemajuan peserta tetap tersimpan."
    kept_before = [pk for pk in before if pk in after]
    if kept_before != [pk for pk in after if pk in before]:
        yield "Urutan bagian berubah."


def _lesson_changes(old: Version | None, new: Version | Draft) -> list[LessonChange]:
    before = {lesson.activity_id: lesson for lesson in old.lessons.all()} if old else {}
    rows: Iterable[FrozenLesson] = new.lessons if isinstance(new, Draft) else new.lessons.all()
    after = {lesson.activity_id: lesson for lesson in rows}
    order = [item["activity"] for item in new.outline if item["kind"] == ActivityKind.LESSON]
    found = []
    for pk in [*order, *(pk for pk in before if pk not in after)]:
        was, now = before.get(pk), after.get(pk)
        if now is None and was is not None:
            found.append(LessonChange(was.title, "removed"))
        elif was is None and now is not None:
            found.append(LessonChange(now.title, "added", [Piece("added", now.body)]))
        elif was is not None and now is not None:
            change = LessonChange(now.title, "changed", word_pieces(was.body, now.body), _lesson_notes(was, now))
            if change.notes or any(piece.kind in {"added", "removed"} for piece in change.pieces):
                found.append(change)
    return found


def _lesson_notes(was: FrozenLesson, now: FrozenLesson) -> list[str]:
    found = []
    if list(was.objectives) != list(now.objectives):
        found.append("Tujuan pelajaran berubah.")
    if was.reviewed_on != now.reviewed_on:
        found.append("Tanggal pemeriksaan berubah.")
    if was.body == now.body and was.html != now.html:
        found.append("Gambar atau tampilannya berubah; tulisannya tetap.")
    return found


def word_pieces(old: str, new: str) -> list[Piece]:
    """The words added and removed between two texts, with a little of what surrounds them."""
    if old == new:
        return []
    before, after = old.splitlines(keepends=True), new.splitlines(keepends=True)
    pieces: list[Piece] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left, right = "".join(before[a:b]), "".join(after[c:d])
        if tag == "equal":
            pieces.append(Piece("same", left))
        else:
            pieces += _word_level(left, right)
    return list(_trimmed(pieces))


def _word_level(left: str, right: str) -> list[Piece]:
    if not left or not right:
        return [Piece("added", right) if right else Piece("removed", left)]
    before, after = re.findall(r"\S+|\s+", left), re.findall(r"\S+|\s+", right)
    if len(before) * len(after) > 4_000_000:
        return [Piece("removed", left), Piece("added", right)]
    pieces = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(before[a:b])))
            continue
        if a < b:
            pieces.append(Piece("removed", "".join(before[a:b])))
        if c < d:
            pieces.append(Piece("added", "".join(after[c:d])))
    return pieces


def _trimmed(pieces: list[Piece]) -> Iterator[Piece]:
    """Long unchanged runs lose their middle."""
    for index, piece in enumerate(pieces):
        words = re.findall(r"\s*\S+\s*", piece.text)
        if piece.kind != "same" or len(words) <= 2 * CONTEXT_WORDS:
            yield piece
            continue
        if index > 0:
            yield Piece("same", "".join(words[:CONTEXT_WORDS]))
        yield Piece("gap", "…")
        if index < len(pieces) - 1:
            yield Piece("same", "".join(words[-CONTEXT_WORDS:]))
