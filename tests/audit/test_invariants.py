from datetime import timedelta

import pytest
from django.utils import timezone

from accounts import granting
from accounts.models import Role, RoleGrant, ScopeKind
from audit import invariants, log
from tests.factories.accounts import person


@pytest.fixture
def given(db):
    return granting.grant(person(), Role.TRAINER, scope_kind=ScopeKind.EVERYTHING, by=person())


def test_an_act_with_its_one_entry_is_fine(given):
    assert invariants.every_act_is_recorded_once() == []


def test_an_act_without_an_entry_is_found(given):
    bare = RoleGrant.objects.create(person=person(), role=Role.AUTHOR, scope_kind=ScopeKind.EVERYTHING)
    assert invariants.every_act_is_recorded_once() == [f"accounts.rolegrant {bare.pk}: no grant.given."]


def test_an_act_with_two_entries_is_found(given):
    log.record("grant.given", by=None, on=given)
    assert invariants.every_act_is_recorded_once() == [f"accounts.rolegrant {given.pk}: grant.given 2 times."]


def test_an_act_older_than_the_trail_is_not_missed(given):
    RoleGrant.objects.create(
        person=person(), role=Role.AUTHOR, scope_kind=ScopeKind.EVERYTHING, starts_at=timezone.now() - timedelta(days=2_000)
    )
    assert invariants.every_act_is_recorded_once() == []
