"""Reading the trail: filters, names of things, and the export."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db.models import Q, QuerySet
from django.utils import timezone

from linimasa import clock, spreadsheets

from . import sentences
from .models import Entry

BATCH = 500
MOST_EXPORTED = 50_000
COLUMNS = ("Waktu (WIB)", "Pelaku", "Surel pelaku", "Perbuatan", "Kode perbuatan", "Benda", "Nomor benda", "Alasan")


@dataclass(frozen=True)
class Line:
    """One entry as people read it."""

    entry: Entry
    actor: str
    sentence: str
    thing: str
    reason: str


def entries(
    *, actor: str = "", action: str = "", object_type: str = "", object_id: str = "", since: date | None = None, until: date | None = None
) -> QuerySet[Entry]:
    """The trail, newest first. ``actor`` is part of a name or address, or "sistem"; both days count, in the active zone."""
    rows = Entry.objects.select_related("actor")
    if actor.casefold() == "sistem":
        rows = rows.filter(actor__isnull=True)
    elif actor:
        rows = rows.filter(Q(actor__name__icontains=actor) | Q(actor__email__icontains=actor))
    exact = {"action": action, "object_type": object_type, "object_id": object_id}
    rows = rows.filter(**{field: value for field, value in exact.items() if value})
    if since:
        rows = rows.filter(at__gte=_start_of(since))
    if until:
        rows = rows.filter(at__lt=_start_of(until + timedelta(days=1)))
    return rows


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def lines(rows: Iterable[Entry]) -> list[Line]:
    """The entries in words. One statement for each type of thing among them, however many there are."""
    found = list(rows)
    names = names_of(found)
    return [_line(entry, names) for entry in found]


def _line(entry: Entry, names: dict[tuple[str, str], str]) -> Line:
    thing = sentences.thing_of(entry.object_type)
    name = names.get((entry.object_type, entry.object_id)) or f"{thing} {entry.object_id}"
    actor = (entry.actor.full_name or entry.actor.email) if entry.actor else "Sistem"
    sentence = sentences.sentence_of(entry.action, object_type=entry.object_type, name=name, details=entry.details)
    return Line(entry, actor, sentence, thing, sentences.reason_of(entry.details))


# Things whose name is a fact of their own row; everything else is told by its kind and number.
NAMED = {
    "accounts.user": "email",
    "accounts.agency": "name",
    "certificates.certificate": "number",
    "cohorts.cohort": "name",
    "courses.activity": "title",
    "courses.course": "title",
    "courses.module": "title",
    "courses.channel": "name",
    "courses.media": "original_name",
}


def names_of(found: Iterable[Entry]) -> dict[tuple[str, str], str]:
    """The names of the things that still exist, by type and id."""
    wanted: dict[str, set[str]] = {}
    for entry in found:
        if entry.object_type in NAMED and entry.object_id.isdecimal():
            wanted.setdefault(entry.object_type, set()).add(entry.object_id)
    names: dict[tuple[str, str], str] = {}
    for object_type, ids in wanted.items():
        for pk, name in apps.get_model(object_type)._default_manager.filter(pk__in=ids).values_list("pk", NAMED[object_type]):
            names[object_type, str(pk)] = str(name)
    return names


def actions() -> list[tuple[str, str]]:
    """Every action with a sentence, for the filter."""
    return [(action, _plain(pattern)) for action, pattern in sorted(sentences.SENTENCES.items())]


def _plain(pattern: str) -> str:
    words = " ".join(word for word in pattern.replace(":", "").split() if not word.startswith("{"))
    return words[:1].upper() + words[1:]


def csv_lines(rows: QuerySet[Entry]) -> Iterator[str]:
    """The export, line by line, newest first; at most 50.000 entries, in batches, with a byte order mark for spreadsheets."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)

    def taken() -> str:
        text = buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()
        return text

    writer.writerow(COLUMNS)
    yield spreadsheets.BYTE_ORDER_MARK + taken()
    for start in range(0, MOST_EXPORTED, BATCH):
        batch = lines(rows[start : start + BATCH])
        for line in batch:
            entry = line.entry
            at = f"{clock.local(entry.at, 'Asia/Jakarta'):%Y-%m-%d %H:%M:%S}"
            address = entry.actor.email if entry.actor else ""
            cells = (at, line.actor, address, line.sentence, entry.action, line.thing, entry.object_id, line.reason)
            writer.writerow([spreadsheets.cell(value) for value in cells])
        yield taken()
        if len(batch) < BATCH:
            return
