"""Finding, feeding and questioning a real Chromium."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]


def program() -> str | None:
    """Debian's Chromium, or None."""
    return next((found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None)


def environment(home: Path) -> dict[str, str]:
    """A browser's environment: its home and caches are in the test's own folder, nothing goes to the user's."""
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "XDG_DATA_HOME": str(home / "data"),
    }


def assert_accessible(page: Any, *, focus: bool = False) -> None:
    """The page as it is now passes the browser's gate: axe (WCAG 2.2 AA), no sideways scrolling, targets of 24 px."""
    from tests import browser_gate

    found = browser_gate.problems(page, focus=focus)
    assert not found, f"{page.url}\n" + "\n".join(found)
