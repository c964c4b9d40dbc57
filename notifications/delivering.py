"""From queued to settled: claim the row, send, say what became of it.

Exactly once over SMTP is impossible when the server accepts and then drops the line. So what must arrive (codes, resets, certificates)
is sent again with the same Message-ID until it is accepted: at least once. Reminders are sent at most once, and an interrupted one says
``unknown``.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User

from . import bouncing, budget, channels, kinds, wording
from .channels.transport import NotAccepted, OutcomeUnknown, Transport
from .daytime import may_begin, next_daytime
from .models import Message, MessageStatus, Preference

logger = structlog.get_logger(__name__)

LONGEST_DELIVERY = 90  # seconds after which the worker itself stops a delivery
SWEEP_SECONDS = 25.0
LONGEST_SWEEP = 120
ABANDONED_AFTER = timedelta(seconds=180)  # nobody can still be sending: longer than any delivery and any sweep
BATCH = 500
RETRY_AFTER = (15, 60, 300, 900, 3_600, 10_800, 21_600)  # seconds after the first, second … refusal for now
MOST_TRIES = len(RETRY_AFTER) + 1
UNREACHABLE_WAIT = timedelta(seconds=60)


@dataclass(frozen=True)
class Never:
    """The reminder will not be sent; why, for the ledger."""

    note: str


@dataclass(frozen=True)
class Later:
    """The reminder waits until then; why, for the ledger."""

    due_at: datetime
    note: str


def claim(message_id: int) -> Message | None:
    """Take one message to send it: queued, due and, for a reminder, allowed now. None if it is gone, settled, taken or not to be sent.

    Of any number of parallel calls one gets the row (the UPDATE carries the old status). A reminder locks its recipient's preference
    row first, so that two reminders to one person never both take the last place of the week.
    """
    with transaction.atomic():
        message = _waiting(message_id)
        if message is None:
            return None
        if bouncing.held_back(message):
            _put_aside(message, Never(bouncing.REFUSED_BEFORE))
            return None
        changes: dict[str, Any] = {}
        now = timezone.now()
        if message.is_reminder:
            preference = _lock_person(message)
            message = _waiting(message_id)  # what was read before the lock may be old
            if message is None:
                return None
            now = timezone.now()
            decision = _objection(message, preference, now)
            if decision is not None:
                _put_aside(message, decision)
                return None
            changes = _as_sent(message.recipient, preference)  # type: ignore[arg-type]  # neither is None without an objection
        changes |= {"status": MessageStatus.SENDING, "claimed_at": now, "note": ""}
        taken = Message.objects.filter(pk=message_id, status=MessageStatus.QUEUED).update(tries=F("tries") + 1, **changes)
        if not taken:
            return None
    for name, value in changes.items():
        setattr(message, name, value)
    message.tries += 1
    return message


def _as_sent(person: User, preference: Preference) -> dict[str, Any]:
    """The rules a reminder left under, kept with it: the person may change them later."""
    return {"zone": person.time_zone, "budget": preference.weekly_budget, "address": person.email}


def _waiting(message_id: int) -> Message | None:
    return Message.objects.waiting(timezone.now()).select_related("recipient").filter(pk=message_id).first()


def _lock_person(message: Message) -> Preference | None:
    if message.recipient_id is None:
        return None
    Preference.objects.get_or_create(person_id=message.recipient_id)
    return Preference.objects.select_for_update().get(person_id=message.recipient_id)


def _objection(message: Message, preference: Preference | None, now: datetime) -> Never | Later | None:
    """Why this reminder may not leave now, if so. One function for every rule of promise 10."""
    person = message.recipient
    if person is None or preference is None or not person.is_active or person.suspended_at is not None:
        return Never("Akun penerima tidak aktif.")
    if message.kind in preference.muted_kinds:
        return Never("Penerima mematikan pengingat ini.")
    if preference.weekly_budget == 0:
        return Never("Penerima tidak menghendaki pengingat.")
    kind = kinds.get(message.kind)
    if kind.still_due is not None and not kind.still_due(message):
        return Never("Sudah tidak perlu: keadaan berubah sebelum dikirim.")
    if not may_begin(now, person.time_zone):
        return Later(next_daytime(now, person.time_zone), "Menunggu pukul 08.00 waktu penerima.")
    free_at = budget.free_at(person.pk, preference.weekly_budget, now)
    if free_at > now:
        return Later(next_daytime(free_at, person.time_zone), "Ditunda: jatah pengingat pekan ini sudah terpakai.")
    return None


def _put_aside(message: Message, decision: Never | Later) -> None:
    waiting = Message.objects.filter(pk=message.pk, status=MessageStatus.QUEUED)
    if isinstance(decision, Never):
        waiting.update(status=MessageStatus.CANCELLED, note=decision.note)
    else:
        waiting.update(due_at=decision.due_at, note=decision.note)


def deliver(message_id: int, way: Transport | None = None) -> str | None:
    """Claim, send and settle one message. The status it ended in, "unreachable" when the mail server was away, None if not claimed.

    Never raises because of the message: a broken one is settled as FAILED with a note.
    """
    try:
        message = claim(message_id)
    except (LookupError, ValueError, TypeError, AttributeError) as error:
        return _broken(message_id, error)
    if message is None:
        return None
    try:
        subject, body = wording.text_of(message)
        letter = wording.letter_of(message, subject, body)
    except Exception as error:  # whatever a template or a kind's facts throw
        logger.error("message.not_written", message=message.pk, error=type(error).__name__)
        return _settle(message, MessageStatus.FAILED, note=f"Isi surel tidak dapat disusun ({type(error).__name__}).")
    own = way or channels.transport()
    try:
        own.send(letter)
    except NotAccepted as error:
        return _not_accepted(message, error)
    except OutcomeUnknown as error:
        return _outcome_unknown(message, error.note)
    except (ValueError, UnicodeError) as error:  # an address or subject that no mail can carry: refused before anything was sent
        return _settle(message, MessageStatus.FAILED, note=f"Surel tidak dapat disusun ({type(error).__name__}).")
    finally:
        if way is None:
            own.close()
    kept = "" if kinds.is_secret(message.kind) else body
    return _settle(message, MessageStatus.SENT, sent_at=timezone.now(), subject=subject, body=kept)


def _broken(message_id: int, error: Exception) -> str:
    logger.error("message.not_claimed", message=message_id, error=type(error).__name__)
    Message.objects.filter(pk=message_id, status=MessageStatus.QUEUED).update(
        status=MessageStatus.FAILED, note=f"Pemberitahuan ini rusak ({type(error).__name__})."
    )
    return MessageStatus.FAILED


def _settle(message: Message, status: str, **changes: Any) -> str | None:
    """Move our own claim on. None when the sweeper took it away meanwhile: then its word stands."""
    if status == MessageStatus.FAILED and kinds.is_secret(message.kind):
        changes["body"] = ""
    changes["note"] = str(changes.get("note", ""))[:300]
    ours = Message.objects.filter(pk=message.pk, status=MessageStatus.SENDING, claimed_at=message.claimed_at)
    return status if ours.update(status=status, **changes) else None


def _not_accepted(message: Message, refusal: NotAccepted) -> str | None:
    """A refusal for good stops; one for now waits longer each time; a server that is away costs no try."""
    if refusal.permanent or (refusal.reachable and message.tries >= MOST_TRIES):
        with transaction.atomic():
            settled = _settle(message, MessageStatus.FAILED, note=refusal.note)
            if settled and refusal.address:
                bouncing.note_refusal(message)
        return settled
    wait = UNREACHABLE_WAIT
    changes: dict[str, Any] = {"note": refusal.note}
    if refusal.reachable:
        wait = timedelta(seconds=RETRY_AFTER[min(message.tries, len(RETRY_AFTER)) - 1])
    else:
        changes["tries"] = F("tries") - 1
    due_at = timezone.now() + wait
    if message.is_reminder:
        due_at = next_daytime(due_at, message.zone)
    _settle(message, MessageStatus.QUEUED, due_at=due_at, **changes)
    return MessageStatus.QUEUED if refusal.reachable else "unreachable"


def _outcome_unknown(message: Message, note: str) -> str | None:
    """At most once for reminders; everything else again, with the same Message-ID."""
    if message.is_reminder:
        return _settle(message, MessageStatus.UNKNOWN, note=note)
    return _not_accepted(message, NotAccepted(note, permanent=False))


def settle_abandoned(now: datetime | None = None) -> int:
    """What a worker that died left as SENDING: reminders become ``unknown``, everything else is sent again. How many rows."""
    before = (now or timezone.now()) - ABANDONED_AFTER
    left = Message.objects.filter(status=MessageStatus.SENDING, claimed_at__lt=before)
    ids = list(left.order_by("claimed_at").values_list("pk", flat=True)[:BATCH])
    if not ids:
        return 0
    ours = left.filter(pk__in=ids)
    note = "Terputus saat dikirim: mungkin sampai, mungkin tidak. Tidak dikirim lagi."
    settled = ours.filter(is_reminder=True).update(status=MessageStatus.UNKNOWN, note=note)
    settled += ours.filter(is_reminder=False, tries__gte=MOST_TRIES).update(
        status=MessageStatus.FAILED, note="Pengiriman terputus berkali-kali.", body=""
    )
    return settled + ours.filter(is_reminder=False).update(status=MessageStatus.QUEUED, note="Terputus saat dikirim; dikirim ulang.")


def deliver_waiting(seconds: float = SWEEP_SECONDS) -> int:
    """Send what is due over one connection: codes and certificates before reminders, oldest first, for at most that long. How many.

    A message that fails moves out of the way (later or FAILED), so it never holds up the next; only a mail server that is away ends
    the round.
    """
    until = time.monotonic() + seconds
    waiting = Message.objects.waiting(timezone.now()).order_by("is_reminder", "due_at", "pk")
    way, settled = channels.transport(), 0
    try:
        for message_id in list(waiting.values_list("pk", flat=True)[:BATCH]):
            if time.monotonic() > until:
                break
            outcome = deliver(message_id, way)
            if outcome == "unreachable":
                break
            settled += outcome is not None
    finally:
        way.close()
    return settled
