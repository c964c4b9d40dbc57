"""What the stories share: one running portal, the gate for every page, and staff who have signed in once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page

from accounts.models import User
from tests import browser_gate
from tests.factories import accounts
from tests.journeys import acting, knowing
from tests.portal import Portal

PHONE, DESK = {"width": 390, "height": 844}, {"width": 1280, "height": 900}


def kind(address: str) -> str:
    """Addresses that differ in numbers, or in the name of a lesson or of a row that goes with a course, are of one kind."""
    parts = urlsplit(address)
    path = re.sub(r"/[\w-]*\d[\w-]*(?=/|$)", "/N", parts.path)
    path = re.sub(r"^(/belajar/[^/]+/)[^/]+/[^/]+/$", r"\1…/…/", path)
    path = re.sub(r"^(/kelola/modul/kursus/N/(?:istilah|fakta|salah-paham|panduan)/)[^/]+/$", r"\1…/", path)
    return path + "?" + "&".join(sorted(one.partition("=")[0] for one in parts.query.split("&")))


def template(address: str) -> str:
    """Addresses whose pages are drawn alike: of one kind whatever is asked of it, of any module, guide or task of the help."""
    path = kind(address).partition("?")[0]
    return re.sub(r"^(/modul/[^/]+|/belajar/[^/]+|/panduan-pengajar/[^/]+|/kelola/modul/bantuan)/[^/…]+/$", r"\1/…/", path)


class Gate:
    """``gate(page, name)``: the page passes axe, shows nothing sideways and hides no focus, on a phone and on a desk.

    Each name is checked once a run; ``dark=True`` looks at it in the dark as well. With PICTURES=folder it also keeps a picture.
    """

    def __init__(self) -> None:
        self.seen: set[str] = set()
        self.drawn: set[str] = set()
        self.pictures = Path(os.environ["PICTURES"]) if os.environ.get("PICTURES") else None

    def __call__(self, page: Page, name: str, *, dark: bool = False) -> None:
        if name in self.seen:
            return
        self.seen |= {name, kind(page.url)}
        self.drawn.add(template(page.url))
        own = page.viewport_size
        wrong = []
        for size in (PHONE, DESK):
            page.set_viewport_size(size)  # type: ignore[arg-type]
            wrong += [f"{size['width']} px: {one}" for one in browser_gate.problems(page)]
            self._keep(page, f"{name}-{size['width']}")
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        if dark:
            page.emulate_media(color_scheme="dark")
            wrong += [f"gelap: {one}" for one in browser_gate.axe_problems(page, only="color-contrast")]
            self._keep(page, f"{name}-gelap")
            page.emulate_media(color_scheme="light")
        page.set_viewport_size(own)  # type: ignore[arg-type]
        assert not wrong, f"{name} {page.url}\n" + "\n".join(wrong)

    def glance(self, page: Page, address: str) -> list[str]:
        """What is wrong with the page at that address: the layout at the page's own width and on a phone, and axe at the former.

        Once for each kind of address that no story has looked at; axe once for those that are drawn alike.
        """
        name = kind(address)
        if name in self.seen:
            return []
        self.seen.add(name)
        page.goto(address)
        own = page.viewport_size
        wrong = browser_gate.layout_problems(page) if template(address) in self.drawn else browser_gate.problems(page)
        self.drawn.add(template(address))
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        wrong += browser_gate.layout_problems(page)
        self._keep(page, "tautan-" + name.strip("/?").replace("/", "-"))
        page.set_viewport_size(own)  # type: ignore[arg-type]
        return [f"{address}: {one}" for one in wrong]

    def _keep(self, page: Page, name: str) -> None:
        if self.pictures:
            self.pictures.mkdir(parents=True, exist_ok=True)
            page.screenshot(path=str(self.pictures / f"{name}.png"), full_page=True)


@pytest.fixture(scope="session")
def gate() -> Gate:
    """See ``Gate``."""
    return Gate()


@pytest.fixture
def portal(live_portal: Portal) -> Portal:
    """The running portal; no page of the story may have failed in it."""
    return live_portal


@pytest.fixture(scope="session")
def state_of(live_portal: Portal, browser: Any) -> Callable[[str], Any]:
    """``state_of("pengajar")``: the cookies of a demo account that has signed in, once a run (a code works once)."""
    states: dict[str, Any] = {}

    def state(short: str) -> Any:
        if short not in states:
            context = browser.new_context(locale="id-ID")
            context.set_default_timeout(15_000)
            staff = not short.startswith("peserta")
            acting.sign_in(context.new_page(), live_portal, f"{short}@demo.linimasa.go.id", who=short if staff else "")
            states[short] = context.storage_state()
            context.close()
        return states[short]

    return state


@pytest.fixture
def seat(open_page: Callable[..., Any], live_server: Any) -> Callable[..., Page]:
    """``seat(person)``: a browser of that person's own, signed in to the test's own server, on the dashboard."""

    def opened(person: User, width: int = 1280, height: int = 900, **more: Any) -> Page:
        page = open_page(width, height, **more)
        cookies = accounts.client_of(person).cookies
        page.context.add_cookies([{"name": key, "value": one.value, "url": live_server.url} for key, one in cookies.items()])
        page.goto(f"{live_server.url}/beranda/")
        return page

    return opened


DRAW = """
from courses.publishing import publish_module
from quizzes.models import Quiz
quiz = Quiz.objects.select_related("activity__module").get(activity__code="M1-KUIS")
quiz.draw = {draw}
quiz.save(update_fields=["draw"])
publish_module(quiz.activity.module, by=None)
"""


@pytest.fixture(scope="session")
def one_of_each_kind(live_portal: Portal) -> None:
    """From here on the quiz of module 1 asks one question of each kind, instead of eight by chance."""
    first = {one["kind"]: one["code"] for one in reversed(knowing.BANK) if one["code"].startswith("M1-")}
    assert set(first) == knowing.ALL_KINDS
    live_portal.manage("shell", "-c", DRAW.format(draw=[{"question": code} for code in first.values()]))
