"""An import in three steps: read and shown, then applied once and whole (or dropped), then for a day taken back."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from audit import log
from courses import media
from courses.models import Activity, Course, Module

from .. import loading, picturing
from ..bank import categories, editing
from ..kinds import registry
from ..models import Category, ImportBatch, ImportStatus, QuestionKind
from . import checking, reading
from .rows import ExchangeError, Row

UNDO_HOURS = 24
Entry = dict[str, Any]


@dataclass(frozen=True)
class Applied:
    """What an import did: codes of the new questions, how many were there already, how many were left out."""

    codes: list[str]
    already: int
    left_out: int
    again: bool = False  # it had been applied before; nothing was done now


def preview(
    course: Course,
    *,
    module: Module | None,
    category: Category | None,
    data: bytes,
    file_name: str,
    format: str,
    by: User | None,
    own_categories: bool = True,
    category_path: str = "",
) -> ImportBatch:
    """Read the file and keep every row with its result; the bank stays as it is. Raises ExchangeError when it cannot be read at all.

    Questions go to the category that the file names (with ``own_categories``), else to ``category_path`` or ``category``.
    """
    rows = reading.read(format, data)
    already = checking.check(rows, checking.Bank.of(course), by_hand=format in reading.TABLES)
    target = category_path or (categories.path_of(category, categories.tree(course)) if category else "")
    entries = [_entry(row, already.get(place, ""), target, own_categories=own_categories) for place, row in enumerate(rows)]
    return ImportBatch.objects.create(
        course=course,
        module=module,
        category=category,
        by=by,
        format=format,
        file_name=(file_name.replace("\\", "/").rsplit("/", 1)[-1] or "berkas")[-120:],
        sha256=hashlib.sha256(data).hexdigest(),
        rows=entries,
    )


def _entry(row: Row, already: str, target: str, *, own_categories: bool) -> Entry:
    question = dict(row.question)
    own = question.pop("category", "")
    entry: Entry = {"where": row.where, "title": row.title, "kind": row.kind, "problems": row.problems, "notes": row.notes}
    entry |= {"question": question, "already": already, "category": own if own and own_categories else target}
    if row.images and not row.problems and not already:
        entry["images"] = {name: base64.b64encode(content).decode() for name, content in row.images.items()}
    return entry


def counts(batch: ImportBatch) -> dict[str, int]:
    """How many rows there are, enter, are there already, and cannot enter."""
    bad = sum(bool(one["problems"]) for one in batch.rows)
    already = sum(bool(one.get("already")) and not one["problems"] for one in batch.rows)
    return {"all": len(batch.rows), "new": len(batch.rows) - bad - already, "already": already, "bad": bad}


def apply_problems(batch: ImportBatch, *, skip_bad: bool) -> list[str]:
    """Why this import cannot be applied, in sentences; empty when it can."""
    if batch.status == ImportStatus.DROPPED:
        return ["Impor ini sudah dibatalkan. Unggah berkasnya sekali lagi."]
    count = counts(batch)
    if count["bad"] and not skip_bad:
        return [f"{count['bad']} soal bermasalah, jadi belum ada yang masuk. Perbaiki berkasnya, atau pilih meninggalkan yang bermasalah."]
    if batch.module is not None and batch.module.archived_at is not None:
        return [f"Modul {batch.module.code} sudah diarsipkan. Pilih modul lain."]
    return []


@transaction.atomic
def apply(batch: ImportBatch, *, by: User | None, skip_bad: bool = False) -> Applied:
    """Bring the good rows into the draft bank, all or none, once: applied again nothing happens. Raises ExchangeError."""
    if problems := apply_problems(batch, skip_bad=skip_bad):
        raise ExchangeError(" ".join(problems))
    changed = ImportBatch.objects.filter(pk=batch.pk, status=ImportStatus.PREVIEWED).update(
        status=ImportStatus.APPLIED, applied_at=timezone.now()
    )
    batch.refresh_from_db()
    if not changed:
        if batch.status == ImportStatus.DROPPED:
            raise ExchangeError("Impor ini sudah dibatalkan. Unggah berkasnya sekali lagi.")
        return _done(batch, again=True)
    _take(batch, by)
    batch.save(update_fields=["rows"])
    done = _done(batch)
    log.record(
        "questions.imported",
        by=by,
        on=batch,
        count=len(done.codes),
        left_out=done.left_out,
        file=batch.file_name,
        format=batch.format,
        sha256=batch.sha256,
    )
    return done


def _done(batch: ImportBatch, *, again: bool = False) -> Applied:
    codes = [one["taken"] for one in batch.rows if one.get("taken")]
    count = counts(batch)
    return Applied(codes, len(batch.rows) - len(codes) - count["bad"], count["bad"], again)


def _take(batch: ImportBatch, by: User | None) -> None:
    """Every good row becomes a question, unless the same has come into the bank since. A few statements for any number of rows."""
    bank, paths = checking.Bank.of(batch.course), dict[str, Category]()
    lessons = Activity.objects.in_bulk(bank.lessons.values())
    taken: list[Entry] = []
    drafts: list[editing.Draft] = []
    for entry in batch.rows:
        if entry["problems"]:
            continue
        key = checking.key_of(entry["question"]["kind"], entry["question"])
        if key in bank.known:
            entry["already"] = entry.get("already") or f"soal {bank.known[key]}"
            entry.pop("images", None)
            continue
        bank.known[key] = entry["where"]
        drafts.append(_draft(batch, entry, bank, lessons, paths, by))
        taken.append(entry)
    try:
        made = editing.create_many(batch.course, batch.module, drafts, by=by)
    except editing.EditingError as error:
        raise ExchangeError(str(error)) from None
    for entry, question in zip(taken, made, strict=True):
        entry["taken"] = question.code


def _draft(
    batch: ImportBatch,
    entry: Entry,
    bank: checking.Bank,
    lessons: Mapping[int, Activity],
    paths: dict[str, Category],
    by: User | None,
) -> editing.Draft:
    """What a row becomes; its picture is put into the course's library, its category is found or made."""
    question = entry["question"]
    kind = question["kind"]
    content = loading.in_order(question, registry[kind].keys)
    lesson = bank.lessons.get(question.get("lesson", ""))
    facts = {
        "level": question["level"],
        "lesson": lessons[lesson] if lesson else None,
        "objective": question.get("objective") if lesson else None,
        "category": _category(batch, entry.get("category", ""), paths, by),
        "tags": question.get("tags", []),
    }
    try:
        if kind == QuestionKind.HOTSPOT:
            content = picturing.completed(batch.course, kind, _with_picture(batch, content, entry.pop("images", {}), by))
    except (picturing.PictureError, media.MediaError) as error:
        raise ExchangeError(f"{entry['where']}: {error}") from None
    return editing.Draft(kind, content, facts, question.get("code", ""), entry["where"])


