"""One small supervisor for everything that ``make run`` starts: broker, web server, worker and beat.

A child that dies is started again, later each time it dies soon. Ctrl-C or SIGTERM stops every child in order; when the
supervisor itself is killed the kernel tells the children to stop (PR_SET_PDEATHSIG), so that no orphan stays.
"""

from __future__ import annotations

import contextlib
import ctypes
import fcntl
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from . import broker, environment
from .environment import ROOT, read, whole_number

PR_SET_PDEATHSIG = 1
LOOK_SECONDS = 0.2
LONGEST_PAUSE = 60.0
LIVED_LONG_ENOUGH = 60.0  # a child that lived this long starts afresh with the shortest pause
GRACE_SECONDS = 20.0
LARGEST_LOG = 5_000_000  # bytes; one older file is kept
_libc = ctypes.CDLL(None, use_errno=True)


class CannotStart(Exception):
    """The portal cannot start; the message is one sentence that says what to do."""


def dies_with_parent(how: int = signal.SIGTERM) -> None:
    """Ask the kernel to send ``how`` to this process when its parent is gone. For ``preexec_fn``."""
    _libc.prctl(PR_SET_PDEATHSIG, how)


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    start: Callable[[], subprocess.Popen[bytes]]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    deaths: int = 0  # in a row, each soon after its start
    start_at: float = field(default=0.0)

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None


def pause_after(deaths: int) -> float:
    """Seconds to wait before the next start: 1, 2, 4 … 60."""
    return float(min(LONGEST_PAUSE, 2 ** max(0, deaths - 1)))


class Supervisor:
    """Starts children in order and keeps them alive until it is told to stop."""

    def __init__(self, children: list[Child], say: Callable[[str], None]) -> None:
        self.children = children
        self.say = say
        self.stopping = False
        self._asked = 0

    def listen(self) -> None:
        """Take SIGINT, SIGTERM and SIGHUP as the wish to stop; asked again, children are killed at once."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)

    def _asked_to_stop(self, _number: int, _frame: object) -> None:
        self.stopping = True
        self._asked += 1

    def start(self, child: Child) -> None:
        child.process = child.start()
        child.started_at = time.monotonic()

    def tend(self) -> None:
        """Look once at every child: note deaths, start again those whose pause is over."""
        now = time.monotonic()
        for child in self.children:
            if child.alive:
                continue
            if child.process is not None:
                code = child.process.returncode
                _kill_group(child.process.pid)
                child.deaths = 1 if now - child.started_at > LIVED_LONG_ENOUGH else child.deaths + 1
                pause = pause_after(child.deaths)
                child.start_at = now + pause
                child.process = None
                self.say(f"{child.name} berhenti (kode {code}); dimulai lagi dalam {pause:.0f} detik. Catatan: {log_file(child.name)}")
            if now >= child.start_at and not self.stopping:
                try:
                    self.start(child)
                except (OSError, broker.BrokerFailed) as error:
                    child.deaths += 1
                    child.start_at = now + pause_after(child.deaths)
                    self.say(f"{child.name} tidak dapat dimulai: {error}")

    def run(self, until: Callable[[], bool] = lambda: False) -> None:
        """Tend the children until asked to stop (or ``until`` says so)."""
        while not self.stopping and not until():
            self.tend()
            time.sleep(LOOK_SECONDS)

    def stop(self) -> None:
        """Stop every child, the last started first: ask, wait, then kill the whole group."""
        for child in reversed(self.children):
            if child.process is None:
                continue
            with contextlib.suppress(ProcessLookupError):
                child.process.send_signal(signal.SIGTERM)
            if child.name == "web":  # beat, worker and web end side by side; the broker goes after them
                self._wait([one for one in self.children if one.name != "broker"])
        self._wait(self.children)

    def _wait(self, children: list[Child]) -> None:
        asked = self._asked
        until = time.monotonic() + GRACE_SECONDS
        while any(child.alive for child in children) and time.monotonic() < until and self._asked == asked:
            time.sleep(0.05)
        for child in children:
            if child.process is not None:
                _kill_group(child.process.pid)
                child.process.wait()


def _kill_group(pid: int) -> None:
    """Whatever is left of that child's session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def log_file(name: str) -> Path:
    """Where that child's output goes."""
    folder = environment.data_folder() / "logs"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{name}.log"


def _turn(log: Path) -> None:
    with contextlib.suppress(FileNotFoundError):
        if log.stat().st_size > LARGEST_LOG:
            log.replace(log.with_suffix(".log.1"))


def spawn(name: str, command: list[str]) -> subprocess.Popen[bytes]:
    """One child in a session of its own (Ctrl-C reaches only the supervisor), its output in its log."""
    log = log_file(name)
    _turn(log)
    with log.open("ab") as out:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            env=child_environment(),
            start_new_session=True,
            preexec_fn=dies_with_parent,
        )


def child_environment() -> dict[str, str]:
    """The environment of every child: ours, with the project's own programs first on PATH."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "linimasa.settings",
        "PYTHONUNBUFFERED": "1",
        "LINIMASA_DATA": str(environment.data_folder()),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
    }


def web_command(port: int, *, app: str = "linimasa.wsgi:application") -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)),
        *("--workers", str(whole_number("WEB_WORKERS", highest=64)), "--blocking-threads", "4", "--backlog", "1024"),
        *("--no-ws", "--http", "1"),
        *("--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "warning", app),
    ]


def worker_command(name: str = "linimasa") -> list[str]:
    return [
        *(sys.executable, "-m", "celery", "-A", "linimasa", "worker", "--hostname", f"{name}@%h"),
        *("--without-gossip", "--without-mingle", "--max-tasks-per-child", "2000"),
    ]


def beat_command() -> list[str]:
    return [sys.executable, "-m", "celery", "-A", "linimasa", "beat", "--pidfile="]


def everything(port: int) -> list[Child]:
    """The children in their order; the embedded broker only when ``REDIS_URL`` names no other."""
    web = web_command(port)  # now, so that a wrong number of workers is told before anything starts
    embedded = [] if read("REDIS_URL") else [Child("broker", lambda: broker.start(log_file("broker"), before_exec=dies_with_parent))]
    return [
        *embedded,
        Child("web", lambda: spawn("web", web)),
        Child("worker", lambda: spawn("worker", worker_command())),
        Child("beat", lambda: spawn("beat", beat_command())),
    ]


def hold_data_folder() -> IO[str]:
    """The only supervisor of this data folder; keep the answer open. Raises CannotStart when another one runs."""
    held = (environment.data_folder() / "serve.lock").open("w")
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        held.close()
        raise CannotStart(
            f"Linimasa sudah berjalan dengan folder data {environment.data_folder()}. Hentikan yang itu (Ctrl-C), atau setel LINIMASA_DATA."
        ) from error
    return held


def demand_port(port: int) -> None:
    """Raises CannotStart when the port is taken or may not be used."""
    if not 1 <= port <= 65535 or not broker.port_is_free(port):
        raise CannotStart(
            f"Porta {port} tidak dapat dipakai (mungkin sudah dipakai program lain). Pilih yang lain, misalnya: PORT=8123 make run"
        )


def page_answers(port: int, path: str = "/") -> bool:
    """Whether the web server gives a page (any answer below 500)."""
    wire = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        wire.request("GET", path, headers={"Host": "localhost"})
        return wire.getresponse().status < 500
    except (OSError, http.client.HTTPException):
        return False
    finally:
        wire.close()
