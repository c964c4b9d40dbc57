"""A person who uses only the keyboard: Tab to a field, type, choose by arrows, press what must be pressed."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page

Posted = dict[str, list[str]]
MOST_TABS = 80
HERE = "(wanted) => document.activeElement && document.activeElement.matches(wanted)"


def reach(page: Page, wanted: str) -> None:
    """Press Tab until the element that matches has the focus; AssertionError when it is never reached."""
    for _ in range(MOST_TABS):
        if page.evaluate(HERE, wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{wanted} is not reached by the keyboard")


def answer(page: Page, raw: Posted) -> float:
    """Give this answer to the question on the page by keys alone; when (``time.time()``) the last key was pressed."""
    last = time.time()
    for name, values in raw.items():
        first = page.locator(f'form[data-quiz] [name="{name}"]').first
        kind = first.evaluate("(one) => one.tagName === 'SELECT' ? 'select' : one.type")
        act = {"radio": _choose, "checkbox": _tick, "select": _pick, "hidden": _order}.get(kind, _type)
        last = act(page, name, values)
    return last


def press(page: Page, key: str) -> float:
    """The moment before the key, which is the strictest one to measure from."""
    at = time.time()
    page.keyboard.press(key)
    return at


def _type(page: Page, name: str, values: list[str]) -> float:
    reach(page, f'[name="{name}"]')
    page.keyboard.press("Control+a")
    page.keyboard.type(str(values[0])[:-1])
    return press(page, str(values[0])[-1])


def _choose(page: Page, name: str, values: list[str]) -> float:
    reach(page, f'[name="{name}"]')
    last = press(page, "Space")
    for _ in range(MOST_TABS):
        if page.evaluate(HERE, f'[name="{name}"][value="{values[0]}"]:checked'):
            return last
        last = press(page, "ArrowDown")
    raise AssertionError(f"{name}={values[0]} is not reached by arrows")


def _tick(page: Page, name: str, values: list[str]) -> float:
    last = 0.0
    wanted = sorted(values)
    for value in wanted:
        reach(page, f'[name="{name}"][value="{value}"]')
        last = press(page, "Space")
    return last


def _pick(page: Page, name: str, values: list[str]) -> float:
    reach(page, f'[name="{name}"]')
    last = press(page, "Home")
    for _ in range(MOST_TABS):
        if page.locator(f'[name="{name}"]').input_value() == values[0]:
            return last
        last = press(page, "ArrowDown")
    raise AssertionError(f"{name} has no option {values[0]}")


def order_now(page: Page, name: str) -> list[str]:
    return [str(one.get_attribute("value")) for one in page.locator(f'[name="{name}"]').all()]


def _order(page: Page, name: str, values: list[str]) -> float:
    last = time.time()
    for place, value in enumerate(values):
        while (now := order_now(page, name)).index(value) > place:
            at = now.index(value)
            page.keyboard.press("Tab")
            reach_either_way(page, f'[name=naik][value="{value}"]')
            last = press(page, "Enter")
            page.wait_for_function(
                "([name, value, at]) => [...document.querySelectorAll(`[name='${name}']`)].findIndex((one) => one.value === value) === at",
                arg=[name, value, at - 1],
            )
    return last


def reach_either_way(page: Page, wanted: str) -> None:
    """Back to the start of the page where it lies behind."""
    for _ in range(MOST_TABS):
        if page.evaluate(HERE, wanted):
            return
        page.keyboard.press("Shift+Tab")
        if page.evaluate("() => document.activeElement === document.body || document.activeElement.matches('.skip')"):
            break
    reach(page, wanted)


def question(one: Any) -> str:
    return f'form[data-quiz][data-number="{one.position}"]'
