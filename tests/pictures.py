"""``make pictures``: the README's pictures of today's pages, from a fresh demo in a real Chromium."""

from __future__ import annotations

import io
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests import browsers, conftest  # noqa: F401 - the environment of tests comes first
from tests.journeys import acting
from tests.portal import Portal

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "docs" / "pictures"
PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 860}


def keep(page: Page, name: str) -> None:
    """What the window shows now, as a small WebP."""
    page.evaluate("document.fonts.ready")
    picture = Image.open(io.BytesIO(page.screenshot()))
    picture.save(FOLDER / f"{name}.webp", "WEBP", quality=82, method=6)


def draw(browser: Any, portal: Portal) -> None:
    def open_page(size: dict[str, int]) -> Page:
        return browser.new_context(viewport=size, locale="id-ID", reduced_motion="reduce", device_scale_factor=1).new_page()

    public = open_page(DESK)
    public.goto(portal.url)
    keep(public, "beranda-publik-1280")
    [(token,)] = portal.rows("SELECT token FROM certificates_certificate LIMIT 1")
    public.goto(f"{portal.url}/periksa/{token}/")
    keep(public, "periksa-1280")

    phone = open_page(PHONE)
    acting.sign_in(phone, portal, "peserta@demo.linimasa.go.id")
    phone.goto(f"{portal.url}/beranda/")
    keep(phone, "beranda-390")
    phone = open_page(PHONE)
    acting.sign_in(phone, portal, "peserta3@demo.linimasa.go.id")
    [(module, lesson)] = portal.rows(
        "SELECT m.slug, a.slug FROM courses_activity a JOIN courses_module m ON m.id = a.module_id WHERE a.code = 'M1.3'"
    )
    phone.goto(f"{portal.url}/belajar/lini-masa/{module}/{lesson}/")
    keep(phone, "pelajaran-390")
    phone = open_page(PHONE)
    acting.sign_in(phone, portal, "cut.nyak@demo.linimasa.go.id")
    [(quiz,)] = portal.rows("SELECT id FROM courses_activity WHERE code = 'M1-KUIS'")
    phone.goto(f"{portal.url}/kuis/mulai/{quiz}/")
    phone.get_by_role("button", name="Mulai kuis").click()
    phone.wait_for_url("**/kuis/*/1/")
    keep(phone, "kuis-390")

    desk = open_page(DESK)
    acting.sign_in(desk, portal, "pengajar2@demo.linimasa.go.id", who="pengajar2")
    desk.goto(f"{portal.url}/nilai/")
    desk.get_by_role("button", name="Nilai yang terlama").click()
    for place, level in enumerate((0, 1, 0)):
        desk.locator(f"input[name=c{place}][value='{level}']").check(force=True)
    keep(desk, "meja-nilai-1280")


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = Path(tempfile.mkdtemp(prefix="pictures-", dir=ROOT / ".pytest_cache"))
    portal = Portal(data, port).start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=browsers.program(), args=browsers.FLAGS, env=browsers.environment(data))
            draw(browser, portal)
            browser.close()
    finally:
        portal.stop()
        shutil.rmtree(data, ignore_errors=True)
    print(f"Gambar README diperbarui di {FOLDER.relative_to(ROOT)}.")


if __name__ == "__main__":
    main()
