"""Changing what goes with a course, one row at a time: a term, a fact that ages, a misconception, a guide for trainers.

Each save is checked by the rules of the files (``companions.row_problems``), against what somebody else saved meanwhile, and kept for
the history. Nothing reaches a learner before the course is published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import User
from audit import log
from linimasa import writing

from . import arranging, companions, editing, leaning, revising
from .models import Activity, ActivityKind, Aspect, Companions, Course, Revision

Row = dict[str, Any]
MOST_NAMED = 6


class CompanionError(ValueError):
    """This cannot be done; the message says why and what to do."""


class StaleRow(CompanionError):
    """Somebody else changed or took out this row meanwhile; ``stored`` is what it is now (None: gone)."""

    def __init__(self, stored: Row | None) -> None:
        super().__init__(
            "Orang lain mengubahnya sesudah Anda membuka halaman ini. Lihat «Yang tersimpan sekarang», lalu simpan lagi bila tulisan Anda "
            "yang benar."
            if stored
            else "Orang lain mengeluarkannya sesudah Anda membuka halaman ini. Salin tulisan Anda, lalu tambahkan sebagai yang baru."
        )
        self.stored = stored


def rows_of(course: Course, name: str) -> list[Row]:
    """Every row of ``name`` (a field of ``Companions``) in its order; a misconception as ``{tag, sentence}``. One statement."""
    return _rows(companions.of_course(course), name)


def row_of(course: Course, name: str, key: str) -> Row | None:
    """One row by its key."""
    return _found(rows_of(course, name), name, key)


def mark(row: Row | None) -> str:
    """The row as a short word that changes with it: what a page was opened with."""
    return hashlib.sha256(json.dumps(row, sort_keys=True).encode()).hexdigest()[:16] if row else ""


@transaction.atomic
def add(course: Course, name: str, row: Row, *, by: User) -> None:
    """A new row. Raises CompanionError for a key that the course has, for one too many, and for what the files' rules refuse."""
    course, kept = _locked(course)
    rows = _rows(kept, name)
    word, key, title = companions.IN_WORDS[name]
    if _found(rows, name, row[key]):
        raise CompanionError(f"{word} «{row[key]}» sudah ada pada kursus ini. Buka yang ada, atau pakai nama lain.")
    most = companions.MOST.get(f"{name}.yaml") or companions.MOST[name]
    if len(rows) >= most:
        raise CompanionError(f"Satu kursus memuat paling banyak {most} butir di sini. Keluarkan yang tidak dipakai lagi.")
    _check(course, name, row)
    revision = _write(course, kept, name, [*rows, row], by=by)
    log.record("companion.added", by=by, on=course, what=f"{word.lower()} «{row[title]}»", revision=revision.pk)


@transaction.atomic
def change(course: Course, name: str, row: Row, *, by: User, seen: str) -> bool:
    """Another text for the row with this key; whether anything differed. ``seen``: ``mark`` of the row when the page was opened.

    Raises StaleRow where it is another one now, and CompanionError for what the files' rules refuse.
    """
    course, kept = _locked(course)
    rows = _rows(kept, name)
    word, key, title = companions.IN_WORDS[name]
    stored = _found(rows, name, row[key])
    if stored == row:
        return False
    if stored is None or mark(stored) != seen:
        raise StaleRow(stored)
    _check(course, name, row)
    revision = _write(course, kept, name, [row if one is stored else one for one in rows], by=by)
    log.record("companion.changed", by=by, on=course, what=f"{word.lower()} «{row[title]}»", revision=revision.pk)
    return True


@transaction.atomic
def remove(course: Course, name: str, key: str, *, by: User) -> Row | None:
    """Take a row out of the draft; the row, None where it was gone already. Its history brings it back.

    Raises CompanionError where something that is written leans on it, saying what.
    """
    course, kept = _locked(course)
    rows = _rows(kept, name)
    word, _key, title = companions.IN_WORDS[name]
    stored = _found(rows, name, key)
    if stored is None:
        return None
    if used := leaning.uses(course, name).get(key):
        named = writing.listed([one.label for one in used[:MOST_NAMED]])
        more = f" dan {len(used) - MOST_NAMED} tempat lain" if len(used) > MOST_NAMED else ""
        raise CompanionError(f"{word} «{stored[title]}» masih dipakai di {named}{more}. Hapus dari sana dulu.")
    revision = _write(course, kept, name, [one for one in rows if one is not stored], by=by, apart=True)
    log.record("companion.removed", by=by, on=course, what=f"{word.lower()} «{stored[title]}»", revision=revision.pk)
    return stored


def _locked(course: Course) -> tuple[Course, Companions]:
    fresh = arranging.lock(course)
    return fresh, companions.of_course(fresh)


def _rows(kept: Companions, name: str) -> list[Row]:
    value = getattr(kept, name)
    return [{"tag": tag, "sentence": sentence} for tag, sentence in value.items()] if isinstance(value, Mapping) else list(value)


def _found(rows: list[Row], name: str, key: str) -> Row | None:
    word = companions.IN_WORDS[name][1]
    return next((row for row in rows if row[word] == key), None)


def _check(course: Course, name: str, row: Row) -> None:
    problems = companions.row_problems(name, row)
    if name == "facts" and (unknown := [code for code in row["lessons"] if code not in lesson_codes(course)]):
        problems.append(f"Pelajaran «{unknown[0]}» tidak ada pada kursus ini.")
    if problems:
        raise CompanionError(" ".join(problems))


def lesson_codes(course: Course) -> list[str]:
    """The codes of the course's lessons in their order."""
    rows = Activity.objects.filter(course=course, kind=ActivityKind.LESSON, archived_at__isnull=True)
    return list(rows.order_by("module__position", "position", "pk").values_list("code", flat=True))


def _write(course: Course, kept: Companions, name: str, rows: list[Row], *, by: User, apart: bool = False) -> Revision:
    before = {one: getattr(kept, one) for one in companions.IN_WORDS}
    if name in companions.ORDER:
        rows = sorted(rows, key=companions.ORDER[name])
    value: Any = {row["tag"]: row["sentence"] for row in rows} if name == "misconceptions" else rows
    Companions.objects.update_or_create(course=course, defaults={name: value})
    words: dict[str, Any] = {"aspect": Aspect.COMPANIONS, "by": by, "before": before, "apart": apart}
    revision = revising.keep(course, content={**before, name: value}, **words)
    editing.touch(course, by=by)
    return revision
