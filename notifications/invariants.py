"""Promise 10, as far as the ledger's rows show it."""

from __future__ import annotations

from datetime import datetime

from django.db.models import F, Q

from linimasa.invariants import invariant

from .budget import WEEK
from .daytime import is_daytime
from .models import Message, MessageStatus

BATCH = 1000


@invariant(10, "Pengingat hanya terkirim pukul 08.00–18.00 di zona penerima.")
def reminders_by_day() -> list[str]:
    rows = Message.objects.filter(is_reminder=True, status=MessageStatus.SENT).only("pk", "sent_at", "zone")
    late = (row for row in rows.iterator(BATCH) if row.sent_at and not is_daytime(row.sent_at, row.zone))
    return [f"Message {row.pk}: sent at {row.sent_at:%H:%M} UTC in {row.zone}." for row in late]


@invariant(10, "Tidak lebih banyak pengingat dalam tujuh hari daripada jatah penerima saat itu.")
def reminders_within_budget() -> list[str]:
    rows = Message.objects.filter(is_reminder=True, status=MessageStatus.SENT).order_by("recipient_id", "sent_at", "pk")
    broken: list[str] = []
    person: int | None = None
    week: list[datetime] = []
    for row in rows.only("pk", "recipient_id", "sent_at", "budget").iterator(BATCH):
        if row.recipient_id != person:
            person, week = row.recipient_id, []
        week = [moment for moment in week if moment > row.sent_at - WEEK] + [row.sent_at]  # type: ignore[operator,list-item]
        if row.budget is None or len(week) > row.budget:
            broken.append(f"Message {row.pk}: number {len(week)} in seven days, budget {row.budget}.")
    return broken


@invariant(10, "Tidak ada pengingat kepada orang yang sedang ditangguhkan.")
def no_reminder_to_suspended_people() -> list[str]:
    rows = Message.objects.filter(is_reminder=True, status=MessageStatus.SENT, claimed_at__gt=F("recipient__suspended_at"))
    return [f"Message {pk}: left after its recipient was suspended." for pk in rows.values_list("pk", flat=True)]


@invariant(10, "Isi surel yang memuat kode tidak disimpan setelah terkirim.")
def secrets_are_wiped() -> list[str]:
    rows = Message.objects.filter(Q(status=MessageStatus.SENT) | Q(status=MessageStatus.FAILED), kind="account_mail").exclude(body="")
    return [f"Message {pk}: keeps the text of an account mail." for pk in rows.values_list("pk", flat=True)]
