"""An address that is refused for good: marked, told once to the coordinators, and left in peace but for codes."""

from __future__ import annotations

import hashlib

from django.urls import reverse
from django.utils import timezone

from accounts import access, contacting
from accounts.models import Role, RoleGrant, User

from . import kinds, outbox
from .kinds import Kind
from .models import Message

ADDRESS_REFUSED = kinds.register(Kind("address_refused", "messages/address_refused", "Surel peserta ditolak"))
REFUSED_BEFORE = "Alamat ini ditolak server surel. Tidak dikirim sampai alamatnya diganti atau tandanya dicabut admin."


def held_back(message: Message) -> bool:
    """Whether this message goes to an address that was refused before. Codes and resets are tried all the same."""
    person = message.recipient
    if person is None or kinds.is_secret(message.kind):
        return False
    return person.address_refused and message.address.lower() == person.refused_address


def note_refusal(message: Message) -> None:
    """The server refused the message's address for good: mark it and tell the coordinators of the person's agency, once an address.

    Without a coordinator the admins are told. Nothing for an address that is nobody's, or not the person's own any more.
    """
    person = message.recipient
    if person is None or not contacting.mark_refused(person, message.address, at=timezone.now()):
        return
    digest = hashlib.sha256(f"{person.pk}:{message.address}".encode()).hexdigest()[:16]
    context = {
        "person_name": person.full_name or f"Pengguna {person.pk}",
        "agency": person.agency.name if person.agency else "",
        "path": reverse("accounts:agency_people"),
    }
    for one in _to_tell(person):
        outbox.enqueue(ADDRESS_REFUSED.name, to=one, dedupe_key=f"address-refused:{digest}:{one.pk}", context=context)


def _to_tell(person: User) -> list[User]:
    grants = RoleGrant.objects.in_force()
    for reached in (grants.filter(access.grants_reaching(person.agency), role=Role.COORDINATOR), grants.filter(role=Role.ADMIN)):
        found = list(User.objects.filter(grants__in=reached).exclude(pk=person.pk).distinct())
        if found:
            return found
    return []
