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


def assert_accessible(page: Any, *, within: str | None = None) -> None:
    """No violation of WCAG 2.2 AA (or of axe's best practices) on the page as it is now."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page, context=within) if within else Axe().run(page)
    told = [
        f"{one['id']} ({one['impact']}): {one['help']}\n" + "\n".join(f"    {node['html'][:200]}" for node in one["nodes"][:5])
        for one in found.response["violations"]
    ]
    assert not told, f"{page.url}\n" + "\n".join(told)
