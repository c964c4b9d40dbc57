"""How many reminders a person gets in a rolling week (promise 10)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce

from .models import Message, MessageStatus

WEEK = timedelta(days=7)
# An interrupted reminder may have arrived a little after it was claimed.
UNSURE = timedelta(minutes=5)


def spent(person_id: int, now: datetime) -> list[datetime]:
    """When the reminders that count now were (or may have been) sent: in the last seven days, newest first."""
    counted = Q(status=MessageStatus.SENT, sent_at__gt=now - WEEK) | Q(
        status__in=[MessageStatus.SENDING, MessageStatus.UNKNOWN], claimed_at__gt=now - WEEK - UNSURE
    )
    rows = Message.objects.filter(counted, recipient_id=person_id, is_reminder=True)
    return list(rows.annotate(at=Coalesce("sent_at", "claimed_at")).order_by("-at").values_list("at", flat=True)[:50])


def free_at(person_id: int, weekly: int, now: datetime) -> datetime:
    """When the person's budget has room again: ``now`` if it has, else when enough of the last week's reminders are seven days old.

    ``weekly`` is at least 1. Call it with the person's preference row locked.
    """
    moments = spent(person_id, now)
    if len(moments) < weekly:
        return now
    return moments[weekly - 1] + WEEK + UNSURE
