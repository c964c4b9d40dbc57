"""What changes between two versions, or between a version and the draft: in sentences, and word by word in each lesson."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from . import companions
from .aligning import Passage, Piece, passages, word_pieces
from .models import ActivityKind, FrozenLesson, Version
from .publishing import Draft, registered_parts

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


@dataclass
class LessonChange:
    """One lesson that differs. ``kind``: "added", "removed" or "changed"; counts are words. ``passages``: its paragraphs in order, the
    unchanged ones gathered."""

    title: str
    kind: str
    pieces: list[Piece] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    activity: int = 0
    code: str = ""
    passages: list[Passage] = field(default_factory=list)
    threads: list[Any] = field(default_factory=list)  # the open remarks on it, where they are shown beside it

    @property
    def changed_paragraphs(self) -> int:
        return sum(1 for passage in self.passages if passage.kind != "same")

    @property
    def moved(self) -> int:
        return sum(1 for passage in self.passages if passage.kind == "moved")

    @property
    def added(self) -> int:
        return sum(len(piece.text.split()) for piece in self.pieces if piece.kind == "added")

    @property
    def removed(self) -> int:
        return sum(len(piece.text.split()) for piece in self.pieces if piece.kind == "removed")


@dataclass
class Detail:
    """One thing of an app to the right that differs, its words beside each other. ``is_meaning``: what counts as right changed."""

    title: str
    lines: list[tuple[str, list[Piece]]] = field(default_factory=list)
    is_meaning: bool = False
    note: str = ""
    activity: int = 0


@dataclass
class Comparison:
    """Everything that differs; false when nothing does."""

    sentences: list[str] = field(default_factory=list)
    lessons: list[LessonChange] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)
    details: list[Detail] = field(default_factory=list)
    activities: set[int] = field(default_factory=set)

    @property
    def meanings(self) -> int:
        """How many questions are answered differently now."""
        return sum(1 for detail in self.details if detail.is_meaning)

    def __bool__(self) -> bool:
        return bool(self.sentences or self.lessons or self.parts)


def diff(old: Version | Draft | None, new: Version | Draft) -> Comparison:
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
            found.details += part.details(before, after)
    found.activities = {lesson.activity for lesson in found.lessons} | {detail.activity for detail in found.details if detail.activity}
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


def _lesson_changes(old: Version | Draft | None, new: Version | Draft) -> list[LessonChange]:
    before, after = _lessons(old), _lessons(new)
    codes = {item["activity"]: item["code"] for side in (old, new) if side for item in side.outline}
    order = [item["activity"] for item in new.outline if item["kind"] == ActivityKind.LESSON]
    found = []
    for pk in [*order, *(pk for pk in before if pk not in after)]:
        was, now, words = before.get(pk), after.get(pk), {"activity": pk, "code": codes.get(pk, "")}
        if now is None and was is not None:
            found.append(LessonChange(was.title, "removed", **words))
        elif was is None and now is not None:
            found.append(LessonChange(now.title, "added", [Piece("added", now.body)], **words))
        elif was is not None and now is not None:
            change = LessonChange(now.title, "changed", word_pieces(was.body, now.body), _lesson_notes(was, now), **words)
            if change.notes or any(piece.kind in {"added", "removed"} for piece in change.pieces):
                change.passages = passages(was.body, now.body)
                found.append(change)
    return found


def _lessons(side: Version | Draft | None) -> dict[int, FrozenLesson]:
    if side is None:
        return {}
    rows: Iterable[FrozenLesson] = side.lessons if isinstance(side, Draft) else side.lessons.all()
    return {lesson.activity_id: lesson for lesson in rows}


def _lesson_notes(was: FrozenLesson, now: FrozenLesson) -> list[str]:
    found = []
    if list(was.objectives) != list(now.objectives):
        found.append("Tujuan pelajaran berubah.")
    if was.reviewed_on != now.reviewed_on:
        found.append("Tanggal pemeriksaan berubah.")
    if was.body == now.body and was.html != now.html:
        found.append("Gambar atau tampilannya berubah; tulisannya tetap.")
    return found


__all__ = ["Comparison", "Detail", "LessonChange", "Passage", "Piece", "diff", "word_pieces"]
