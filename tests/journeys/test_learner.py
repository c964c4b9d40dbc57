"""From sign-up to a downloaded certificate, on a phone and at a desk."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import acting, knowing
from tests.journeys.conftest import Gate
from tests.journeys.quickly import WORK, Quick, accept_all
from tests.portal import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.worker]
FIRST_LESSON = re.compile("/belajar/lini-masa/keamanan-akun/akun-instansi")
FIRST_FILE = "m1-keamanan-akun/01-akun-instansi-sebagai-aset-daerah-dan-peta-ancamannya.md"


@pytest.mark.parametrize(("width", "height", "name", "nip"), [
    (390, 844, "Maria Goreti Bunga", "199105122015042003"), (1280, 900, "Yohanes Wae", "198807232012011004"),
])  # fmt: skip
@pytest.mark.usefixtures("one_of_each_kind")
def test_from_sign_up_to_the_certificate(
    open_page: Callable[..., Any], portal: Portal, gate: Gate, state_of: Callable[[str], Any], width: int, height: int, name: str, nip: str
) -> None:
    phone = {"has_touch": True, "is_mobile": True} if width < 600 else {}
    page = open_page(width, height, accept_downloads=True, **phone)
    address = f"{name.split()[0].lower()}@sikkakab.go.id"
    comes_in(page, portal, gate, address, name, nip)
    reads_the_first_lesson(page, portal, gate)
    asked = fails_then_passes_the_first_quiz(page, portal, gate)
    assert asked == knowing.ALL_KINDS
    hands_in_with_a_file(page, gate)

    desk = open_page(1280, 900, storage_state=state_of("pengajar"))
    accepts(desk, portal, gate, name)
    learner, trainer = Quick(page, portal), Quick(desk, portal)
    page.goto(f"{portal.url}/beranda/")
    expect(page.locator(".timeline").first).to_contain_text("WITA")  # Sikka's own time
    gate(page, "beranda", dark=True)
    while not (path := learner.go_on(lambda path: path.startswith("/tugas/") or path == post_test(learner))).startswith("/kuis/"):
        learner.do(path)
        assert accept_all(trainer, name) == 1
    takes_the_post_test(page, portal, gate, path)
    learner.go_on()
    gets_the_certificate(page, portal, gate, name)


def post_test(learner: Quick) -> str:
    """Where the post-test begins, once it is the next step."""
    path = learner.next_step()
    return path if path.startswith("/kuis/") and "<h1>Tes Akhir</h1>" in learner.get(path) else ""


def comes_in(page: Page, portal: Portal, gate: Gate, address: str, name: str, nip: str) -> None:
    acting.sign_up(page, portal, address, look=gate)
    acting.is_on(page, "Lengkapi data diri")
    page.goto(f"{portal.url}/beranda/")
    gate(page, "beranda-baru")
    page.get_by_role("link", name="Lengkapi profil").click()
    acting.fill_profile(page, portal, name=name, agency="kabupaten sikka", nip=nip, look=gate)
    page.get_by_role("link", name="Kelas Mandiri", exact=True).click()
    acting.is_on(page, "Kelas Mandiri")
    gate(page, "gabung")
    page.get_by_role("button", name="Gabung").click()
    expect(page.get_by_role("heading", level=2, name="Orientasi: cara belajar di Linimasa")).to_be_visible()


def reads_the_first_lesson(page: Page, portal: Portal, gate: Gate) -> None:
    quick = Quick(page, portal)
    page.get_by_role("link", name="Mulai Orientasi").click()
    page.get_by_role("button", name="Selesai, lanjutkan").click()
    acting.is_on(page, "Tes Awal")
    gate(page, "kuis-mulai")
    quick.go_on(lambda path: bool(FIRST_LESSON.match(path)))
    page.goto(f"{portal.url}/beranda/")
    page.get_by_role("link", name="Lanjutkan Akun Instansi").click()
    acting.is_on(page, "Akun Instansi sebagai Aset Daerah dan Peta Ancamannya")
    gate(page, "pelajaran", dark=True)
    check = page.locator(".check").first
    _key, right, wrong = knowing.first_check(FIRST_FILE)
    check.get_by_label(wrong).check()
    check.get_by_role("button", name="Periksa jawaban").click()
    expect(page.get_by_text("Belum tepat, coba sekali lagi.")).to_be_visible()
    check.get_by_label(right).check()
    check.get_by_role("button", name="Periksa jawaban").click()
    expect(page.get_by_role("heading", name="Tepat.")).to_be_visible()
    gate(page, "pelajaran-dicek")
    page.get_by_role("button", name="Selesai, lanjutkan").click()
    acting.is_on(page, "Kata Sandi, Autentikasi Dua Faktor, dan Kunci Sandi")
    page.go_back()
    page.reload()
    page.get_by_role("button", name="Urungkan").click()
    expect(page.get_by_role("button", name="Selesai, lanjutkan")).to_be_visible()
    page.get_by_role("button", name="Selesai, lanjutkan").click()
    page.goto(f"{portal.url}/belajar/lini-masa/keamanan-akun/")
    gate(page, "modul-belajar", dark=True)
    quick.go_on(lambda path: path.startswith("/kuis/"))


def fails_then_passes_the_first_quiz(page: Page, portal: Portal, gate: Gate) -> set[str]:
    page.goto(f"{portal.url}/beranda/")
    page.get_by_role("link", name="Lanjutkan Kuis Modul 1").click()
    page.get_by_role("button", name="Mulai kuis").click()
    asked = acting.take_quiz(page, knowing.wrong, look=gate)
    gate(page, "hasil-belum", dark=True)
    page.get_by_role("link", name="Coba lagi").click()
    page.get_by_role("button", name="Coba lagi").click()
    asked |= acting.take_quiz(page, look=gate)
    expect(page.get_by_role("link", name="Kerjakan tugas")).to_be_visible()
    gate(page, "hasil-lulus", dark=True)
    return asked


def hands_in_with_a_file(page: Page, gate: Gate) -> None:
    page.get_by_role("link", name="Kerjakan tugas").click()
    acting.is_on(page, "Audit Keamanan Akun dan Rencana Perbaikan 30 Hari")
    gate(page, "tugas")
    page.get_by_label("Jawaban Anda").fill(WORK)
    expect(page.locator("[data-sync]")).to_contain_text("tersimpan")
    page.get_by_label("Tambah berkas").set_input_files({"name": "rencana.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.get_by_role("button", name="Kirim tugas").click()
    acting.is_on(page, "Kirim tugas kepada pengajar?")
    expect(page.get_by_role("link", name="rencana.pdf")).to_be_visible()
    gate(page, "tugas-kirim")
    page.get_by_role("button", name="Kirim tugas").click()
    expect(page.get_by_text("Menunggu pengajar, biasanya 3 hari.")).to_be_visible()
    gate(page, "tugas-menunggu")


def accepts(desk: Page, portal: Portal, gate: Gate, name: str) -> None:
    desk.goto(f"{portal.url}/nilai/")
    gate(desk, "antrean-nilai")
    desk.get_by_role("link", name=name, exact=True).click()
    gate(desk, "meja-nilai", dark=True)
    with desk.expect_download() as got:
        desk.get_by_role("link", name="rencana.pdf").click()
    assert got.value.path().read_bytes() == PDF
    acting.judge(desk, 0, "Temuannya jelas dan rencananya dapat dijalankan.")
    expect(desk.locator("[data-score]")).to_have_text("100")
    desk.get_by_role("button", name="Simpan & berikutnya").click()
    expect(desk.get_by_role("link", name=name, exact=True)).to_have_count(0)


def takes_the_post_test(page: Page, portal: Portal, gate: Gate, path: str) -> None:
    page.goto(portal.url + path)
    acting.is_on(page, "Tes Akhir")
    expect(page.get_by_text("30 menit").first).to_be_visible()
    page.get_by_role("button", name="Mulai kuis").click()
    expect(page.locator("[role=timer]")).to_contain_text(re.compile("Sisa (30|29) menit"))
    gate(page, "soal-berwaktu")
    acting.take_quiz(page)
    gate(page, "hasil-tes-akhir")


def gets_the_certificate(page: Page, portal: Portal, gate: Gate, name: str) -> None:
    address = f"{portal.url}/sertifikat/"
    link = page.get_by_role("link", name="Unduh PDF")
    wait_until(lambda: page.goto(address) and link.count(), 90, what="the worker's certificate")
    gate(page, "sertifikat", dark=True)
    with page.expect_download() as got:
        link.click()
    assert got.value.path().read_bytes().startswith(b"%PDF")
    page.goto(address)
    page.get_by_role("link", name="Tautan pemeriksaan").click()
    acting.is_on(page, "Sertifikat ini sah")
    expect(page.locator("main")).to_contain_text(name)
    page.goto(f"{portal.url}/beranda/")
    gate(page, "beranda-selesai")


PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
