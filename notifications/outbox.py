"""Telling people, from inside a verb: the message commits together with the act that it tells about.

The row is the promise; the hint to the broker only makes it leave sooner, and ``tasks.deliver_waiting`` sends whatever was not hinted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from linimasa.work import hint

from . import kinds, tasks
from .models import Message

BATCH = 500


@dataclass(frozen=True)
class Draft:
    """What ``enqueue_many`` is to tell. ``context`` holds JSON values only."""

    kind: str
    to: User
    dedupe_key: str
    due_at: datetime
    context: dict[str, Any] = field(default_factory=dict)


@transaction.atomic
def enqueue(kind: str, *, to: User, dedupe_key: str, context: dict[str, Any] | None = None, due_at: datetime | None = None) -> Message:
    """Tell ``to`` about one occasion, once, in the caller's transaction: the same ``dedupe_key`` again gives the message that exists.

    ``context`` holds JSON values for the template (ids, titles, paths; a moment as ISO text). The text is made when the message leaves,
    in the recipient's zone. ``due_at``: not before then (now by default). Raises ``kinds.UnknownKind`` for an unregistered kind.
    """
    draft = Draft(kind, to, dedupe_key, due_at or timezone.now(), context or {})
    message, made = Message.objects.get_or_create(dedupe_key=dedupe_key, defaults=_columns(draft))
    if made and message.due_at <= timezone.now():
        hint(tasks.deliver, message.pk)
    return message


def enqueue_many(drafts: Iterable[Draft]) -> int:
    """``enqueue`` for thousands: two statements a batch of 500, each batch committed on its own. How many were new.

    Occasions that were told before (or are being told by a second planner at this moment) are left alone.
    """
    wanted = {draft.dedupe_key: draft for draft in drafts}
    keys, made = list(wanted), 0
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        known = set(Message.objects.filter(dedupe_key__in=batch).values_list("dedupe_key", flat=True))
        fresh = [Message(dedupe_key=key, **_columns(wanted[key])) for key in batch if key not in known]
        Message.objects.bulk_create(fresh, ignore_conflicts=True)
        made += len(fresh)
    return made


def _columns(draft: Draft) -> dict[str, Any]:
    kind = kinds.get(draft.kind)
    return {
        "kind": kind.name,
        "recipient": draft.to,
        "address": draft.to.email,
        "is_reminder": kind.is_reminder,
        "context": draft.context,
        "due_at": draft.due_at,
    }
