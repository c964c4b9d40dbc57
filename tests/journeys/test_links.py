"""Every seat of the demo follows every link that its pages show, one of each kind: none leads nowhere, and each page passes the gate."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin

import pytest

from tests.journeys.conftest import Gate, kind
from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.worker]
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
SEATS = ["", "peserta", "peserta2", "pengajar2", "koordinator", "penulis", "peninjau", "penyelenggara", "admin"]


@pytest.mark.parametrize("seat", SEATS)
def test_every_link_leads_somewhere(
    open_page: Callable[..., Any], portal: Portal, gate: Gate, state_of: Callable[[str], Any], seat: str
) -> None:
    page = open_page(**({"storage_state": state_of(seat)} if seat else {}))
    waiting, seen, broken = [(f"{portal.url}/", "")], set[str](), []
    if seat:
        waiting += [(f"{portal.url}/beranda/", ""), (f"{portal.url}/kelola/", "")]
    while waiting:
        address, origin = waiting.pop()
        of = kind(address)
        if of in seen:
            continue
        seen.add(of)
        answer = page.context.request.get(address)
        if answer.status != 200 and not (of == "/kelola/?" and answer.status in {403, 404}):
            broken.append(f"{answer.status} {address} (from {origin or 'the start'})")
        if answer.headers.get("content-type", "").startswith("text/html"):
            links = {urldefrag(urljoin(answer.url, unescape(one)))[0] for one in LINK.findall(answer.text())}
            waiting += [(one, answer.url) for one in sorted(links) if one.startswith(f"{portal.url}/")]
            broken += gate.glance(page, answer.url)
    assert not broken, "\n".join(broken)
    assert len(seen) > 10
