"""Whether the addresses that lessons name still answer, asked by a worker. What a page says of a link is read from ``LinkCheck``.

The addresses come from texts that people write, so nothing inside may be reached by them (SSRF): only http and https on their own
ports, without a name or password inside; the host is resolved once, every address that it has must be public, and the connection goes
to the very address that was looked at. The same holds again for each redirect. Nothing is sent but the question, and nothing of the
answer is kept but whether there was one. Only the worker asks, never a page.
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import re
import socket
import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from html import unescape
from typing import Any
from urllib.parse import quote, urljoin, urlsplit

import structlog
from django.conf import settings
from django.db.models import F, Q

from linimasa import clock, markdown

from . import channels
from .models import Channel, FrozenLesson, Lesson, LinkCheck, LinkState, Module

logger = structlog.get_logger(__name__)

PORTS = {"http": 80, "https": 443}
SECONDS = 6.0  # for one step of the talk
WHOLE_SECONDS = 15.0  # for one connection, however slowly it drips
HOPS = 5
MOST_BYTES = 4_096  # of an answer's body, read only to be polite
PACE = 1.0  # seconds between two questions to one host
BATCH = 60  # addresses a sweep
SWEEP_SECONDS = 1_200.0  # how long one sweep may go on; the next carries on
AGAIN = timedelta(days=7)
AGAIN_WHEN_SILENT = timedelta(hours=20)
PATIENCE = timedelta(days=2)  # a silent host is called broken when it was silent for so long
GONE = frozenset({404, 410})
# what this Python calls global and is not: IETF protocols, 6to4 relays, site-local, documentation
NOT_OPEN = tuple(ipaddress.ip_network(one) for one in ("192.0.0.0/24", "192.88.99.0/24", "fec0::/10", "3fff::/20", "64:ff9b:1::/48"))
AGENT = "Linimasa/1.0 (pemeriksa tautan pelajaran)"
_LINK = re.compile(r'<a\b[^>]*\bhref="(https?://[^"]{1,590})"', re.I)
_CODE = re.compile(r"[\s<>\"]")


class Refused(Exception):
    """This address is not asked; the message says why."""


@dataclass(frozen=True)
class Told:
    """What came of one question. ``is_silent``: no answer at all, which may be this machine's own line."""

    state: LinkState
    told: str
    is_silent: bool = False


OFFLINE = Told(LinkState.UNKNOWN, "Belum dapat diperiksa: tidak ada situs yang terhubung.")


# --- which addresses --------------------------------------------------------------------------------------------------
def named() -> set[str]:
    """Every address outside that a draft or a published lesson names, or that a channel has. Four statements."""
    found: set[str] = set()
    live = Q(activity__archived_at__isnull=True, activity__course__archived_at__isnull=True, activity__course__is_practice=False)
    for body in Lesson.objects.filter(live).values_list("body", flat=True).iterator(50):
        if "http" in body:
            found |= _links(markdown.render(body))
    current = Module.objects.filter(archived_at__isnull=True, current_version__isnull=False).values("current_version")
    own = FrozenLesson.objects.filter(Q(version__in=current) | Q(version=F("version__course__current_version")))
    for html in own.values_list("html", flat=True).iterator(50):
        found |= _links(html)
    sites = (channels.site_of(one) for one in Channel.objects.filter(archived_at__isnull=True).values_list("address", flat=True))
    return found | {site for site in sites if site}


def _links(html: str) -> set[str]:
    return {unescape(link) for link in _LINK.findall(html)}


def note_addresses() -> None:
    """Rows for new addresses; those that nothing names any more go."""
    wanted = {url for url in named() if len(url) <= 600}
    known = set(LinkCheck.objects.values_list("url", flat=True))
    LinkCheck.objects.bulk_create([LinkCheck(url=url) for url in sorted(wanted - known)], ignore_conflicts=True, batch_size=200)
    gone = sorted(known - wanted)
    for start in range(0, len(gone), 200):
        LinkCheck.objects.filter(url__in=gone[start : start + 200]).delete()


def _due(now: datetime) -> list[LinkCheck]:
    """Never asked first, then the longest unasked; what is silent or broken sooner than what works."""
    works = Q(state=LinkState.WORKS, checked_at__lt=now - AGAIN)
    other = ~Q(state=LinkState.WORKS) & Q(checked_at__lt=now - AGAIN_WHEN_SILENT)
    rows = LinkCheck.objects.filter(Q(checked_at__isnull=True) | works | other)
    return list(rows.order_by(F("checked_at").asc(nulls_first=True), "pk")[:BATCH])


