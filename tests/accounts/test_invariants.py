"""The checks find what is broken, and nothing where all is well."""

from __future__ import annotations

import pytest

from accounts import granting, invariants, registration
from accounts.models import Role, RoleGrant, ScopeKind, User
from audit.models import Entry
from tests.factories.accounts import admin, client_of, person

pytestmark = pytest.mark.django_db
CHECKS = [
    invariants.each_grant_ended_once, invariants.role_holders_need_a_second_factor,
    invariants.suspended_people_have_no_session, invariants.suspension_has_its_date,
]  # fmt: skip


@pytest.fixture
def lived():
    """A life: a role given and ended, someone suspended who had a session."""
    boss, who, gone = admin(), person(), person()
    made = granting.grant(who, Role.AUTHOR, scope_kind=ScopeKind.EVERYTHING, by=boss)
    granting.end(made, by=boss, reason="Selesai")
    client_of(gone)
    registration.suspend(gone, by=boss, reason="Pindah")
    return boss, who, gone, made


def test_all_is_well_after_the_verbs(lived):
    assert [list(check()) for check in CHECKS] == [[]] * len(CHECKS)


def test_each_broken_row_is_found(lived):
    boss, who, gone, made = lived
    Entry.objects.create(action="grant.ended", object_type="accounts.rolegrant", object_id=str(made.pk))
    assert list(invariants.each_grant_ended_once()) == [f"RoleGrant {made.pk}: 2 catatan"]
    User.objects.filter(pk=boss.pk).update(needs_second_factor=False)
    assert list(invariants.role_holders_need_a_second_factor()) == [f"User {boss.pk}"]
    User.objects.filter(pk=gone.pk).update(suspended_at=None)
    assert list(invariants.suspension_has_its_date()) == [f"User {gone.pk}"]
    client_of(who)
    User.objects.filter(pk=who.pk).update(is_active=False)
    assert list(invariants.suspended_people_have_no_session()) == [f"User {who.pk}"]
    assert RoleGrant.objects.exists()
