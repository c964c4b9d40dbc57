"""Where a person can be reached: an address that a mail server refuses for good is marked until it changes or an admin clears it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from audit import log

from .models import User


class ContactingError(Exception):
    """The mark cannot be taken away; the message is a sentence."""


@transaction.atomic
def mark_refused(person: User, address: str, *, at: datetime) -> bool:
    """Note that mail to this address of this person is refused for good. Whether that is news: once an address, however often it is said.

    Nothing for an address that is no longer the person's own.
    """
    address = address.lower()
    fresh = User.objects.filter(pk=person.pk, email=address).exclude(refused_address=address)
    if not fresh.update(refused_address=address, refused_at=at):
        return False
    person.refused_address, person.refused_at = address, at
    log.record("person.address_refused", by=None, on=person)
    return True


@transaction.atomic
def clear_refused(person: User, *, by: User) -> User:
    """The address works again, says an admin: mail goes there from now on. Raises ContactingError when nothing is marked."""
    marked = User.objects.filter(pk=person.pk, refused_address=F("email")).exclude(refused_address="")
    if not marked.update(refused_address="", refused_at=None):
        raise ContactingError("Surel akun ini tidak sedang ditandai.")
    person.refused_address, person.refused_at = "", None
    log.record("person.address_cleared", by=by, on=person)
    return person
