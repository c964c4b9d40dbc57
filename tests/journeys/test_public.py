"""Anyone checks a certificate: by its code, its link, its file, its number with the name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys import acting
from tests.journeys.conftest import Gate
from tests.portal import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.worker]


@pytest.fixture
def printed(open_page: Callable[..., Any], portal: Portal, state_of: Callable[[str], Any]) -> dict[str, Any]:
    """What stands on the certificate of the demo's graduate, and its file."""
    page = open_page(storage_state=state_of("peserta2"), accept_downloads=True)
    link = page.get_by_role("link", name="Unduh PDF")
    wait_until(lambda: page.goto(f"{portal.url}/sertifikat/") and link.count(), 90, what="the certificate's file")
    facts = dict(zip(page.locator("dl dt").all_inner_texts(), page.locator("dl dd").all_inner_texts(), strict=True))
    with page.expect_download() as got:
        link.click()
    address = page.get_by_role("link", name="Tautan pemeriksaan").get_attribute("href")
    return facts | {"pdf": got.value.path().read_bytes(), "link": portal.url + address}


@pytest.mark.parametrize(("width", "height", "scripts"), [(390, 844, True), (1280, 900, True), (390, 844, False)])
def test_checks_a_certificate(
    open_page: Callable[..., Any], portal: Portal, gate: Gate, printed: dict[str, Any], width: int, height: int, scripts: bool
) -> None:
    page = open_page(width, height, scripts=scripts)
    look = gate if scripts else lambda *_words, **_more: None
    page.goto(f"{portal.url}/periksa/")
    look(page, "periksa", dark=True)

    page.get_by_label("Kode periksa").fill(printed["Kode periksa"].lower().replace("-", " "))
    page.get_by_role("button", name="Periksa sertifikat").click()
    acting.is_on(page, "Sertifikat ini sah")
    for fact in (printed["Nama"], printed["Nomor"], printed["Kode periksa"]):
        expect(page.locator("dl")).to_contain_text(fact)
    look(page, "periksa-sah", dark=True)

    changed = printed["Kode periksa"][:-1] + ("A" if printed["Kode periksa"][-1] != "A" else "B")
    page.goto(f"{portal.url}/periksa/?kode={changed}")
    acting.is_on(page, "Kode ini tidak ditemukan")
    look(page, "periksa-tidak-ditemukan", dark=True)

    page.goto(printed["link"])
    acting.is_on(page, "Sertifikat ini sah")
    page.goto(printed["link"][:-2] + "x/")
    acting.is_on(page, "Tautan ini tidak ditemukan")

    with_file(page, portal, printed["pdf"], "Sertifikat ini sah")
    with_file(page, portal, printed["pdf"][:-2] + b"!\n", "Berkas ini tidak sama dengan yang diterbitkan")
    look(page, "periksa-berkas-lain")

    with_number(page, portal, printed["Nomor"], printed["Nama"], "Sertifikat ini sah")
    with_number(page, portal, printed["Nomor"], "Orang Lain", "Nomor dengan nama itu tidak ditemukan")


def with_file(page: Any, portal: Portal, content: bytes, says: str) -> None:
    page.goto(f"{portal.url}/periksa/")
    page.locator("input[name=pdf]").set_input_files({"name": "sertifikat.pdf", "mimeType": "application/pdf", "buffer": content})
    page.get_by_role("button", name="Bandingkan berkas").click()
    acting.is_on(page, says)


def with_number(page: Any, portal: Portal, number: str, name: str, says: str) -> None:
    page.goto(f"{portal.url}/periksa/")
    page.get_by_text("Hanya ada nomornya?").click()
    page.get_by_label("Nomor sertifikat").fill(number)
    page.get_by_label("Nama pemilik").fill(name)
    page.get_by_role("button", name="Periksa nomor").click()
    acting.is_on(page, says)
