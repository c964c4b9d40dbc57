"""Messages for tests: a kind of each sort, and rows in any state."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from notifications import kinds
from notifications.kinds import Kind
from notifications.models import Message, MessageStatus

_numbers = itertools.count(1)


def still_due(message: Message) -> bool:
    """A test's reminder is due until its context says it is done."""
    return not message.context.get("done")


REMINDER = Kind("test_reminder", "messages/test_note", "Pengingat uji", is_reminder=True, still_due=still_due, why="Ini sebuah uji.")
NOTICE = Kind("test_notice", "messages/test_note", "Kabar uji")


def register_kinds() -> None:
    """Two kinds whose template is ``tests/templates``' ``messages/test_note.txt``."""
    kinds.register(REMINDER)
    kinds.register(NOTICE)


def make_message(
    to: User, *, kind: Kind = NOTICE, status: str = MessageStatus.QUEUED, at: datetime | None = None, **fields: Any
) -> Message:
    """A row in the ledger; ``at`` is when it is due and, in a later state, when it was claimed and sent."""
    at = at or timezone.now() - timedelta(seconds=1)
    fields.setdefault("dedupe_key", f"test:{next(_numbers)}")
    if status != MessageStatus.QUEUED:
        fields.setdefault("claimed_at", at)
        fields.setdefault("tries", 1)
    if status == MessageStatus.SENT:
        fields.setdefault("sent_at", at)
    if kind.is_reminder and status in {MessageStatus.SENT, MessageStatus.UNKNOWN, MessageStatus.SENDING}:
        fields.setdefault("zone", to.time_zone)
        fields.setdefault("budget", 3)
    return Message.objects.create(
        kind=kind.name, recipient=to, address=to.email, is_reminder=kind.is_reminder, status=status, due_at=at, **fields
    )
