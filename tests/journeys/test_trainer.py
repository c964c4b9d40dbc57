"""A trainer signs in with a second factor, accepts one work and returns another; the learner reads the words and sends again."""

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
WORDS = "Temuannya kuat. Lengkapi penanggung jawab setiap tindakan, lalu kirim lagi."
RETURNED, ACCEPTED = "Teuku Muda Iskandar", "A.A. Ngurah Alit"


def test_accepts_one_work_and_returns_another(
    open_page: Callable[..., Any], portal: Portal, gate: Gate, state_of: Callable[[str], Any]
) -> None:
    desk = open_page(1280, 900)
    acting.sign_in(desk, portal, "pengajar2@demo.linimasa.go.id", who="pengajar2")
    desk.goto(f"{portal.url}/nilai/")
    gate(desk, "antrean-nilai")
    returns(desk, gate)
    accepts(desk)

    phone = open_page(390, 844, has_touch=True, is_mobile=True, storage_state=state_of("peserta4"))
    # a judgement takes effect when its minute of undoing has passed
    assert WORDS in acting.mail_to(phone, portal, "peserta4@demo.linimasa.go.id", "perbaik", seconds=150)
    phone.goto(f"{portal.url}/beranda/")
    phone.get_by_role("link", name="Lanjutkan Audit Keamanan Akun").click()
    expect(phone.get_by_text(WORDS)).to_be_visible()
    gate(phone, "tugas-dikembalikan", dark=True)
    sends_again(phone)

    desk.goto(f"{portal.url}/nilai/")
    row = desk.locator("tr", has_text=RETURNED)
    expect(row).to_contain_text("Ulangan")
    row.get_by_role("link", name=RETURNED).click()
    expect(desk.get_by_text("Yang diminta sebelumnya")).to_be_visible()
    expect(desk.get_by_text("Penanggung jawab: ketua satgas.")).to_be_visible()


def returns(desk: Page, gate: Gate) -> None:
    """Words are needed to return work: the page says so, and keeps what was chosen."""
    desk.get_by_role("link", name=RETURNED, exact=True).click()
    acting.judge(desk, 2, "")
    desk.get_by_role("button", name="Minta perbaikan").click()
    expect(desk).to_have_title(re.compile("^Galat: "))
    gate(desk, "meja-nilai-galat")
    expect(desk.locator("fieldset.rubric").first.locator('input[value="2"]')).to_be_checked()
    desk.get_by_label("Umpan balik").fill(WORDS)
    desk.get_by_role("button", name="Minta perbaikan").click()
    desk.goto(desk.url.split("/nilai/")[0] + "/nilai/")
    expect(desk.get_by_role("link", name=RETURNED, exact=True)).to_have_count(0)


def accepts(desk: Page) -> None:
    """By keyboard alone: a level by its number, the words, and Ctrl Enter."""
    desk.get_by_role("link", name=ACCEPTED, exact=True).click()
    for criterion in desk.locator("fieldset.rubric").all():
        criterion.locator("input").first.focus()
        desk.keyboard.press("4")  # the best of four
        expect(criterion.locator("input").last).to_be_checked()
    desk.get_by_label("Umpan balik").focus()
    desk.keyboard.type("Sangat rapi.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#peserta")).not_to_have_text(ACCEPTED)


def sends_again(phone: Page) -> None:
    text = phone.get_by_label("Jawaban Anda")
    text.fill(text.input_value() + "\n\nPenanggung jawab: ketua satgas.")
    phone.get_by_role("button", name="Kirim tugas").click()
    acting.is_on(phone, "Kirim tugas kepada pengajar?")
    phone.get_by_role("button", name="Kirim tugas").click()
    expect(phone.get_by_text("Menunggu pengajar, biasanya 3 hari.")).to_be_visible()
