"""An admin changes a lesson and publishes it while a learner is reading: the text is new, the progress stays."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import acting
from tests.journeys.conftest import Gate
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.worker]
LESSON = "Portofolio Bisnis: Orang, Mitra, dan Hak Akses"
NEW = "Periksa daftar orang setiap tiga bulan, tepat pada tanggal satu."
OTHER = "Kalimat dari tab yang lain."


def test_publishes_while_a_learner_is_reading(
    open_page: Callable[..., Any], portal: Portal, gate: Gate, state_of: Callable[[str], Any]
) -> None:
    phone = open_page(390, 844, has_touch=True, is_mobile=True, storage_state=state_of("peserta3"))
    phone.goto(f"{portal.url}/beranda/")
    phone.get_by_role("link", name=f"Lanjutkan {LESSON}").click()
    acting.is_on(phone, LESSON)
    before = phone.locator(".reader-bar progress, progress").first.get_attribute("value")

    desk = open_page(1280, 900)
    acting.sign_in(desk, portal, "admin@demo.linimasa.go.id", who="admin")
    edits(desk, portal, gate)
    conflicts(desk, gate)
    publishes(desk, gate)

    phone.get_by_role("button", name="Selesai, lanjutkan").click()
    acting.is_on(phone, "Mengenali Pengelabuan dan Akun Tiruan")
    phone.go_back()
    phone.reload()
    expect(phone.get_by_text(NEW)).to_be_visible()
    expect(phone.get_by_text("Sudah selesai")).to_be_visible()
    after = phone.locator(".reader-bar progress, progress").first.get_attribute("value")
    assert int(after or 0) == int(before or 0) + 1
    desk.goto(f"{portal.url}/kelola/jejak/")
    gate(desk, "jejak")
    expect(desk.locator("main")).to_contain_text("Keamanan Akun Instansi")


def edits(desk: Page, portal: Portal, gate: Gate) -> None:
    """The preview shows what is written before it is saved; saving makes a draft that nobody else sees."""
    desk.goto(f"{portal.url}/kelola/modul/")
    gate(desk, "studio", dark=True)
    desk.get_by_role("link", name="M1 Keamanan Akun").click()
    gate(desk, "studio-modul")
    desk.get_by_role("link", name=f"M1.3 {LESSON}").click()
    body = desk.get_by_label("Isi pelajaran")
    body.fill(f"{body.input_value()}\n\n{NEW}\n")
    desk.get_by_role("button", name="Pratinjau").click()
    expect(desk.locator(".prose").get_by_text(NEW)).to_be_visible()
    gate(desk, "studio-pelajaran")


def conflicts(desk: Page, gate: Gate) -> None:
    """Two tabs with the same draft: the second to save is told, and loses nothing."""
    other = desk.context.new_page()
    other.goto(desk.url)
    body = other.get_by_label("Isi pelajaran")
    body.fill(f"{body.input_value()}\n\n{OTHER}\n")
    desk.get_by_role("button", name="Simpan draf").click()
    expect(desk.locator("main")).to_contain_text("tersimpan")
    other.get_by_role("button", name="Simpan draf").click()
    expect(other.get_by_role("heading", name="Perbedaan tulisan Anda dengan yang tersimpan")).to_be_visible()
    expect(other.get_by_label("Isi pelajaran")).to_have_value(re.compile(OTHER))
    gate(other, "studio-bentrok")
    other.close()
    desk.reload()
    expect(desk.get_by_label("Isi pelajaran")).not_to_have_value(re.compile(OTHER))


def publishes(desk: Page, gate: Gate) -> None:
    desk.get_by_role("link", name="M1 Keamanan Akun").click()
    desk.get_by_role("link", name="Tinjau dan terbitkan").click()
    expect(desk.locator("main")).to_contain_text(NEW)
    gate(desk, "studio-terbit")
    desk.get_by_label("Catatan").fill("Jadwal memeriksa daftar orang.")
    desk.get_by_role("button", name=re.compile("^Terbitkan versi")).click()
    expect(desk.get_by_text("Versi 2 terbit.")).to_be_visible()
    gate(desk, "studio-versi")
