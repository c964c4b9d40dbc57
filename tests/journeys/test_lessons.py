"""Every lesson of the curriculum in a real browser: narrow and wide, light and dark, nothing from elsewhere, within its bytes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from courses.reading import read_course
from courses.reporting import Report
from linimasa.environment import ROOT
from tests import browser_gate
from tests.portal import Portal, wait_until

pytestmark = [pytest.mark.browser, pytest.mark.worker]
SEAT = "peserta2"  # has finished the course, so every lesson is open
BUDGET = 60_000  # bytes, compressed: the lesson's text and figures, beside the page's shell
WIDTHS = (320, 390, 1280)
SCHEMES = ("light", "dark")


def lessons() -> list[tuple[str, str]]:
    """Module and lesson, as addresses say them, of every lesson in the files (the course's own under «program»)."""
    found = read_course(ROOT / "content" / "lini-masa", Report())
    assert found is not None
    return [(module.slug, one.slug) for module in found.modules for one in module.activities if one.kind == "lesson"]


LESSONS = lessons()


def windows(page: Page) -> Iterator[tuple[int, str]]:
    """The page in every width and scheme, one after the other."""
    for scheme in SCHEMES:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            yield width, scheme


def test_there_are_twenty_four_lessons() -> None:
    assert len(LESSONS) == 24


@pytest.fixture(scope="module")
def weights(request: pytest.FixtureRequest) -> Iterator[dict[str, tuple[int, int]]]:
    """Bytes of each lesson (text, figures) as they went over the line; printed when all have been opened."""
    found: dict[str, tuple[int, int]] = {}
    yield found
    lines = [f"{name:<64} {text:>7} {figures:>7} {text + figures:>7}" for name, (text, figures) in found.items()]
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(
            f"\n{'bytes over the line, of at most ' + str(BUDGET):<64} {'page':>7} {'figures':>7} {'sum':>7}", *lines, sep="\n", flush=True
        )


def unlocked(page: Page, portal: Portal, lesson: tuple[str, str]) -> str:
    """The lesson's address, those before it in its module finished if it is still locked."""
    module = [one for one in LESSONS if one[0] == lesson[0]]
    address = f"{portal.url}/belajar/lini-masa/{lesson[0]}/{lesson[1]}/"
    if page.context.request.get(address).status == 403:
        for _module, before in module[: module.index(lesson)]:
            page.goto(f"{portal.url}/belajar/lini-masa/{lesson[0]}/{before}/")
            if (button := page.get_by_role("button", name="Selesai, lanjutkan")).count():
                button.click()
    return address


def look(
    page: Page, portal: Portal, lesson: tuple[str, str], weights: dict[str, tuple[int, int]], asked: Callable[[int, str], list[str]]
) -> list[str]:
    """What is wrong with the lesson in any window; ``asked(width, scheme)`` asks what needs more than the layout."""
    hosts, sizes = set[str](), dict[str, int]()
    address = unlocked(page, portal, lesson)
    page.set_viewport_size({"width": 390, "height": 900})
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    addresses: dict[str, str] = {}
    line.on("Network.requestWillBeSent", lambda told: addresses.update({told["requestId"]: told["request"]["url"]}))
    line.on(
        "Network.loadingFinished",
        lambda told: sizes.update({addresses.get(told["requestId"], ""): int(told["encodedDataLength"])}),
    )
    answer = page.goto(address)
    assert answer is not None and answer.status == 200
    page.evaluate("Promise.all([...document.images].map(one => { one.loading = 'eager'; return one.decode().catch(() => 0); }))")
    wait_until(lambda: page.wait_for_timeout(20) or {one for one in addresses.values() if "/m/" in one} <= set(sizes), 10, what="figures")
    hosts = {one for one in addresses.values() if not one.startswith((f"{portal.url}/", "data:"))}
    wrong = [f"asks elsewhere: {one}" for one in hosts]
    wrong += [
        f"broken picture: {one}" for one in page.evaluate("[...document.images].filter(one => !one.naturalWidth).map(one => one.src)")
    ]
    figures = sum(size for one, size in sizes.items() if "/m/" in one)
    weights["/".join(lesson)] = sizes[address], figures
    if not figures:
        wrong.append("no figure came over the line")
    if sizes[address] + figures > BUDGET:
        wrong.append(f"{sizes[address] + figures} bytes, more than {BUDGET}")
    for width, scheme in windows(page):
        wrong += [f"{width} px {scheme}: {one}" for one in [*browser_gate.layout_problems(page), *asked(width, scheme)]]
    return wrong


@pytest.mark.parametrize("lesson", LESSONS, ids="/".join)
def test_a_lesson_reads_well_on_every_screen(
    open_page: Callable[..., Any],
    portal: Portal,
    state_of: Callable[[str], Any],
    weights: dict[str, tuple[int, int]],
    lesson: tuple[str, str],
) -> None:
    page = open_page(390, 900, storage_state=state_of(SEAT))
    whole = {(390, "light"), (1280, "dark")}  # ``make soak`` asks axe in all six windows

    def axe(width: int, scheme: str) -> list[str]:
        return browser_gate.axe_problems(page) if (width, scheme) in whole else []

    assert look(page, portal, lesson, weights, axe) == []


@pytest.mark.soak
@pytest.mark.parametrize("lesson", LESSONS, ids="/".join)
def test_a_lesson_has_no_violation_in_any_window(
    open_page: Callable[..., Any],
    portal: Portal,
    state_of: Callable[[str], Any],
    weights: dict[str, tuple[int, int]],
    lesson: tuple[str, str],
) -> None:
    page = open_page(390, 900, storage_state=state_of(SEAT))
    assert look(page, portal, lesson, weights, lambda _width, _scheme: browser_gate.axe_problems(page)) == []


@pytest.mark.parametrize("lesson", LESSONS[::8], ids="/".join)
def test_a_lesson_is_whole_without_scripts(
    open_page: Callable[..., Any], portal: Portal, state_of: Callable[[str], Any], lesson: tuple[str, str]
) -> None:
    page = open_page(390, 900, scripts=False, storage_state=state_of(SEAT))
    page.goto(unlocked(page, portal, lesson))
    check = page.locator("section.check").first
    check.locator("label.choice").first.click()
    check.get_by_role("button", name="Periksa jawaban").click()
    assert page.locator("section.check").first.locator(".feedback p").inner_text()
    assert page.locator("section.recap, section.sources, section.todo, section.task").count() == 4