# --- the sweep --------------------------------------------------------------------------------------------------------
def check_due() -> int:
    """Ask what is due and write down what came; how many were asked. With ``CHECK_LINKS`` off nothing is asked and nothing changes.

    Run twice at once, or killed at any line: each address is asked again only if nobody wrote down an answer meanwhile. Where nothing
    at all answered, this machine is taken to be without a line: nothing is called broken.
    """
    if not settings.CHECK_LINKS:
        return 0
    note_addresses()
    silent: list[tuple[LinkCheck, Told]] = []
    asked = heard = 0
    for row in _politely(_due(clock.now())):
        if not LinkCheck.objects.filter(pk=row.pk, checked_at=row.checked_at).exists():
            continue
        told, asked = ask(row.url), asked + 1
        if told.is_silent:
            silent.append((row, told))
        else:
            heard += told.state != LinkState.UNKNOWN or told.told.startswith("Menjawab")
            _write(row, told)
    for row, told in silent:
        _write(row, told if heard else OFFLINE, is_heard=bool(heard))
    if asked:
        logger.info("links.checked", asked=asked, silent=len(silent))
    return asked


def _politely(rows: list[LinkCheck]) -> Iterator[LinkCheck]:
    """Hosts in turn, with a pause between two questions to the same one."""
    last: dict[str, float] = {}
    until = time.monotonic() + SWEEP_SECONDS
    by_host: dict[str, list[LinkCheck]] = {}
    for row in rows:
        by_host.setdefault(urlsplit(row.url).netloc.lower(), []).append(row)
    turns = [queue[place] for place in range(len(rows)) for queue in by_host.values() if place < len(queue)]
    for row in turns:
        host = urlsplit(row.url).netloc.lower()
        wait = last.get(host, 0.0) + PACE - time.monotonic() if host in last else 0.0
        if wait > 0:
            time.sleep(wait)
        if time.monotonic() > until:
            return
        yield row
        last[host] = time.monotonic()


def _write(row: LinkCheck, told: Told, *, is_heard: bool = True) -> None:
    """A host that is silent is unknown at first, and broken when it was silent for two days; «tidak ada» is broken at once."""
    now = clock.now()
    state, since = told.state, row.broken_since
    if state == LinkState.BROKEN or (told.is_silent and is_heard):
        since = since or now
        if told.is_silent:
            state = LinkState.BROKEN if now - since >= PATIENCE else LinkState.UNKNOWN
    elif state == LinkState.WORKS:
        since = None
    LinkCheck.objects.filter(pk=row.pk, checked_at=row.checked_at).update(
        state=state, told=told.told[:200], checked_at=now, broken_since=since
    )


# --- one question -----------------------------------------------------------------------------------------------------
def ask(url: str) -> Told:
    """Whether this address answers: HEAD, and GET where HEAD says nothing useful. Follows at most five redirects. Never raises."""
    try:
        return _ask(url)
    except Refused as refused:
        return Told(LinkState.UNKNOWN, f"Tidak diperiksa: {refused}")
    except ssl.SSLCertVerificationError:
        return Told(LinkState.BROKEN, "Sertifikat situs ini tidak sah.")
    except socket.gaierror:
        return Told(LinkState.UNKNOWN, "Nama situs tidak ditemukan.", is_silent=True)
    except (OSError, http.client.HTTPException, ValueError):
        return Told(LinkState.UNKNOWN, "Situs tidak menjawab.", is_silent=True)


def _ask(url: str) -> Told:
    for _hop in range(HOPS + 1):
        status, onward = _status(url, "HEAD")
        if status in {400, 403, 404, 405, 406, 410, 500, 501, 503}:  # many servers do not know HEAD
            status, onward = _status(url, "GET")
        if onward is None:
            return _meaning(status)
        url = onward
    return Told(LinkState.BROKEN, "Pengalihannya tidak berujung.")


def _meaning(status: int) -> Told:
    if status in GONE:
        return Told(LinkState.BROKEN, f"Halaman ini tidak ada ({status}).")
    if 200 <= status < 400:
        return Told(LinkState.WORKS, "Menjawab.")
    if status >= 500:
        return Told(LinkState.UNKNOWN, f"Situsnya sedang bermasalah ({status}).", is_silent=True)
    return Told(LinkState.UNKNOWN, f"Menjawab, tetapi menolak pemeriksa otomatis ({status}).")


