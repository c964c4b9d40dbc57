"""Someone whose address is under no approved domain asks to join; the coordinator lets them in; they learn."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import acting
from tests.journeys.conftest import Gate
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.worker]
ADDRESS, NAME = "yosefina@surel.example", "Yosefina Bria"


def test_lets_someone_in_who_then_learns(open_page: Callable[..., Any], portal: Portal, gate: Gate) -> None:
    phone = open_page(390, 844, has_touch=True, is_mobile=True)
    acting.sign_up(phone, portal, ADDRESS)
    acting.fill_profile(phone, portal, name=NAME, agency="kabupaten sikka", nip="199403022019032002")
    phone.get_by_role("link", name="Kelas Mandiri", exact=True).click()
    gate(phone, "minta-bergabung")
    phone.get_by_role("button", name="Kirim permintaan").click()
    expect(phone.get_by_role("heading", level=2, name="Menunggu persetujuan")).to_be_visible()
    gate(phone, "beranda-menunggu")

    desk = open_page(1280, 900)
    acting.sign_in(desk, portal, "koordinator@demo.linimasa.go.id", who="koordinator")
    asked = acting.mail_to(desk, portal, "koordinator@demo.linimasa.go.id", "bergabung")
    assert NAME in asked
    desk.goto(f"{portal.url}/persetujuan/")
    gate(desk, "persetujuan", dark=True)
    desk.get_by_role("link", name=NAME).click()
    expect(desk.locator("dl")).to_contain_text(ADDRESS)
    expect(desk.locator("dl")).not_to_contain_text("199403022019032002")
    gate(desk, "permintaan")
    desk.get_by_role("button", name="Setujui", exact=True).click()
    expect(desk.get_by_role("link", name=NAME)).to_have_count(0)

    assert "Kelas Mandiri" in acting.mail_to(phone, portal, ADDRESS, "setuju")
    phone.goto(f"{portal.url}/beranda/")
    phone.get_by_role("link", name="Mulai Orientasi").click()
    phone.get_by_role("button", name="Selesai, lanjutkan").click()
    acting.is_on(phone, "Tes Awal")
