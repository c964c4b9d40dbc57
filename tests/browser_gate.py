"""What every page must pass in a real browser: axe, no sideways scrolling at 320 px, targets of 24 px, focus that can be seen.

``problems(page, url)`` gives sentences; an empty list is a pass. Journeys call it on each page they reach; run as a program it
checks and photographs addresses of a running portal: ``python tests/browser_gate.py http://localhost:8000/papan/ …``.
"""

from __future__ import annotations

import shutil
import sys
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page, sync_playwright

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WINDOWS = ((390, 844, "light"), (390, 844, "dark"), (320, 568, "light"), (1280, 900, "light"), (1280, 900, "dark"))
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"

SMALL_TARGETS = """() => { const out = [];
  for (const e of document.querySelectorAll('a[href],button,input:not([type=hidden]),select,textarea,summary')) {
    const b = e.matches('input[type=radio],input[type=checkbox]') ? e.closest('label') || e : e;
    const s = getComputedStyle(e), r = b.getBoundingClientRect();
    if (!r.width || s.visibility === 'hidden' || e.closest('.skip,.vh')) continue;
    let around = e.parentElement; while (getComputedStyle(around).display === 'inline') around = around.parentElement;
    const inSentence = s.display === 'inline' && e.matches('a') && around.textContent.trim().length > e.textContent.trim().length;
    if (inSentence || Math.min(r.width, r.height) >= 24) continue;
    out.push(`${Math.round(r.width)}×${Math.round(r.height)} ${(e.textContent || e.id || e.name).trim().slice(0, 40)}`);
  } return out; }"""
FOCUS_SEEN = """() => { const e = document.activeElement; if (!e || e === document.body) return null;
  const box = e.closest('label') || e, r = box.getBoundingClientRect(); if (!r.width) return null;
  const points = [[r.left + 2, r.top + 2], [r.right - 2, r.top + 2], [r.left + 2, r.bottom - 2],
    [r.right - 2, r.bottom - 2], [(r.left + r.right) / 2, (r.top + r.bottom) / 2]];
  const seen = points.some(([x, y]) => { if (x < 0 || y < 0 || x > innerWidth || y > innerHeight) return false;
    const t = document.elementFromPoint(x, y); return t && (e.contains(t) || t.contains(e) || box.contains(t)); });
  return [seen, (e.textContent || e.id || '').trim().slice(0, 40)]; }"""

# A bar that stays at the foot covers whatever happens to lie under it, for axe a target that is too small. It scrolls away, so the bar
# stands still while axe looks; that it never hides the focus is asked by FOCUS_SEEN.
AXE_RUN = """async what => {
  const feet = [...document.querySelectorAll('.bench-foot')];
  for (const foot of feet) foot.style.position = 'static';
  const found = await axe.run(document, {runOnly: what, resultTypes: ['violations']});
  for (const foot of feet) foot.style.position = '';
  return found; }"""


@cache
def _axe() -> str:
    return AXE.read_text() + "; undefined"


def axe_problems(page: Page, *, only: str = "") -> list[str]:
    """What axe-core finds on the page as it stands, one sentence a rule. ``only``: ask for this one rule."""
    # Through the debugger's own world, so that the page's strict policy stays as it is. It is there until the next page.
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    what = {"type": "rule", "values": [only]} if only else {"type": "tag", "values": RULES}
    found: dict[str, Any] = page.evaluate(AXE_RUN, what)
    return [
        f"axe {one['id']} ({one['impact']}): {one['nodes'][0]['target']} {one['nodes'][0].get('failureSummary', '')[:200]}"
        for one in found["violations"]
    ]


def layout_problems(page: Page) -> list[str]:
    """Sideways scrolling, and targets under 24 px outside sentences."""
    over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    sideways = [f"{over} px lebih lebar dari layar {page.viewport_size}"] if over > 0 else []
    return sideways + [f"target kecil: {one}" for one in page.evaluate(SMALL_TARGETS)]


def focus_problems(page: Page, steps: int = 60) -> list[str]:
    """Walk by Tab: the focused element is never wholly hidden (WCAG 2.4.11)."""
    page.evaluate("document.activeElement.blur(); window.scrollTo(0, 0)")
    hidden = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUS_SEEN)
        if seen is None:
            break
        if not seen[0]:
            hidden.append(f"fokus tersembunyi: {seen[1]}")
    return hidden


def problems(page: Page, *, focus: bool = False) -> list[str]:
    """Everything the gate asks of the page as it stands now."""
    page.evaluate("document.fonts.ready")
    return axe_problems(page) + layout_problems(page) + (focus_problems(page) if focus else [])


def main(addresses: list[str], pictures: Path | None) -> int:
    bad = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        for address in addresses:
            for width, height, scheme in WINDOWS:
                context = browser.new_context(
                    viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce", locale="id-ID"
                )
                page = context.new_page()
                said: list[str] = []
                page.on("console", lambda message, said=said: said.append(message.text) if message.type == "error" else None)
                page.goto(address)
                if pictures:
                    page.evaluate("document.fonts.ready")
                    name = address.split("/", 3)[-1].strip("/").replace("/", "-") or "depan"
                    page.screenshot(path=str(pictures / f"{name}-{width}-{scheme}.png"), full_page=True)
                found = problems(page, focus=True) + [f"konsol: {one}" for one in said]
                print(f"{address} {width} {scheme}: {'baik' if not found else ''}")
                for one in found:
                    print("   ", one)
                bad += len(found)
                context.close()
        browser.close()
    return bad


if __name__ == "__main__":
    wanted = sys.argv[1:]
    folder = Path(wanted.pop(0).removeprefix("--pictures=")) if wanted and wanted[0].startswith("--pictures=") else None
    sys.exit(bool(main(wanted, folder)))
