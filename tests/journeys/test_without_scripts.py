"""The learner's way with JavaScript off: read, answer all kinds of questions, order by buttons, hand in, see the result."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import acting, knowing
from tests.journeys.quickly import WORK, Quick, accept_all
from tests.portal import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.worker]
ADDRESS, NAME = "petronela@kupangkota.go.id", "Petronela Sae"


@pytest.mark.usefixtures("one_of_each_kind")
def test_learns_without_javascript(open_page: Callable[..., Any], portal: Portal, state_of: Callable[[str], Any]) -> None:
    page = open_page(390, 844, scripts=False)
    acting.sign_up(page, portal, ADDRESS)
    acting.fill_profile(page, portal, name=NAME, agency="kota kupang", nip="198911302014032001")
    page.get_by_role("link", name="Kelas Mandiri", exact=True).click()
    page.get_by_role("button", name="Gabung").click()
    quick = Quick(page, portal)
    quick.go_on(lambda path: "/keamanan-akun/" in path)
    reads(page, portal)
    quick.go_on(lambda path: path.startswith("/kuis/"))
    page.goto(f"{portal.url}/beranda/")
    page.get_by_role("link", name="Lanjutkan Kuis Modul 1").click()
    page.get_by_role("button", name="Mulai kuis").click()
    asked = acting.take_quiz(page, knowing.wrong, scripts=False)
    expect(page.locator("[data-sync]")).to_contain_text("Tersimpan")
    page.get_by_role("link", name="Coba lagi").click()
    page.get_by_role("button", name="Coba lagi").click()
    asked |= acting.take_quiz(page, scripts=False)
    assert asked == knowing.ALL_KINDS
    hands_in(page)

    trainer = open_page(storage_state=state_of("pengajar"))
    assert accept_all(Quick(trainer, portal), NAME) == 1
    accepted = page.get_by_text("Tugas diterima dengan nilai 100")
    wait_until(lambda: page.reload() and accepted.count(), 90, what="the judgement, once it cannot be undone any more")
    page.goto(f"{portal.url}/beranda/")
    expect(page.get_by_role("link", name=re.compile("^Lanjutkan"))).to_be_visible()


def reads(page: Page, portal: Portal) -> None:
    page.goto(f"{portal.url}/beranda/")
    page.get_by_role("link", name="Lanjutkan Akun Instansi").click()
    check = page.locator(".check").first
    key, right, _wrong = knowing.first_check("m1-keamanan-akun/01-akun-instansi-sebagai-aset-daerah-dan-peta-ancamannya.md")
    check.get_by_label(right).check()
    check.get_by_role("button", name="Periksa jawaban").click()
    expect(page.get_by_role("heading", name="Tepat.")).to_be_visible()
    assert page.url.endswith(f"#cek-{key}")
    page.get_by_role("button", name="Selesai, lanjutkan").click()
    acting.is_on(page, "Kata Sandi, Autentikasi Dua Faktor, dan Kunci Sandi")
    page.get_by_role("link", name=re.compile("Akun Instansi sebagai Aset")).last.click()
    page.get_by_role("button", name="Urungkan").click()
    expect(page.get_by_role("button", name="Selesai, lanjutkan")).to_be_visible()


def hands_in(page: Page) -> None:
    page.get_by_role("link", name="Kerjakan tugas").click()
    page.get_by_label("Jawaban Anda").fill(WORK)
    page.get_by_label("Tambah berkas").set_input_files(
        {"name": "catatan.txt", "mimeType": "text/plain", "buffer": b"bukan berkas yang boleh"}
    )
    page.get_by_role("button", name="Simpan draf").click()
    expect(page.get_by_text("Ada yang perlu diperbaiki")).to_be_visible()
    expect(page.get_by_label("Jawaban Anda")).to_have_value(WORK)
    page.get_by_role("button", name="Kirim tugas").click()
    acting.is_on(page, "Kirim tugas kepada pengajar?")
    page.get_by_role("button", name="Kirim tugas").click()
    expect(page.get_by_text("Menunggu pengajar, biasanya 3 hari.")).to_be_visible()
