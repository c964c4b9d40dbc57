"""Real processes for tests: a broker, a worker, beat, and the whole portal, each in a throw-away data folder."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from linimasa.supervisor import dies_with_parent
from tests.postgres import free_port

__all__ = ["Portal", "Process", "alive", "environment_of", "family", "free_port", "manage", "start_worker", "wait_until"]

ROOT = Path(__file__).resolve().parent.parent


def alive(pid: int) -> bool:
    """Whether that process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError, IndexError):
        return False


def family(pid: int) -> list[int]:
    """The process and all below it, by /proc."""
    children: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, ValueError, IndexError):
            children.setdefault(int(stat.read_text().rpartition(")")[2].split()[1]), []).append(int(stat.parent.name))
    found = [pid]
    for one in found:
        found.extend(children.get(one, []))
    return found


def wait_until(true: Callable[[], Any], seconds: float = 30, *, what: str = "") -> Any:
    """The first truthy answer of ``true``; AssertionError when none comes in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if answer := true():
            return answer
        time.sleep(0.05)
    raise AssertionError(f"Waited {seconds} s in vain{': ' + what if what else ''}.")


class Process:
    """A child in its own session with its output in a log; it never outlives the tests."""

    def __init__(self, name: str, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.log = folder / f"{name}.log"
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=dies_with_parent,
            )

    @property
    def pid(self) -> int:
        return self.process.pid

    def told(self) -> str:
        return self.log.read_text(errors="replace")

    def kill(self) -> None:
        """SIGKILL for the whole session at once, as when the machine is pulled."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self.process.wait(10)

    def stop(self, seconds: float = 15) -> int:
        """SIGTERM, wait, and only then SIGKILL; the exit code."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        return self.process.returncode


def environment_of(data: Path, **more: str) -> dict[str, str]:
    """A child's environment: that data folder, and nothing of the caller's configuration."""
    keep = {key: value for key, value in os.environ.items() if key in {"PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH"}}
    return {
        **keep,
        "HOME": str(data),
        "LINIMASA_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": "linimasa.settings",
        "PYTHONUNBUFFERED": "1",
        **more,
    }


def start_worker(data: Path, *, concurrency: int = 2, name: str = "worker", **more: str) -> Process:
    """A real Celery worker on the broker and database that the environment names; ready when this returns."""
    worker = Process(
        name,
        [
            *(sys.executable, "-m", "celery", "-A", "linimasa", "worker", "--hostname", f"{name}@%h", "--loglevel", "INFO"),
            *("--concurrency", str(concurrency), "--without-gossip", "--without-mingle"),
        ],
        environment_of(data, **more),
        data,
    )
    wait_until(lambda: " ready." in worker.told() or worker.process.poll() is not None, 60, what="worker ready")
    assert worker.process.poll() is None, worker.told()[-4000:]
    return worker


def manage(data: Path, *words: str, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
    """``manage.py …`` in that data folder."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *words],
        cwd=ROOT,
        env=environment_of(data, **more),
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0 or not check, done.stdout[-3000:] + done.stderr[-3000:]
    return done


class Portal:
    """The whole portal under its supervisor, as ``make run`` starts it."""

    def __init__(self, data: Path, port: int, **more: str) -> None:
        self.data, self.port = data, port
        self.url = f"http://localhost:{port}"
        self.environment = environment_of(data, PORT=str(port), **more)
        self.more = {"PORT": str(port), **more}
        self.supervisor: Process | None = None

    def start(self, seconds: float = 300) -> Portal:
        self.data.mkdir(parents=True, exist_ok=True)
        self.supervisor = Process("serve", [sys.executable, str(ROOT / "manage.py"), "serve"], self.environment, self.data)
        wait_until(lambda: "siap: " in self.told() or self.supervisor.process.poll() is not None, seconds, what="the portal's first page")
        assert self.supervisor.process.poll() is None, self.told()[-4000:]
        return self

    def told(self) -> str:
        assert self.supervisor is not None
        return self.supervisor.told()

    def get(self, path: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body of one plain GET."""
        wire = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            wire.request("GET", path, headers={"Host": f"localhost:{self.port}"})
            answer = wire.getresponse()
            return answer.status, {key.lower(): value for key, value in answer.getheaders()}, answer.read()
        finally:
            wire.close()

    def health(self) -> tuple[int, dict[str, Any]]:
        status, _, body = self.get("/healthz")
        return status, json.loads(body)

    def manage(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        return manage(self.data, *words, check=check, **self.more)

    def rows(self, statement: str, *values: Any) -> list[tuple[Any, ...]]:
        """What the portal's own SQLite database answers (reads only)."""
        with contextlib.closing(sqlite3.connect(f"file:{self.data / 'linimasa.sqlite3'}?mode=ro", uri=True, timeout=20)) as database:
            return database.execute(statement, values).fetchall()

    def children(self) -> list[int]:
        assert self.supervisor is not None
        return [pid for pid in family(self.supervisor.pid) if pid != self.supervisor.pid]

    def stop(self) -> None:
        if self.supervisor is not None:
            self.supervisor.stop(40)
