"""``make bench``: a production-like set (granian, PostgreSQL, broker, worker, beat) beside two bare Django views, in one run.

Prints a table: CPU ms a request of web and database together, the ratio to *plain*, statements, p50 and p95 at 4 and 16
connections, and each goal with what was reached. Writes ``bench-results/latest.json``. A ratio is the median of the rounds' ratios:
in each round *plain* is measured before, between and after the pages.
``--quick`` does one round of half the requests; ``--only assessment`` lays out a large bank and a quiz that 20,000 took, and measures
that alone (else it comes last, so that the other numbers do not know of it).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks import measuring, report, visits, weighing
from benchmarks.measuring import Cost
from linimasa import supervisor
from tests.portal import ROOT, Process, environment_of, free_port, manage, wait_until
from tests.postgres import Postgres

ROUNDS = 4
REQUESTS = 100  # a step and round
DATA = ROOT / ".pytest_cache" / f"bench-{os.getpid()}"


class Bench:
    """The running set and what was measured on it."""

    def __init__(self, postgres: Postgres, plain: Process, portal: Process, ports: tuple[int, int], requests: int) -> None:
        self.postgres, self.plain, self.portal = postgres, plain, portal
        self.plain_port, self.portal_port = ports
        self.requests = requests
        self.costs: dict[str, Cost] = {}
        self.setting: dict[str, str] = {}  # the environment of a process on the bench's database

    def cost(self, name: str) -> Cost:
        return self.costs.setdefault(name, Cost(name))

    def warm(self, step: dict[str, Any], *, bare: bool = False) -> None:
        """Every thread of every process has met it."""
        measuring.load(self.plain_port if bare else self.portal_port, step, requests=96, connections=8)

    def cpu_of(self, step: dict[str, Any], *, bare: bool = False) -> float:
        """CPU ms a request at one connection: the web server and the database together."""
        web, port = (self.plain, self.plain_port) if bare else (self.portal, self.portal_port)
        assert self.postgres.process is not None
        before = measuring.cpu_ms(web.pid, self.postgres.process.pid)
        done = len(measuring.load(port, step, requests=self.requests, connections=1))
        return (measuring.cpu_ms(web.pid, self.postgres.process.pid) - before) / done

    def latencies(self, name: str, step: dict[str, Any], *, bare: bool = False) -> None:
        """p50 and p95 at 4 and 16 connections."""
        port = self.plain_port if bare else self.portal_port
        for connections in (4, 16):
            self.cost(name).latencies[connections] = measuring.load(port, step, requests=self.requests, connections=connections)

    def measured(self, act: Any) -> float:
        """CPU ms of web and database while ``act`` runs."""
        assert self.postgres.process is not None
        before = measuring.cpu_ms(self.portal.pid, self.postgres.process.pid)
        act()
        return measuring.cpu_ms(self.portal.pid, self.postgres.process.pid) - before


@contextlib.contextmanager
def running(requests: int) -> Iterator[tuple[Bench, dict[str, Any]]]:
    """Start everything, lay out the scene, stop everything."""
    DATA.mkdir(parents=True)
    postgres = Postgres(DATA / "postgres", durable=True, extra={"shared_buffers": "256MB"}).start()
    ports = (free_port(), free_port())
    processes: list[Process] = []
    broker: subprocess.Popen[bytes] | None = None
    try:
        more = {"DATABASE_URL": postgres.url, "PORT": str(ports[1]), "WEB_WORKERS": "2"}
        os.environ["LINIMASA_DATA"] = str(DATA)
        from linimasa.broker import start as start_broker

        broker = start_broker(DATA / "broker.log", before_exec=supervisor.dies_with_parent)
        for words in (["migrate", "-v0"], ["createcachetable"], ["collectstatic", "--noinput", "-v0"], ["load_regions"]):
            manage(DATA, *words, **more)
        manage(DATA, "load_course", str(ROOT / "content" / "lini-masa"), **more)
        scene = json.loads(script(DATA, "benchmarks.scene", more))
        bare = postgres.url.removesuffix("linimasa") + "plain"
        create(postgres, "plain")
        scene["plain_session"] = script(DATA, "benchmarks.plain.prepare", {"DATABASE_URL": bare}).strip()
        environment = environment_of(DATA, **more)
        for name, command, setting in (
            ("plain", supervisor.web_command(ports[0], app="benchmarks.plain.wsgi:application"), {"DATABASE_URL": bare}),
            ("portal", supervisor.web_command(ports[1], app="benchmarks.wsgi:application"), {}),
            ("worker", supervisor.worker_command(), {}),
            ("beat", supervisor.beat_command(), {}),
        ):
            made = environment | setting
            if name in {"plain", "portal"}:
                made.pop("DJANGO_SETTINGS_MODULE")
            processes.append(Process(name, command, made, DATA))
        for process, port, path in ((processes[0], ports[0], "/hello/"), (processes[1], ports[1], "/healthz")):
            wait_until(
                lambda port=port, path=path: supervisor.page_answers(port, path) or answers(port, path), 60, what=process.told()[-500:]
            )
        bench = Bench(postgres, processes[0], processes[1], ports, requests)
        bench.setting = more
        yield bench, scene
    finally:
        for process in reversed(processes):
            process.stop(10)
        if broker is not None:
            broker.terminate()
            broker.wait(10)
        postgres.stop()
        shutil.rmtree(DATA, ignore_errors=True)


def answers(port: int, path: str) -> bool:
    import http.client

    with contextlib.suppress(OSError, http.client.HTTPException):
        wire = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        wire.request("GET", path, headers={"Host": "localhost"})
        return wire.getresponse().status in {200, 503}
    return False


def create(postgres: Postgres, name: str) -> None:
    import psycopg

    with psycopg.connect(host="127.0.0.1", port=postgres.port, user="linimasa", dbname="postgres", autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")


def script(data: Path, module: str, more: dict[str, str]) -> str:
    """Run a module with that environment; what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", module], cwd=ROOT, env=environment_of(data, **more), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{module}:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


def main(words: list[str]) -> int:
    quick, only = "--quick" in words, words[words.index("--only") + 1 : words.index("--only") + 2] if "--only" in words else []
    with running(REQUESTS // 2 if quick else REQUESTS) as (bench, scene):
        found = weighing.nothing() if only else visits.everything(bench, scene, rounds=1 if quick else ROUNDS)
        if only in ([], ["assessment"]):
            weighing.assessment(bench, found, json.loads(script(DATA, "benchmarks.assessment", bench.setting)))
    text = report.table(found)
    print(text)
    results = ROOT / "bench-results"
    results.mkdir(exist_ok=True)
    (results / "latest.json").write_text(json.dumps(found, indent=1))
    (results / "latest.txt").write_text(text + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
