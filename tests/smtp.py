"""A small real SMTP server on loopback. What it does is decided by the recipient's address: ``<word>.<anything>@…``.

``refuse`` 550, ``busy`` 451, ``drop`` takes the mail and breaks the line without an answer, ``vanish`` breaks the line before the data,
``hang`` never answers the data, ``slow`` takes half a second; anything else is accepted.
"""

from __future__ import annotations

import socketserver
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from email.policy import default


@dataclass
class Taken:
    """One mail that this server took (or took and then broke the line)."""

    to: str
    mail: Message

    @property
    def message_id(self) -> str:
        return str(self.mail["Message-ID"])


@dataclass
class Server:
    """The running server: its address for ``EMAIL_URL`` and everything it took, in order."""

    port: int = 0
    taken: list[Taken] = field(default_factory=list)
    connections: int = 0
    hold_at: int = 0
    holding: threading.Event = field(default_factory=threading.Event)
    halt: threading.Event = field(default_factory=threading.Event)

    def hold_after(self, more: int) -> None:
        """From the ``more``-th mail on take mails without answering, until ``answer_again``; ``holding`` tells that it has begun."""
        self.holding.clear()
        self.hold_at = len(self.taken) + more

    def answer_again(self) -> None:
        self.hold_at = 0

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def ids(self) -> list[str]:
        return [one.message_id for one in self.taken]


class Handler(socketserver.StreamRequestHandler):
    timeout = 30

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        state: Server = self.server.state  # type: ignore[attr-defined]
        state.connections += 1
        self.say("220 uji")
        to = ""
        while raw := self.rfile.readline():
            word, _, rest = raw.decode().strip().partition(" ")
            match word.upper():
                case "RCPT":
                    to = rest.partition("<")[2].partition(">")[0]
                    self.say(
                        {"refuse": "550 5.1.1 tidak ada kotak itu", "busy": "451 4.3.0 coba lagi nanti"}.get(to.split(".")[0], "250 baik")
                    )
                case "DATA":
                    if to.startswith("vanish."):
                        return
                    self.say("354 silakan")
                    content = self.read_data()
                    if to.startswith("hang."):
                        state.halt.wait(20)
                        return
                    if to.startswith("slow."):
                        time.sleep(0.5)
                    state.taken.append(Taken(to, message_from_bytes(content, policy=default)))
                    if to.startswith("drop."):
                        return
                    if state.hold_at and len(state.taken) >= state.hold_at:
                        state.holding.set()
                        self.rfile.read(1)  # until the other side is gone
                        return
                    self.say("250 diterima")
                case "QUIT":
                    self.say("221 sampai jumpa")
                    return
                case _:
                    self.say("250 baik")

    def read_data(self) -> bytes:
        lines = []
        while (line := self.rfile.readline()) not in {b".\r\n", b""}:
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


class Threaded(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    state: Server

    def handle_error(self, request: object, client_address: object) -> None:
        """A broken line is what some tests are about."""


@contextmanager
def running(port: int = 0) -> Iterator[Server]:
    """The server, for the length of the block."""
    state = Server()
    with Threaded(("127.0.0.1", port), Handler) as server:
        server.state = state
        state.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield state
        finally:
            state.halt.set()
            server.shutdown()
            thread.join(5)
