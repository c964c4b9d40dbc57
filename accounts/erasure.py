"""Erasing a person: what says who they are goes, what the law keeps (marks, certificates) stays without it.

Certificates are snapshots with only what verification needs, so they go on verifying. Enrolments keep their agency for the counts.
"""

from __future__ import annotations

from collections.abc import Callable

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from audit import log
from linimasa.clock import DEFAULT_ZONE

from . import granting, registration, requesting
from .models import DataRequest, DataRequestKind, DataRequestState, RoleGrant, User

ERASED_NAME = "Akun terhapus"
Part = Callable[[User], None]
_parts: list[Part] = []


def register(part: Part) -> None:
    """Add what an app removes of a person, in the transaction of the erasure, while the address is still known. Once each."""
    if part not in _parts:
        _parts.append(part)


@transaction.atomic
def erase(person: User, *, by: User, reason: str) -> User:
    """Take everything personal away, end sessions and roles, remove the factors, and settle an open request. For good.

    Safe to repeat: an erased person stays as they are and nothing more is recorded. Raises RegistrationError for oneself and for the
    last admin.
    """
    if by.pk == person.pk:
        raise registration.RegistrationError("Anda tidak bisa menghapus data akun sendiri. Minta admin lain.")
    person = User.objects.select_for_update().get(pk=person.pk)
    if person.erased_at is not None:
        return person
    if granting.is_last_admin(person.pk):
        raise registration.RegistrationError("Ini admin terakhir. Beri peran Admin kepada orang lain dulu.")
    for grant in RoleGrant.objects.in_force().filter(person=person):
        granting.end(grant, by=by, reason="Data orangnya dihapus.")
    for part in _parts:
        part(person)
    registration.end_sessions(person)
    Authenticator.objects.filter(user=person).delete()
    EmailAddress.objects.filter(user=person).delete()
    _empty(person)
    _settle_requests(person, by=by)
    log.record("person.erased", by=by, on=person, reason=reason.strip()[:300])
    return person


def _empty(person: User) -> None:
    now = timezone.now()
    values = {
        "email": f"terhapus.{person.pk}@linimasa.invalid",  # RFC 6761: no such domain exists
        "password": make_password(None),
        "name": ERASED_NAME,
        **dict.fromkeys(("prefix_titles", "suffix_titles", "employment_status", "nip", "position", "whatsapp", "refused_address"), ""),
        "agency": None,
        "time_zone": DEFAULT_ZONE,
        "time_zone_chosen": False,
        "refused_at": None,
        "last_login": None,
        "is_active": False,
        "suspended_at": person.suspended_at or now,
        "erased_at": now,
    }
    User.objects.filter(pk=person.pk).update(**values)
    person.refresh_from_db()


def _settle_requests(person: User, *, by: User) -> None:
    """An open request for erasure is done, one for correction has lost its object; their words go."""
    for request in DataRequest.objects.waiting().filter(person=person):
        done = request.kind == DataRequestKind.ERASURE
        requesting.decide(
            request,
            DataRequestState.DONE if done else DataRequestState.DECLINED,
            by=by,
            reason="Data dihapus." if done else "Datanya sudah dihapus.",
        )
    DataRequest.objects.filter(person=person).update(text="")
