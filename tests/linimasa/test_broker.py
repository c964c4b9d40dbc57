import json
import os
import socket
import stat
import subprocess

import pytest

from linimasa import broker, environment


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("LINIMASA_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def running(data):
    process = broker.start(data / "broker.log")
    yield process
    process.terminate()
    process.wait(10)


def ask(port, password, words):
    with socket.create_connection(("127.0.0.1", port), timeout=2) as wire:
        wire.sendall(f"{f'AUTH {password}' if password else 'PING'}\r\n{words}\r\n".encode())
        told = b""
        while told.count(b"\r\n") < 2:
            told += wire.recv(4096)
        return told.decode()


def test_it_starts_on_loopback_with_a_password_that_only_its_owner_can_read(data, running):
    file = environment.broker_file()
    told = json.loads(file.read_text())
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "+PONG" in ask(told["port"], told["password"], "PING")
    assert "NOAUTH" in ask(told["port"], "", "KEYS *")
    assert environment.broker_url() == f"redis://:{told['password']}@127.0.0.1:{told['port']}/0"


def test_the_password_is_in_no_process_list(data, running):
    password = json.loads(environment.broker_file().read_text())["password"]
    with open(f"/proc/{running.pid}/cmdline") as words:
        assert password not in words.read()


def test_it_keeps_what_it_took_and_evicts_nothing(data, running):
    told = json.loads(environment.broker_file().read_text())
    for name, value in (("appendonly", "yes"), ("appendfsync", "everysec"), ("maxmemory-policy", "noeviction")):
        with socket.create_connection(("127.0.0.1", told["port"]), timeout=2) as wire:
            wire.sendall(f"AUTH {told['password']}\r\nCONFIG GET {name}\r\n".encode())
            answer = b""
            while answer.count(b"\r\n") < 6:
                answer += wire.recv(4096)
        assert f"\r\n{value}\r\n" in answer.decode()


def test_killed_and_started_again_it_has_the_same_address_and_content(data):
    first = broker.start(data / "broker.log")
    before = broker.environment.broker_url()
    told = json.loads(environment.broker_file().read_text())
    assert "+OK" in ask(told["port"], told["password"], "SET kept 1")
    first.terminate()
    first.wait(10)
    second = broker.start(data / "broker.log")
    try:
        assert environment.broker_url() == before
        assert "$1" in ask(told["port"], told["password"], "GET kept")
    finally:
        second.kill()
        second.wait()


def test_a_taken_port_is_left_to_its_owner(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        environment.broker_file().write_text(json.dumps({"port": taken, "password": "kata"}))
        running = broker.start(data / "broker.log")
        try:
            assert json.loads(environment.broker_file().read_text())["port"] != taken
        finally:
            running.kill()
            running.wait()


def test_a_torn_folder_is_thrown_away_and_the_broker_starts(data):
    folder = data / "broker" / "appendonlydir"
    folder.mkdir(parents=True)
    (folder / "appendonly.aof.manifest").write_text("rubbish\n")
    running = broker.start(data / "broker.log")
    try:
        assert running.poll() is None
    finally:
        running.kill()
        running.wait()


def test_a_server_on_path_comes_before_the_wheel(monkeypatch, tmp_path):
    assert broker.program().name == "valkey-server"
    own = tmp_path / "redis-server"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert broker.program() == own


def test_a_program_that_will_not_start_is_a_sentence(data, monkeypatch, tmp_path):
    own = tmp_path / "bin" / "valkey-server"
    own.parent.mkdir()
    own.write_text("#!/bin/sh\nexit 1\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", f"{own.parent}{os.pathsep}{os.environ['PATH']}")
    with pytest.raises(broker.BrokerFailed, match="REDIS_URL"):
        broker.start(data / "broker.log")


def test_it_stops_when_whoever_started_it_is_killed(data):
    code = (
        "import os; from linimasa import broker, supervisor; "
        f"p = broker.start(__import__('pathlib').Path({str(data / 'log')!r}), before_exec=supervisor.dies_with_parent); "
        "print(p.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([os.sys.executable, "-c", code], capture_output=True, text=True, check=False)
    from tests.portal import alive, wait_until

    wait_until(lambda: not alive(int(done.stdout)), 10)
