"""Without a signal an answer stays on the device, and the page says so; with the signal it is saved."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.journeys import acting, knowing, reading
from tests.journeys.conftest import Gate
from tests.journeys.quickly import Quick
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.worker]
WAITS = "Belum tersimpan, menunggu sinyal"


def begins(page: Page, portal: Portal, address: str, name: str, nip: str, quiz: str = "TES-AWAL") -> None:
    """A new learner in the first question of that quiz."""
    acting.sign_up(page, portal, address)
    acting.fill_profile(page, portal, name=name, agency="kabupaten sikka", nip=nip)
    page.get_by_role("link", name="Kelas Mandiri", exact=True).click()
    page.get_by_role("button", name="Gabung").click()
    start = Quick(page, portal).go_on(lambda path: path == f"/kuis/mulai/{activity_id(portal, quiz)}/")
    page.goto(portal.url + start)
    page.get_by_role("button", name="Mulai kuis").click()
    expect(page.locator("form[data-quiz]")).to_be_visible()


def test_an_answer_without_a_signal_waits_and_is_saved(open_page: Callable[..., Any], portal: Portal, gate: Gate) -> None:
    page = open_page(390, 844, has_touch=True, is_mobile=True)
    begins(page, portal, "agustina@sikkakab.go.id", "Agustina Nona", "199006152014032002")
    attempt = page.locator("form[data-quiz]").get_attribute("data-attempt")
    chip = page.locator("[data-sync]").first

    page.context.set_offline(True)
    acting.give(page, knowing.right(reading.question(page.content())))
    expect(chip).to_have_text(WAITS)
    expect(page.get_by_text("Sinyal putus.")).to_be_visible()
    gate(page, "soal-tanpa-sinyal", dark=True)
    assert stored(portal, attempt) == 0

    page.context.set_offline(False)
    expect(chip).to_have_text("Tersimpan")
    expect(page.get_by_text("Sinyal putus.")).to_be_hidden()
    assert stored(portal, attempt) == 1
    page.get_by_role("button", name="Simpan dan lanjut").click()
    expect(page.locator("form[data-quiz]")).to_have_attribute("data-number", "2")


def stored(portal: Portal, attempt: str | None) -> int:
    return int(portal.rows("SELECT count(*) FROM quizzes_response WHERE attempt_id = ? AND answer IS NOT NULL", attempt)[0][0])


def activity_id(portal: Portal, code: str) -> int:
    return int(portal.rows("SELECT id FROM courses_activity WHERE code = ?", code)[0][0])


@pytest.mark.usefixtures("one_of_each_kind")
def test_everything_by_keyboard(open_page: Callable[..., Any], portal: Portal) -> None:
    """Signing in, and every kind of question, without a pointer."""
    page = open_page(1280, 900)
    begins(page, portal, "dominikus@sikkakab.go.id", "Dominikus Lewa", "198502142009041003", quiz="M1-KUIS")
    page.context.clear_cookies()
    page.goto(f"{portal.url}/beranda/")
    expect(page).to_have_url(re.compile("/akun/masuk/"))
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Langsung ke isi")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Surel")).to_be_focused()
    page.keyboard.type("dominikus@sikkakab.go.id")
    page.keyboard.press("Tab")
    page.keyboard.type(acting.OWN_PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{portal.url}/beranda/")
    page.get_by_role("link", name=re.compile("^Lanjutkan|^Mulai")).first.focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Lanjutkan kuis").focus()
    page.keyboard.press("Enter")
    kinds = acting.take_quiz(page, keyboard=True)
    assert kinds == knowing.ALL_KINDS
