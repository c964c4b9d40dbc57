"""A passkey in a real Chromium with a virtual authenticator: made, used to sign in, and enough as a second factor."""

from __future__ import annotations

import pytest
from allauth.mfa.models import Authenticator

from accounts.models import Role, User
from tests.factories.accounts import PASSWORD, grant, person

pytestmark = pytest.mark.browser


def with_authenticator(page):
    """A phone that always answers, as Chromium's protocol offers it."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


@pytest.mark.django_db(transaction=True)
def test_a_trainer_makes_a_passkey_and_comes_back_with_it_alone(page_390, live_server):
    who = person(agency=None)
    grant(who, Role.TRAINER)
    page, base = page_390, live_server.url.replace("127.0.0.1", "localhost")
    with_authenticator(page)
    page.goto(f"{base}/akun/masuk/")
    page.get_by_label("Surel").fill(who.email)
    page.get_by_label("Kata sandi", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url("**/akun/faktor-kedua/")  # the password alone leads here
    page.get_by_role("link", name="Tambah kunci sandi").click()
    page.get_by_label("Bisa dipakai masuk tanpa kata sandi").check()
    page.get_by_role("button", name="Buat kunci sandi").click()
    page.wait_for_url("**/kode-cadangan/")
    page.goto(f"{base}/akun/")  # the door is open now
    assert page.get_by_role("heading", name="Akun", exact=True).is_visible()
    page.get_by_role("button", name="Keluar").click()
    page.goto(f"{base}/akun/masuk/")
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    page.wait_for_url(lambda url: "/akun/masuk/" not in url)
    page.goto(f"{base}/akun/")
    assert page.get_by_role("heading", name="Akun", exact=True).is_visible()
    assert Authenticator.objects.filter(user=who, type="webauthn").count() == 1
    assert User.objects.get(pk=who.pk).needs_second_factor
