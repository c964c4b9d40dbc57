"""What people do in a browser, in the words of the pages: sign up, sign in, read mail, answer, judge."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from accounts.demo import PASSWORD
from tests.journeys import knowing, reading
from tests.portal import Portal, wait_until

OWN_PASSWORD = "kelapa gading berlayar"
SAVED = "Tersimpan"


def mail_to(page: Page, portal: Portal, address: str, subject: str, *, seconds: float = 20) -> str:
    """The text of the newest demo mail to that address whose subject has these words; waits for the worker."""
    other = page.context.new_page()
    try:
        link = other.locator("li.card a", has_text=subject).first

        def arrived() -> bool:
            other.goto(f"{portal.url}/kotak-surat-demo/?kepada={address}")
            return link.count() > 0

        wait_until(arrived, seconds, what=f"mail «{subject}» to {address}")
        link.click()
        return other.locator("[data-mail]").inner_text()
    finally:
        other.close()


def code_in(mail: str) -> str:
    """The code on a line of its own in a mail."""
    found = re.search(r"^\s*([A-Z0-9]{6}|[A-Z0-9]{3,4}-[A-Z0-9]{3,4})\s*$", mail, re.M)
    assert found, mail
    return found.group(1)


def sign_up(page: Page, portal: Portal, address: str, *, look: Callable[..., None] | None = None) -> None:
    """From the front page to a verified address."""
    page.goto(portal.url)
    if look:
        look(page, "depan")
    page.goto(f"{portal.url}/akun/daftar/")
    if look:
        look(page, "daftar")
    page.get_by_label("Surel").fill(address)
    page.get_by_label("Kata sandi", exact=True).fill(OWN_PASSWORD)
    page.get_by_role("button", name="Daftar").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Periksa surel Anda")
    if look:
        look(page, "kode")
    page.locator("input[name=code]").fill(code_in(mail_to(page, portal, address, "kode")))
    page.get_by_role("button", name="Lanjutkan").click()


def fill_profile(page: Page, portal: Portal, *, name: str, agency: str, nip: str, look: Callable[..., None] | None = None) -> None:
    """Everything the certificate needs. ``agency``: words that find it; the first one found is taken."""
    is_on(page, "Lengkapi data diri")
    if look:
        look(page, "profil")
    page.get_by_label("Nama lengkap tanpa gelar").fill(name)
    page.get_by_label("PNS atau CPNS").check()
    page.get_by_label("NIP", exact=True).fill(nip)
    page.get_by_label("Jabatan").fill("Pranata Humas Ahli Pertama")
    page.get_by_role("button", name="Simpan data diri").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Pilih instansi")
    page.get_by_label("Nama instansi").fill(agency)
    page.get_by_role("button", name="Cari instansi").click()
    if look:
        look(page, "pilih-instansi")
    page.get_by_role("button", name="Pilih").first.click()
    expect(page).to_have_url(f"{portal.url}/beranda/")


def sign_in(page: Page, portal: Portal, address: str, *, password: str = PASSWORD, who: str = "") -> None:
    """By password; staff (``who``: the demo account's short name) also by the code of their authenticator."""
    page.goto(f"{portal.url}/akun/masuk/")
    page.get_by_label("Surel").fill(address)
    page.get_by_label("Kata sandi", exact=True).fill(password)
    page.get_by_role("button", name="Masuk", exact=True).click()
    if who:
        expect(page.get_by_role("heading", level=1)).to_have_text("Satu bukti lagi")
        page.locator("input[name=code]").fill(portal.manage("code", who).stdout.split()[-1])
        page.get_by_role("button", name="Masuk", exact=True).click()
    page.wait_for_url(lambda url: "/akun/masuk/" not in url)


def give(page: Page, answer: knowing.Answer, *, keyboard: bool = False) -> None:
    """Put an answer into the question's form on this page, by click or by key."""
    shown = reading.question(page.content())
    for name, values in answer.items():
        if name == "urut":
            put_in_order(page, values, keyboard=keyboard)
        elif name in shown.rows:
            choose(page, name, values[0], keyboard=keyboard)
        elif shown.choices:
            for value in values:
                page.locator(f'input[name=j][value="{value}"]').check()
        else:
            page.locator("input[name=j]").fill(values[0])


def choose(page: Page, name: str, value: str, *, keyboard: bool) -> None:
    """One row of a matching question."""
    select = page.locator(f"select#{name}")
    if not keyboard:
        select.select_option(value)
        return
    select.focus()
    page.keyboard.press(value.upper())  # the options begin with their letters
    expect(select).to_have_value(value)


def put_in_order(page: Page, wanted: list[str], *, keyboard: bool = False) -> None:
    """Move steps up by their buttons until they stand as wanted. Works with scripts and without."""
    order = page.locator("ol.order li")
    for place, value in enumerate(wanted):
        while (now := _order(page)).index(value) > place:
            button = page.locator(f'button[name=naik][value="{value}"]')
            if keyboard:
                button.focus()
                page.keyboard.press("Enter")
            else:
                button.click()
            at = now.index(value) - 1
            expect(order.nth(at).locator("input[name=urut]")).to_have_value(value)


def _order(page: Page) -> list[str]:
    return [one.get_attribute("value") or "" for one in page.locator("ol.order input[name=urut]").all()]


def take_quiz(
    page: Page,
    answer: Callable[[reading.Question], knowing.Answer] = knowing.right,
    *,
    scripts: bool = True,
    keyboard: bool = False,
    look: Callable[..., None] | None = None,
) -> set[str]:
    """Answer every question of the running attempt on its own page and send. Returns the kinds that were asked.

    Starts on a question's page and ends on the result's.
    """
    kinds, total = set(), int(page.locator("form[data-quiz]").get_attribute("data-total") or 0)
    for number in range(1, total + 1):
        expect(page.locator("form[data-quiz]")).to_have_attribute("data-number", str(number))
        shown = reading.question(page.content())
        kind = knowing.source(shown)["kind"]
        if look:
            look(page, f"soal-{kind}")
        give(page, answer(shown), keyboard=keyboard)
        if scripts and kind != "short_answer":
            expect(page.locator("[data-sync]").first).to_contain_text(SAVED)
        kinds.add(kind)
        page.get_by_role("button", name="Simpan dan lanjut").click()
    page.wait_for_url(re.compile("/tinjau/"))
    if look:
        look(page, "tinjau")
    page.locator("main").get_by_role("button", name="Kirim jawaban").first.click()
    if scripts:
        page.locator("dialog[open]").get_by_role("button", name="Kirim jawaban").click()
    else:
        page.locator("main").get_by_role("button", name="Kirim jawaban").click()
    page.wait_for_url(re.compile("/hasil/"))
    return kinds


def judge(page: Page, level: int, words: str) -> None:
    """On the grading bench: the same level for every criterion (0 the best), and words for the learner."""
    for criterion in page.locator("fieldset.rubric").all():
        criterion.locator(f'input[value="{level}"]').check()
    page.get_by_label("Umpan balik").fill(words)


def is_on(page: Page, heading: str) -> Any:
    """The page with this first heading is there."""
    return expect(page.get_by_role("heading", level=1).first).to_have_text(heading)
