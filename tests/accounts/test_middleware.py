"""Staff with the password alone reach only the second-factor pages."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.models import Role
from tests.factories.accounts import client_of, grant, person, second_factor, staff

pytestmark = pytest.mark.django_db
ANY_PAGE = "account_change_password"


def test_staff_without_a_factor_are_led_to_set_one_up():
    who = person()
    grant(who, Role.TRAINER)
    client = client_of(who, second_factor_proven=False)
    assert client.get(reverse(ANY_PAGE)).url == reverse("mfa_index")
    assert client.get(reverse("mfa_index")).status_code == 200


def test_staff_with_a_factor_may_only_prove_it():
    who = staff(Role.TRAINER)
    client = client_of(who, second_factor_proven=False)
    for name in (ANY_PAGE, "mfa_index", "mfa_activate_totp", "mfa_add_webauthn", "account_reauthenticate", "mfa_view_recovery_codes"):
        assert client.get(reverse(name)).url.startswith(reverse("mfa_reauthenticate")), name


def test_a_proven_factor_opens_the_pages():
    client = client_of(staff(Role.TRAINER))
    assert client.get(reverse(ANY_PAGE)).status_code == 200


def test_a_learner_needs_none_even_with_an_app_set_up():
    who = person()
    second_factor(who)
    assert client_of(who, second_factor_proven=False).get(reverse(ANY_PAGE)).status_code == 200


@pytest.mark.parametrize("needs", [False, True])
def test_the_door_costs_no_statement_when_there_is_nothing_to_prove(needs, django_assert_num_queries):
    client = client_of(staff(Role.TRAINER) if needs else person())
    with django_assert_num_queries(2):  # session and person
        client.get(reverse("account_login"))


def test_the_door_costs_nothing_for_visitors(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        client.get(reverse("account_login"))
