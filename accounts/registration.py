"""Coming in and being kept out: approved addresses, suspension, what an account starts with."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone

from audit import log

from . import granting
from .models import ApprovedDomain, Role, ScopeKind, User


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
    if User.objects.filter(pk=person.pk, erased_at__isnull=False).exists():
        raise RegistrationError("Data akun ini sudah dihapus atas permintaan pemiliknya, jadi tidak dapat dipulihkan.")
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


@transaction.atomic
def reset_second_factor(person: User, *, by: User, reason: str) -> User:
    """Remove every factor of someone who lost them, and end the sessions: the next sign-in sets up a new one.

    Raises RegistrationError when there is none, or for oneself (who can prove a factor removes it alone).
    """
    if by.pk == person.pk:
        raise RegistrationError("Faktor kedua sendiri diatur di halaman keamanan akun.")
    removed, _ = Authenticator.objects.filter(user=person).delete()
    if not removed:
        raise RegistrationError("Akun ini belum memasang faktor kedua.")
    end_sessions(person)
    log.record("person.second_factor_removed", by=by, on=person, reason=reason[:300])
    return person


@transaction.atomic
def create_admin(email: str, *, password: str, name: str = "") -> User:
    """The first admin, with a verified address, from the shell. The second factor is set up at the first sign-in.

    Raises ValidationError (address or password) or RegistrationError (the address has an account) with a sentence.
    """
    email = email.strip().lower()
    validate_email(email)
    if User.objects.filter(email=email).exists() or EmailAddress.objects.filter(email=email).exists():
        raise RegistrationError("Surel ini sudah punya akun. Beri perannya di halaman Pengguna.")
    validate_password(password, User(email=email, name=name))
    admin = User.objects.create_user(email, password, name=name.strip())
    EmailAddress.objects.create(user=admin, email=email, verified=True, primary=True)
    log.record("person.created", by=None, on=admin)
    granting.grant(admin, Role.ADMIN, scope_kind=ScopeKind.EVERYTHING, by=None, reason="Dibuat dari shell.")
    return admin
