"""Coming in and being kept out: approved addresses, suspension, what an account starts with."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils import timezone

from audit import log

from . import granting
from .models import ApprovedDomain, User


class RegistrationError(Exception):
    """The act cannot be done; the message is a sentence."""


def verified_addresses(user: User) -> list[str]:
    """The person's verified addresses, lower case."""
    return [address.lower() for address in EmailAddress.objects.filter(user=user, verified=True).values_list("email", flat=True)]


def under_approved_domain(user: User) -> bool:
    """Whether a verified address of this person lies under an approved domain: that domain or a true subdomain of it.

    ``x@dinas.go.id`` lies under ``go.id``; ``x@palsugo.id`` and ``x@go.id.example`` do not.
    """
    parents: set[str] = set()
    for address in verified_addresses(user):
        labels = address.rpartition("@")[2].split(".")
        parents |= {".".join(labels[start:]) for start in range(len(labels))}
    return bool(parents) and ApprovedDomain.objects.filter(domain__in=parents).exists()


@transaction.atomic
def suspend(person: User, *, by: User, reason: str) -> User:
    """Keep this person out, at once: no sign-in, and every session ends. Raises RegistrationError with a sentence."""
    if by is not None and by.pk == person.pk:
        raise RegistrationError("Anda tidak bisa menangguhkan akun sendiri. Minta admin lain.")
    if granting.is_last_admin(person.pk):
        raise RegistrationError("Ini admin terakhir. Beri peran Admin kepada orang lain dulu.")
    if not User.objects.filter(pk=person.pk, is_active=True).update(is_active=False, suspended_at=timezone.now()):
        raise RegistrationError("Akun ini sudah ditangguhkan.")
    end_sessions(person)
    person.refresh_from_db()
    log.record("person.suspended", by=by, on=person, reason=reason[:300])
    return person


@transaction.atomic
def restore(person: User, *, by: User, reason: str = "") -> User:
    """Let a suspended person in again. Raises RegistrationError with a sentence (also when the NIP is used by another now)."""
    if person.nip and User.objects.filter(nip=person.nip, is_active=True).exclude(pk=person.pk).exists():
        raise RegistrationError("NIP akun ini sekarang dipakai akun lain. Perbaiki NIP itu dulu.")
    if not User.objects.filter(pk=person.pk, is_active=False).update(is_active=True, suspended_at=None):
        raise RegistrationError("Akun ini tidak sedang ditangguhkan.")
    person.refresh_from_db()
    log.record("person.restored", by=by, on=person, reason=reason[:300])
    return person


def end_sessions(person: User) -> None:
    """End every known session of this person."""
    known = UserSession.objects.filter(user=person)
    Session.objects.filter(session_key__in=list(known.values_list("session_key", flat=True))).delete()
    known.delete()
