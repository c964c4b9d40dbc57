"""The one way to write the audit trail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models

from linimasa.prepared import add

from .models import Entry


def record(action: str, *, by: Any | None, on: models.Model, **details: Any) -> Entry:
    """Write one entry, in the caller's transaction. ``by`` is a user or None for the system; ``action`` is ``thing.verb``."""
    entry = Entry(action=action, actor=by, object_type=on._meta.label_lower, object_id=str(on.pk), details=details)
    add(entry)
    return entry


def record_many(action: str, *, by: Any | None, on: Iterable[tuple[models.Model, Mapping[str, Any]]]) -> None:
    """The same entry for many rows at once, each with its own details, in the caller's transaction."""
    rows = [
        Entry(action=action, actor=by, object_type=one._meta.label_lower, object_id=str(one.pk), details=dict(details))
        for one, details in on
    ]
    Entry.objects.bulk_create(rows, batch_size=500)
