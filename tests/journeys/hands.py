"""Two ways to use a page: by mouse and by the keyboard alone. A story says what is done; the hand says how."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page, expect

MOST_STEPS = 250  # by Tab through the longest page of the studio
IS_FOCUSED = "e => e === document.activeElement"
IS_BEFORE = """e => { const now = document.activeElement;
  return now !== document.body && now.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_PRECEDING; }"""
WHERE = "() => { const e = document.activeElement; return (e.id || e.name || e.textContent || e.tagName).trim().slice(0, 40); }"


class Mouse:
    """Points and clicks; types what a field holds."""

    def press(self, what: Locator) -> None:
        """Use a link or a button."""
        what.click()

    def go(self, what: Locator) -> None:
        """Use a link or a button that leads to another page, and wait for it."""
        with what.page.expect_navigation():
            self.press(what)

    def write(self, what: Locator, text: str) -> None:
        """The field holds this text and nothing else."""
        what.fill(text)

    def choose(self, what: Locator, label: str) -> None:
        """The option whose words these are."""
        what.select_option(label=label)

    def check(self, what: Locator) -> None:
        """A radio button or a box."""
        what.check()

    def reach(self, what: Locator) -> None:
        """The caret stands in this field."""
        what.click()


class Keys(Mouse):
    """Never touches the mouse: walks by Tab to what is meant, types, presses Enter, Space and the arrows."""

    def reach(self, what: Locator) -> None:
        """Press Tab (Shift+Tab, when that is nearer) until the focus is there, as somebody does who looks at the page."""
        expect(what).to_be_visible()
        page = what.page
        key = "Shift+Tab" if self._is_before(what) else "Tab"
        for _ in range(MOST_STEPS):
            if what.evaluate(IS_FOCUSED):
                return
            page.keyboard.press(key)
        raise AssertionError(f"{page.url}: Tab never reached {what}; it ended at «{page.evaluate(WHERE)}»")

    def press(self, what: Locator) -> None:
        self.reach(what)
        what.page.keyboard.press("Enter")

    def write(self, what: Locator, text: str) -> None:
        self.reach(what)
        what.page.keyboard.press("Control+a")
        what.page.keyboard.press("Delete")
        what.page.keyboard.insert_text(text)

    def choose(self, what: Locator, label: str) -> None:
        self.reach(what)
        what.page.keyboard.type(label)  # a list jumps to the option that begins with what is typed
        expect(what.locator("option:checked")).to_have_text(label)

    def check(self, what: Locator) -> None:
        if what.get_attribute("type") == "checkbox":
            self.reach(what)
            what.page.keyboard.press("Space")
        else:
            self._radio(what)
        expect(what).to_be_checked()

    def _radio(self, what: Locator) -> None:
        """Tab enters a group of radio buttons once; the arrows choose in it."""
        page, name = what.page, what.get_attribute("name")
        in_group = "name => document.activeElement.name === name"
        for _ in range(MOST_STEPS):
            if page.evaluate(in_group, name):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Space")
        for _ in range(20):
            if what.is_checked():
                return
            page.keyboard.press("ArrowDown")

    @staticmethod
    def _is_before(what: Locator) -> bool:
        return bool(what.evaluate(IS_BEFORE))


Hand = Mouse
HANDS: dict[str, Callable[[], Any]] = {"tetikus": Mouse, "papan-ketik": Keys}


def opened(hand: Hand, summary: Locator, inside: Locator) -> None:
    """Unfold a section, when what is inside it does not show yet."""
    if not inside.is_visible():
        hand.press(summary)
    expect(inside).to_be_visible()


def keep_picture(page: Page, name: str) -> None:
    """A picture, where PICTURES names a folder."""
    if folder := os.environ.get("PICTURES"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