def _with_picture(batch: ImportBatch, content: Entry, images: Mapping[str, str], by: User | None) -> Entry:
    """The content with the packed picture in the course's library, under the name that it has there."""
    picture = content["picture"]
    if picture["file"] not in images:
        return content
    upload = checking.uploaded(picture["file"], base64.b64decode(images[picture["file"]]))
    kept = media.add_image(batch.course, upload, alternative_text=picture["alt"], by=by)
    return {**content, "picture": {"file": kept.name, "alt": picture["alt"]}}


def _category(batch: ImportBatch, path: str, paths: dict[str, Category], by: User | None) -> Category | None:
    if not path:
        return batch.category
    if path not in paths:
        try:
            paths[path] = categories.find_or_make(batch.course, path, by=by)
        except categories.CategoryError as error:
            raise ExchangeError(str(error)) from None
    return paths[path]


@transaction.atomic
def drop(batch: ImportBatch, *, by: User | None) -> bool:
    """The preview is not wanted. Whether anything changed; applied imports stay applied."""
    changed = ImportBatch.objects.filter(pk=batch.pk, status=ImportStatus.PREVIEWED).update(status=ImportStatus.DROPPED)
    if changed:
        log.record("questions.import_dropped", by=by, on=batch, file=batch.file_name)
    return bool(changed)


def may_undo(batch: ImportBatch) -> bool:
    """Whether the import is young enough to be taken back."""
    return (
        batch.status == ImportStatus.APPLIED
        and batch.applied_at is not None
        and timezone.now() - batch.applied_at < timedelta(hours=UNDO_HOURS)
    )


@transaction.atomic
def undo(batch: ImportBatch, *, by: User | None) -> int:
    """Take an import back within a day: its questions leave the bank (attempts that ask them keep them). How many left.
    Raises ExchangeError when it is too late, or when a quiz names one of them."""
    since = timezone.now() - timedelta(hours=UNDO_HOURS)
    rows = ImportBatch.objects.filter(pk=batch.pk, status=ImportStatus.APPLIED, applied_at__gt=since)
    if not rows.update(status=ImportStatus.DROPPED):
        raise ExchangeError(f"Impor hanya dapat ditarik dalam {UNDO_HOURS} jam sesudah masuk, satu kali.")
    codes = [one["taken"] for one in batch.rows if one.get("taken")]
    try:
        gone = editing.retire_many(batch.course, codes, by=by)
    except editing.EditingError as error:
        raise ExchangeError(str(error)) from None
    log.record("questions.import_undone", by=by, on=batch, count=gone, file=batch.file_name)
    return gone