def _status(url: str, method: str) -> tuple[int, str | None]:
    """The status, and where it leads on. Raises Refused, OSError, HTTPException."""
    parts = urlsplit(url)
    host, port = _target(parts)
    connection = _Pinned(host, port, parts.scheme == "https", _public_address(host, port))
    watch = threading.Timer(WHOLE_SECONDS, connection.cut)
    watch.daemon = True
    watch.start()
    try:
        path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._") + (
            f"?{quote(parts.query, safe='/%:@!$&()*+,;=~-._?')}" if parts.query else ""
        )
        headers = {"User-Agent": AGENT, "Accept": "*/*", "Accept-Encoding": "identity", "Connection": "close"}
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        place = answer.headers.get("Location")
        if method == "GET":
            answer.read(MOST_BYTES)
        if connection.was_cut:  # an answer that was cut ends like a whole one
            raise TimeoutError
    finally:
        watch.cancel()
        connection.close()
    if answer.status in {301, 302, 303, 307, 308} and place:
        return answer.status, urljoin(url, _CODE.sub(lambda sign: quote(sign[0]), place[:2_000]))
    return answer.status, None


def _target(parts: Any) -> tuple[str, int]:
    """Host and port, if they may be asked. Raises Refused."""
    if parts.scheme not in PORTS:
        raise Refused("hanya http dan https.")
    try:
        port = parts.port or PORTS[parts.scheme]
    except ValueError:
        raise Refused("portanya tidak dikenal.") from None
    if parts.username is not None or parts.password is not None:
        raise Refused("alamatnya memuat nama atau kata sandi.")
    if port not in PORTS.values() and not settings.LINK_CHECKS_ALLOW_LOOPBACK:
        raise Refused("hanya porta 80 dan 443.")
    host = (parts.hostname or "").rstrip(".")
    if not host or len(host) > 253:
        raise Refused("alamatnya tidak menyebut situs.")
    try:
        return host if ":" in host else host.encode("idna").decode(), port
    except UnicodeError:
        raise Refused("nama situsnya tidak sah.") from None


def _public_address(host: str, port: int) -> tuple[int, Any]:
    """The family and address to connect to. Refused if any address that the name has is not a public one: a name that has both is a
    trap, or nobody's business here. Raises Refused, socket.gaierror."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    places = [(family, place) for family, _kind, _protocol, _name, place in found]
    if not places or not all(is_public(str(place[0])) for _family, place in places):
        raise Refused("alamatnya bukan alamat publik.")
    return places[0]


def is_public(address: str) -> bool:
    """Whether this IP address is one of the open net, also inside IPv6 (mapped, 6to4, Teredo, NAT64)."""
    ip: Any = ipaddress.ip_address(address.partition("%")[0])
    if settings.LINK_CHECKS_ALLOW_LOOPBACK and ip.is_loopback:
        return True
    if ip.is_multicast or ip.is_reserved or ip.is_unspecified or not ip.is_global:
        return False
    if any(ip in one for one in NOT_OPEN if one.version == ip.version):
        return False
    return all(is_public(str(one)) for one in _inner(ip))


def _inner(ip: Any) -> Iterable[Any]:
    if ip.version == 4:
        return []
    inner = [ip.ipv4_mapped, ip.sixtofour, *(ip.teredo or ())]
    if ip in ipaddress.ip_network("64:ff9b::/96"):
        inner.append(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF))
    return [one for one in inner if one is not None]


class _Pinned(http.client.HTTPConnection):
    """A connection to one address that was looked at, under the host's own name (Host, SNI and certificate)."""

    def __init__(self, host: str, port: int, is_secret: bool, place: tuple[int, Any]) -> None:
        super().__init__(host, port, timeout=SECONDS)
        self._is_secret, self._place, self.was_cut = is_secret, place, False
        self.default_port = PORTS["https" if is_secret else "http"]

    def connect(self) -> None:
        family, place = self._place
        plain = socket.socket(family, socket.SOCK_STREAM)
        self.sock: Any = plain
        plain.settimeout(SECONDS)
        plain.connect(place)
        if self._is_secret:
            self.sock = ssl.create_default_context().wrap_socket(plain, server_hostname=self.host)

    def cut(self) -> None:
        """End it from outside, whatever it waits for."""
        self.was_cut = True
        with contextlib.suppress(OSError, AttributeError):
            self.sock.shutdown(socket.SHUT_RDWR)
