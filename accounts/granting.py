"""Giving and ending roles: scoped, with a reason, written down once each."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from audit import log
from linimasa.problems import Problem

from . import scopes
from .models import Role, RoleGrant, ScopeKind, User

ALLOWED_SCOPES: dict[str, frozenset[str]] = {
    Role.AUTHOR: frozenset({ScopeKind.EVERYTHING, ScopeKind.COURSE}),
    Role.REVIEWER: frozenset({ScopeKind.EVERYTHING, ScopeKind.COURSE}),
    Role.ORGANISER: frozenset({ScopeKind.EVERYTHING, ScopeKind.COURSE, ScopeKind.COHORT}),
    Role.TRAINER: frozenset({ScopeKind.EVERYTHING, ScopeKind.COURSE, ScopeKind.COHORT}),
    Role.COORDINATOR: frozenset({ScopeKind.AGENCY, ScopeKind.REGION, ScopeKind.EVERYTHING}),
    Role.ADMIN: frozenset({ScopeKind.EVERYTHING}),
}


class GrantingError(Exception):
    """The grant cannot be given or ended; the message is a sentence for the person who tried."""


def grant_problems(person: User, role: str, *, scope_kind: str, scope_id: str = "", ends_at: datetime | None = None) -> list[Problem]:
    """Why this role cannot be given to this person in this scope; empty when it can."""
    problems = []
    if role not in Role.values or scope_kind not in ScopeKind.values:
        return [Problem("unknown", "Pilih peran dan lingkup dari daftar.")]
    if scope_kind not in ALLOWED_SCOPES[role]:
        names = ", ".join(ScopeKind(kind).label.lower() for kind in ScopeKind.values if kind in ALLOWED_SCOPES[role])
        problems.append(Problem("scope", f"Peran {Role(role).label} hanya untuk lingkup: {names}. Pilih lingkup lain."))
    elif scope_kind != ScopeKind.EVERYTHING and scopes.name_of(scope_kind, scope_id) is None:
        problems.append(Problem("scope_id", "Lingkup itu tidak ditemukan. Cari lagi dan pilih dari hasilnya."))
    if not person.is_active:
        problems.append(Problem("suspended", "Akun ini ditangguhkan. Pulihkan dulu sebelum memberi peran."))
    if ends_at is not None and ends_at <= timezone.now():
        problems.append(Problem("ends_at", "Tanggal berakhir sudah lewat. Pilih tanggal sesudah hari ini."))
    return problems


@transaction.atomic
def grant(
    person: User, role: str, *, scope_kind: str, scope_id: str = "", by: User | None, reason: str = "", ends_at: datetime | None = None
) -> RoleGrant:
    """Give a role in a scope. From now on the person needs a second factor. ``by`` None is the system (set-up commands).

    The person's row is locked, so two equal grants at once become one. Raises GrantingError with a sentence.
    """
    scope_id = "" if scope_kind == ScopeKind.EVERYTHING else str(scope_id)
    person = User.objects.select_for_update().get(pk=person.pk)
    for problem in grant_problems(person, role, scope_kind=scope_kind, scope_id=scope_id, ends_at=ends_at):
        raise GrantingError(problem.sentence)
    if RoleGrant.objects.in_force().filter(person=person, role=role, scope_kind=scope_kind, scope_id=scope_id).exists():
        raise GrantingError("Peran ini sudah dimiliki dalam lingkup yang sama.")
    made = RoleGrant.objects.create(
        person=person, role=role, scope_kind=scope_kind, scope_id=scope_id, ends_at=ends_at, granted_by=by, reason=reason[:300]
    )
    User.objects.filter(pk=person.pk).update(needs_second_factor=True)
    log.record("grant.given", by=by, on=made, person=person.pk, role=role, scope=f"{scope_kind}:{scope_id}", reason=reason[:300])
    return made


@transaction.atomic
def end(grant: RoleGrant, *, by: User | None, reason: str) -> RoleGrant:
    """End a grant now, once. Raises GrantingError when it has ended already, or is the last admin's."""
    now = timezone.now()
    if grant.role == Role.ADMIN and is_last_admin(grant.person_id):
        raise GrantingError("Ini admin terakhir. Beri peran Admin kepada orang lain dulu.")
    changed = RoleGrant.objects.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=now), pk=grant.pk).update(ends_at=now)
    if not changed:
        raise GrantingError("Peran ini sudah berakhir. Muat ulang halaman untuk melihat keadaannya.")
    grant.refresh_from_db()
    log.record(
        "grant.ended",
        by=by,
        on=grant,
        person=grant.person_id,
        role=grant.role,
        scope=f"{grant.scope_kind}:{grant.scope_id}",
        reason=reason[:300],
    )
    return grant


def is_last_admin(person_id: int) -> bool:
    """Whether this person is an admin and nobody else is. Locks the admins' grants, so that two cannot leave at once."""
    admins = RoleGrant.objects.in_force().filter(role=Role.ADMIN).select_for_update(of=("self",)).values_list("person_id", flat=True)
    return set(admins) == {person_id}
