"""Links to other sites are asked by a worker through its real code, from a server of this test; nothing inside can be reached."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from courses import linking
from courses.models import Channel, LinkCheck, LinkState
from courses.tasks import check_links
from tests.factories import courses as make

NOON = datetime(2026, 11, 24, 5, 0, tzinfo=UTC)
ASKED: list[tuple[str, str, dict[str, str]]] = []


class Site(BaseHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass

    def do_HEAD(self) -> None:
        ASKED.append((self.command, self.path, dict(self.headers)))
        path, _, rest = self.path.partition("?")
        if path == "/lama":
            self.send_response(301)
            self.send_header("Location", rest or "/ada")
        elif path == "/putar":
            self.send_response(302)
            self.send_header("Location", "/putar")
        elif path == "/menetes":
            self.wfile.write(b"HTTP/1.1 200 OK\r\nX: ")
            with contextlib.suppress(OSError):
                for _ in range(60):
                    self.wfile.write(b"x")
                    time.sleep(0.05)
            return
        elif path == "/hanya-get" and self.command == "HEAD":
            self.send_response(405)
        else:
            self.send_response({"/tidak-ada": 404, "/rusak": 503, "/tolak": 403}.get(path, 200))
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def open_line(settings, monkeypatch):
    ASKED.clear()
    settings.CHECK_LINKS = settings.LINK_CHECKS_ALLOW_LOOPBACK = True
    monkeypatch.setattr(linking, "PACE", 0.01)


@pytest.mark.parametrize(
    ("path", "state"),
    [
        ("/ada", LinkState.WORKS),
        ("/ada?a=1&b=c d#bagian", LinkState.WORKS),
        ("/hanya-get", LinkState.WORKS),
        ("/lama", LinkState.WORKS),
        ("/lama?/tidak-ada", LinkState.BROKEN),
        ("/tidak-ada", LinkState.BROKEN),
        ("/putar", LinkState.BROKEN),
        ("/tolak", LinkState.UNKNOWN),
        ("/rusak", LinkState.UNKNOWN),
    ],
)
def test_what_a_site_answers_is_told(site, path, state):
    told = linking.ask(site + path)
    assert told.state == state and told.told
    assert ASKED[0][0] == "HEAD" and "Cookie" not in ASKED[0][2]


def test_a_dripping_answer_is_cut(site, monkeypatch):
    monkeypatch.setattr(linking, "WHOLE_SECONDS", 0.4)
    began = time.monotonic()
    assert linking.ask(f"{site}/menetes").is_silent
    assert time.monotonic() - began < 2.5


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://10.0.0.1/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://100.64.0.1/",
        "http://0.0.0.0/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[fd00::1]/",
        "http://[fe80::1]/",
        "http://[64:ff9b::7f00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[64:ff9b:1::7f00:1]/",
        "http://[fec0::1]/",
        "http://192.0.0.8/",
        "http://192.88.99.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://127.1/",
        "ftp://contoh.com/",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://orang:sandi@contoh.com/",
        "http://contoh.com:6379/",
        "http://contoh.com:99999/",
        "http:///tanpa-situs",
        "http://[rusak/",
        "http://239.1.2.3/",
        "http://[ff0e::1]/",
    ],
)
def test_nothing_inside_is_ever_asked(url, settings, monkeypatch):
    settings.LINK_CHECKS_ALLOW_LOOPBACK = False
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("It connected."))
    told = linking.ask(url)
    assert told.state == LinkState.UNKNOWN


def test_a_redirect_to_a_private_host_is_not_followed(site, monkeypatch):
    def only_this_site(address: str) -> bool:
        return address == "127.0.0.1"

    monkeypatch.setattr(linking, "is_public", only_this_site)
    with socket.create_server(("127.0.0.2", 0)) as inside:
        inside.settimeout(0.2)
        told = linking.ask(f"{site}/lama?http://127.0.0.2:{inside.getsockname()[1]}/")
        with pytest.raises(TimeoutError):
            inside.accept()
    assert told.state == LinkState.UNKNOWN and "publik" in told.told


def test_a_name_with_one_private_address_is_refused_and_the_address_looked_at_is_the_one_asked(site, settings, monkeypatch):
    port = int(site.rsplit(":", 1)[1])
    answers = iter([[("127.0.0.1", port)], [("127.0.0.1", port), ("10.0.0.1", port)]])

    def resolve(*_: object, **__: object) -> list[object]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", place) for place in next(answers)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    assert linking.ask(f"http://contoh.id:{port}/ada").state == LinkState.WORKS  # resolved once: connecting asks no resolver again
    assert ASKED[0][2]["Host"] == f"contoh.id:{port}"
    assert "publik" in linking.ask(f"http://contoh.id:{port}/ada").told


# --- the sweep --------------------------------------------------------------------------------------------------------
def lesson_with(*urls: str):
    return make.make_lesson(make.make_module(), body="\n\n".join(f"[Tautan]({url})" for url in urls) + "\n")


@pytest.mark.django_db
def test_the_sweep_asks_what_lessons_and_channels_name_once_and_forgets_the_rest(site, time_machine):
    time_machine.move_to(NOON)
    lesson = lesson_with(f"{site}/ada", f"{site}/tidak-ada?a=1&b=2")
    Channel.objects.create(course=lesson.course, key="aduan", name="Aduan", address=f"{site}/kanal")
    LinkCheck.objects.create(url="https://tidak-dipakai.id/")
    assert (check_links(), check_links()) == (3, 0)
    states = dict(LinkCheck.objects.values_list("url", "state"))
    assert states == {f"{site}/ada": "works", f"{site}/tidak-ada?a=1&b=2": "broken", f"{site}/kanal": "works"}
    assert LinkCheck.objects.get(state="broken").broken_since is not None
    time_machine.move_to(NOON + timedelta(days=1))
    assert check_links() == 1  # only the broken one so soon


@pytest.mark.django_db
def test_a_silent_host_is_broken_only_after_two_days_and_well_again_when_it_answers(site, time_machine):
    time_machine.move_to(NOON)
    lesson_with(f"{site}/ada", f"{site}/rusak")
    row = LinkCheck.objects.none
    for days, state in ((0, "unknown"), (1, "unknown"), (2.1, "broken")):
        time_machine.move_to(NOON + timedelta(days=days))
        LinkCheck.objects.filter(url__endswith="/ada").update(checked_at=None)  # something answers
        check_links()
        row = LinkCheck.objects.get(url__endswith="/rusak")
        assert row.state == state
    assert row.broken_since is not None and row.broken_since.date() == NOON.date()


@pytest.mark.django_db
def test_without_a_line_nothing_is_called_broken(time_machine):
    with socket.create_server(("127.0.0.1", 0)) as nobody:
        port = nobody.getsockname()[1]
    lesson_with(f"http://127.0.0.1:{port}/a")
    for days in range(4):
        time_machine.move_to(NOON + timedelta(days=days))
        check_links()
    row = LinkCheck.objects.get()
    assert (row.state, row.broken_since) == ("unknown", None)


@pytest.mark.django_db
def test_with_the_switch_off_nothing_is_asked(site, settings):
    settings.CHECK_LINKS = False
    lesson_with(f"{site}/ada")
    assert check_links() == 0 and not ASKED and not LinkCheck.objects.exists()
