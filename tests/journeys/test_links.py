"""Every seat of the demo follows every link that its pages show, one of each kind: none leads nowhere, none breaks."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest

from tests.portal import Portal

pytestmark = [pytest.mark.browser, pytest.mark.worker]
LINK = re.compile(r'<a\b[^>]*?\shref="([^"]+)"')
SEATS = ["", "peserta", "peserta2", "peserta5", "pengajar2", "koordinator", "penulis", "peninjau", "penyelenggara", "admin"]
MOST_OF_A_KIND = 2


def kind(address: str) -> str:
    """Addresses that differ in numbers, or in the lesson's name, are of one kind."""
    parts = urlsplit(address)
    path = re.sub(r"/[\w-]*\d[\w-]*(?=/|$)", "/N", parts.path)
    path = re.sub(r"^(/belajar/[^/]+/)[^/]+/[^/]+/$", r"\1…/…/", path)
    return path + "?" + "&".join(sorted(one.partition("=")[0] for one in parts.query.split("&")))


@pytest.mark.parametrize("seat", SEATS)
def test_every_link_leads_somewhere(open_page: Callable[..., Any], portal: Portal, state_of: Callable[[str], Any], seat: str) -> None:
    request = open_page(**({"storage_state": state_of(seat)} if seat else {})).context.request
    waiting, seen, broken = [(f"{portal.url}/", "")], dict[str, int](), []
    if seat:
        waiting += [(f"{portal.url}/beranda/", ""), (f"{portal.url}/kelola/", "")]
    while waiting:
        address, origin = waiting.pop()
        of = kind(address)
        if seen.get(of, 0) >= MOST_OF_A_KIND or address in seen:
            continue
        seen[of], seen[address] = seen.get(of, 0) + 1, 0
        answer = request.get(address)
        if answer.status != 200 and not (of == "/kelola/?" and answer.status in {403, 404}):
            broken.append(f"{answer.status} {address} (from {origin or 'the start'})")
        if answer.headers.get("content-type", "").startswith("text/html"):
            links = {urldefrag(urljoin(answer.url, unescape(one)))[0] for one in LINK.findall(answer.text())}
            waiting += [(one, answer.url) for one in sorted(links) if one.startswith(f"{portal.url}/")]
    assert not broken, "\n".join(broken)
    assert len(seen) > 10
