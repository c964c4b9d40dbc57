"""A passkey in Chromium's virtual authenticator: made on the security page, then the whole way in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import acting
from tests.journeys.conftest import Gate
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.worker]
NEVER_ASKED = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip


def authenticator(page: Page) -> None:
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": NEVER_ASKED})


def test_signs_in_with_a_passkey(open_page: Callable[..., Any], portal: Portal, gate: Gate) -> None:
    page = open_page(390, 844, has_touch=True, is_mobile=True)
    authenticator(page)
    acting.sign_in(page, portal, "peserta5@demo.linimasa.go.id")
    page.goto(f"{portal.url}/akun/")
    gate(page, "akun")
    page.goto(f"{portal.url}/akun/keamanan/")
    gate(page, "keamanan")
    page.get_by_role("link", name="Atur kunci sandi").click()
    page.get_by_role("link", name="Tambah kunci sandi").click()
    gate(page, "kunci-sandi-baru")
    page.get_by_label("Nama").fill("Ponsel saya")
    if (passwordless := page.locator("input[name=passwordless]")).count():
        passwordless.check()
    page.get_by_role("button", name="Buat kunci sandi").click()
    page.wait_for_url(lambda url: "/tambah/" not in url)
    page.goto(f"{portal.url}/akun/kunci-sandi/")
    expect(page.get_by_role("heading", name="Ponsel saya")).to_be_visible()
    gate(page, "kunci-sandi")
    page.goto(f"{portal.url}/akun/")
    page.get_by_role("button", name="Keluar").click()

    page.goto(f"{portal.url}/akun/masuk/")
    gate(page, "masuk", dark=True)
    page.get_by_role("button", name="Masuk dengan kunci sandi").click()
    page.wait_for_url(f"{portal.url}/beranda/")
    page.goto(f"{portal.url}/akun/")
    expect(page.locator("main")).to_contain_text("peserta5@demo.linimasa.go.id")
