"""Roles are given and ended once, with a reason, by someone who has just proven who they are."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts import granting, registration
from accounts.granting import GrantingError
from accounts.models import Role, RoleGrant, ScopeKind, User
from audit.models import Entry
from tests.factories.accounts import admin, agency, client_of, person, region

pytestmark = pytest.mark.django_db


def entries(action: str, who: User) -> int:
    return Entry.objects.filter(action=action, details__person=who.pk).count()


def test_a_grant_is_in_force_at_once_and_asks_for_a_second_factor():
    boss, who = admin(), person()
    made = granting.grant(who, Role.COORDINATOR, scope_kind=ScopeKind.REGION, scope_id=region("53").pk, by=boss, reason="SK 12/2026")
    fresh = User.objects.get(pk=who.pk)
    assert fresh.roles() == {Role.COORDINATOR} and fresh.needs_second_factor
    assert (made.granted_by, made.reason, entries("grant.given", who)) == (boss, "SK 12/2026", 1)


@pytest.mark.parametrize(
    ("role", "kind", "scope_id", "words"),
    [
        (Role.ADMIN, ScopeKind.REGION, "53", "hanya untuk lingkup"),
        (Role.COORDINATOR, ScopeKind.COHORT, "1", "hanya untuk lingkup"),
        (Role.COORDINATOR, ScopeKind.REGION, "99", "tidak ditemukan"),
        (Role.COORDINATOR, ScopeKind.AGENCY, "abc", "tidak ditemukan"),
        (Role.COORDINATOR, ScopeKind.AGENCY, "", "tidak ditemukan"),
        ("raja", ScopeKind.EVERYTHING, "", "dari daftar"),
    ],
)
def test_a_grant_that_makes_no_sense_is_refused_with_a_sentence(role, kind, scope_id, words):
    region("53")
    with pytest.raises(GrantingError, match=words):
        granting.grant(who := person(), role, scope_kind=kind, scope_id=scope_id, by=admin())
    assert entries("grant.given", who) == 0


def test_the_same_grant_twice_is_refused_and_nothing_changes():
    boss, who = admin(), person()
    granting.grant(who, Role.AUTHOR, scope_kind=ScopeKind.EVERYTHING, by=boss)
    with pytest.raises(GrantingError, match="sudah dimiliki"):
        granting.grant(who, Role.AUTHOR, scope_kind=ScopeKind.EVERYTHING, by=boss)
    assert RoleGrant.objects.filter(person=who).count() == entries("grant.given", who) == 1


def test_a_suspended_person_gets_no_role_and_an_end_in_the_past_is_refused():
    boss, who = admin(), person()
    with pytest.raises(GrantingError, match="sudah lewat"):
        granting.grant(who, Role.AUTHOR, scope_kind=ScopeKind.EVERYTHING, by=boss, ends_at=timezone.now() - timedelta(days=1))
    registration.suspend(who, by=boss, reason="Pindah")
    with pytest.raises(GrantingError, match="ditangguhkan"):
        granting.grant(who, Role.AUTHOR, scope_kind=ScopeKind.EVERYTHING, by=boss)


def test_a_grant_ends_once():
    boss, who = admin(), person()
    made = granting.grant(who, Role.AUTHOR, scope_kind=ScopeKind.EVERYTHING, by=boss)
    granting.end(made, by=boss, reason="Selesai")
    assert User.objects.get(pk=who.pk).roles() == frozenset()
    with pytest.raises(GrantingError, match="sudah berakhir"):
        granting.end(made, by=boss, reason="Selesai")
    assert entries("grant.ended", who) == 1


def test_the_last_admin_cannot_go():
    boss = admin()
    only = RoleGrant.objects.get(person=boss, role=Role.ADMIN)
    with pytest.raises(GrantingError, match="admin terakhir"):
        granting.end(only, by=boss, reason="Pindah")
    other = admin()
    granting.end(only, by=other, reason="Pindah")
    with pytest.raises(registration.RegistrationError, match="admin terakhir"):
        registration.suspend(other, by=boss, reason="Iseng")


def test_an_admin_gives_a_role_through_the_page_by_searching_the_scope():
    boss, who = admin(), person()
    place = agency("Pemerintah Kabupaten Tojo Una-Una", region_code="72.09")
    client = client_of(boss)
    url = reverse("accounts:give_role", args=[who.pk]) + "?peran=coordinator&lingkup=agency&cari=tojo+una+una"
    assert str(place) in client.get(url).content.decode()
    assert client.post(url, {"scope_id": str(place.pk), "reason": ""}).status_code == 422
    assert client.post(url, {"scope_id": "99999", "reason": "SK"}).status_code == 422
    assert client.post(url, {"scope_id": str(place.pk), "reason": "SK 12", "ends_on": ""}).status_code == 302
    given = RoleGrant.objects.get(person=who)
    assert (given.role, given.scope_kind, given.scope_id, given.granted_by) == ("coordinator", "agency", str(place.pk), boss)


def test_a_role_ends_after_its_last_day_in_the_admins_zone():
    boss, who = admin(), person()
    url = reverse("accounts:give_role", args=[who.pk]) + "?peran=author&lingkup=everything"
    day = (timezone.localtime() + timedelta(days=3)).date()
    assert client_of(boss).post(url, {"reason": "SK", "ends_on": day.isoformat()}).status_code == 302
    assert timezone.localtime(RoleGrant.objects.get(person=who).ends_at).date() == day + timedelta(days=1)


@pytest.mark.parametrize("name", ["accounts:give_role", "accounts:suspend", "accounts:restore", "accounts:reset_factor"])
def test_sensitive_pages_ask_for_a_fresh_proof(name):
    boss, who = admin(), person()
    url = reverse(name, args=[who.pk])
    stale = client_of(boss, proof_age=301).get(url)
    assert stale.status_code == 302 and "/akun/bukti/" in stale.url
    assert client_of(boss, proof_age=200).get(url).status_code == 200


def test_two_grants_at_once_make_one(in_parallel):
    boss, who = admin(), person()
    done = in_parallel(8, lambda _: granting.grant(who, Role.AUTHOR, scope_kind=ScopeKind.EVERYTHING, by=boss))
    assert sum(isinstance(one, RoleGrant) for one in done) == RoleGrant.objects.filter(person=who).count() == 1
    assert {type(one) for one in done} == {RoleGrant, GrantingError}
