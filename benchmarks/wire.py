"""What a real browser loads on a first and a repeat visit: bytes as they come over the wire, headers included."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from tests import browsers


class NoBrowser(Exception):
    """There is no Chromium here."""


def lesson(port: int, path: str, cookies: dict[str, str], *, width: int = 390) -> dict[str, Any]:
    """Bytes and requests of two visits to one address, figures (images of the lesson) left out."""
    program = browsers.program()
    if program is None:
        raise NoBrowser
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=browsers.FLAGS, env=browsers.environment(Path(home)))
        context = chromium.new_context(viewport={"width": width, "height": 844}, locale="id-ID")
        context.add_cookies([{"name": key, "value": value, "url": f"http://localhost:{port}"} for key, value in cookies.items()])
        first = visit(context, f"http://localhost:{port}{path}")
        repeat = visit(context, f"http://localhost:{port}{path}")
        chromium.close()
    return {
        "first_bytes": sum(size for _, size in first),
        "first_requests": len(first),
        "repeat_bytes": sum(size for _, size in repeat),
        "repeat_requests": len(repeat),
        "first": first,
        "repeat": repeat,
    }


def visit(context: Any, address: str) -> list[tuple[str, int]]:
    """Each address that went over the network, with its bytes."""
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    asked: dict[str, tuple[str, str]] = {}
    cached: set[str] = set()
    loaded: list[tuple[str, int]] = []
    session.on(
        "Network.requestWillBeSent", lambda told: asked.__setitem__(told["requestId"], (told["request"]["url"], told.get("type", "")))
    )
    session.on("Network.requestServedFromCache", lambda told: cached.add(told["requestId"]))
    session.on("Network.responseReceived", lambda told: cached.add(told["requestId"]) if told["response"].get("fromDiskCache") else None)

    def finished(told: dict[str, Any]) -> None:
        url, kind = asked.get(told["requestId"], ("", ""))
        figure = kind == "Image" and "/static/" not in url
        if told["requestId"] not in cached and url.startswith("http") and not figure:
            loaded.append((url, int(told["encodedDataLength"])))

    session.on("Network.loadingFinished", finished)
    answer = page.goto(address, wait_until="networkidle")
    if answer.status != 200:
        raise RuntimeError(f"{address} answered {answer.status}")
    page.close()
    return loaded
