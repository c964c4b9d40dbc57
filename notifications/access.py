"""The only way to messages: one's own, the admin's ledger, and the demo's mailbox (in the demo only)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from .models import DemoMail, Message, MessageStatus


def inbox_of(user: Any) -> QuerySet[Message]:
    """What reached this person, or may have, newest first."""
    return Message.objects.told_to(user).order_by("-claimed_at", "-pk")


def ledger(*, words: str = "", status: str = "", kind: str = "") -> QuerySet[Message]:
    """The admin's ledger, newest due time first: reminders, unless ``kind`` names another kind or is "semua". Never the text."""
    rows = Message.objects.select_related("recipient").defer("body").order_by("-due_at", "-pk")
    if not kind:
        rows = rows.filter(is_reminder=True)
    elif kind != "semua":
        rows = rows.filter(kind=kind)
    if status:
        rows = rows.filter(status=status)
    if words:
        rows = rows.filter(Q(recipient__name__icontains=words) | Q(address__icontains=words))
    return rows


def counts_by_status(rows: QuerySet[Message]) -> dict[str, int]:
    """How many rows in each status (every status has a number). One statement."""
    found = dict(rows.order_by().values_list("status").annotate(number=Count("pk")))
    return {status: found.get(status, 0) for status in MessageStatus.values}


def demo_mails() -> QuerySet[DemoMail]:
    """The demo's delivered mail; 404 in production."""
    if settings.PRODUCTION:
        raise Http404
    return DemoMail.objects.all()


def demo_mail(mail_id: int) -> DemoMail:
    """One mail of the demo; otherwise 404."""
    return get_object_or_404(demo_mails(), pk=mail_id)
