"""A package as a person sees it without any portal: every picture, film, document and term is in it, on a phone and on a desk."""

from __future__ import annotations

import pytest

from courses.models import PackageKind
from courses.packing import cartridge, scorm
from tests import browser_gate
from tests.courses.test_packing_scorm import files_of
from tests.courses.whole import whole_course
from tests.journeys import hands

pytestmark = [pytest.mark.django_db, pytest.mark.browser]
HERE = "http://paket.localhost/"
TYPES = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
    "webp": "image/webp",
    "vtt": "text/vtt",
    "mp4": "video/mp4",
    "mp3": "audio/mpeg",
    "pdf": "application/pdf",
}
# What the page has loaded: pictures that drew, captions that were read, what plays by itself or takes bytes before somebody asks.
SEEN = """() => ({
  pictures: [...document.images].map((one) => [one.currentSrc.split("/").pop(), one.alt !== null && one.hasAttribute("alt")]),
  broken: [...document.images].filter((one) => one.offsetParent && one.complete && !one.naturalWidth).map((one) => one.src),
  autoplay: document.querySelectorAll("[autoplay], [preload=auto]").length,
  players: [...document.querySelectorAll("video, audio")].map((one) => [one.localName, one.controls, one.preload]),
  wide: document.documentElement.scrollWidth - innerWidth,
})"""
CAPTIONS = """() => { const one = document.querySelector("video track"); one.track.mode = "showing";
  return one.readyState === 2 && one.track.cues.length > 0; }"""


@pytest.fixture
def course(tmp_path):
    return whole_course(tmp_path)


def opened(page, files: dict[str, bytes], name: str) -> list[str]:
    """The file of the package in the browser; what it asks of elsewhere, or of the package in vain."""
    lost: list[str] = []

    def answer(route):
        path = route.request.url.partition("#")[0].removeprefix(HERE)
        if path not in files:
            lost.append(route.request.url)
            return route.fulfill(status=404)
        return route.fulfill(body=files[path], content_type=TYPES[path.rpartition(".")[2]])

    page.route("**/*", answer)
    page.goto(HERE + name)
    return lost


def has_everything(page, lost: list[str]) -> None:
    seen = page.evaluate(SEEN)
    assert seen["pictures"] and all(told for _name, told in seen["pictures"]) and not seen["broken"], seen
    assert {name for name, _controls, _preload in seen["players"]} == {"video", "audio"} and not seen["autoplay"]
    assert all(controls and preload in {"none", "metadata"} for _name, controls, preload in seen["players"]), seen
    page.wait_for_function(CAPTIONS)
    assert seen["wide"] <= 0 and not lost, (seen["wide"], lost)
    assert not browser_gate.problems(page)


@pytest.mark.parametrize(("width", "dark"), [(390, False), (1280, True)])
def test_a_scorm_package_shows_everything_without_a_portal(open_page, course, width, dark):
    files = files_of(scorm.make(course.modules.get(code="M1").current_version, PackageKind.SCORM2004)[0])
    page = open_page(width, 900, dark=dark)
    lost = opened(page, files, "index.html")
    page.get_by_text("Kemajuan tidak dikirim").wait_for()
    hands.keep_picture(page, f"scorm-{width}-1")
    has_everything(page, lost)
    papers = [
        one for one in page.locator("section.is-now a[href]").evaluate_all("all => all.map((a) => a.getAttribute('href'))") if "pdf" in one
    ]
    assert papers and all(one in files and files[one].startswith(b"%PDF") for one in papers)
    page.locator("section.is-now a", has_text="kunci sandi").first.click()
    term = page.locator("#istilah dt", has_text="kunci sandi")
    assert term.is_visible() and term.evaluate(
        "one => one.getBoundingClientRect().top >= 0 && one.getBoundingClientRect().top < innerHeight"
    )
    for place in range(1, page.locator("section.unit").count()):
        page.locator(f"a[data-unit='{place}']").click()
        page.locator(f"section.is-now[data-unit='{place}']").wait_for()
        hands.keep_picture(page, f"scorm-{width}-{place + 1}")
        assert not browser_gate.problems(page) and not page.evaluate(SEEN)["broken"]
    assert not lost


@pytest.mark.parametrize("width", [390, 1280])
def test_a_page_of_a_cartridge_shows_everything_without_a_portal(open_page, course, width):
    files = files_of(cartridge.make(course, course.modules.get(code="M1").current_version)[0])
    name = next(one for one, data in files.items() if one.endswith(".html") and b"<video" in data)
    page = open_page(width, 900)
    lost = opened(page, files, name)
    page.wait_for_load_state("load")
    hands.keep_picture(page, f"cartridge-{width}")
    has_everything(page, lost)
