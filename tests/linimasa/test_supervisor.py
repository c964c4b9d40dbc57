import os
import signal
import socket
import subprocess
import sys
import time

import pytest

from linimasa import supervisor
from tests.portal import ROOT, Portal, alive, environment_of, free_port, manage, wait_until


@pytest.fixture
def data(tmp_path, monkeypatch):
    monkeypatch.setenv("LINIMASA_DATA", str(tmp_path))
    return tmp_path


def child(name, code):
    return supervisor.Child(name, lambda: supervisor.spawn(name, [sys.executable, "-c", code]))


def test_the_pause_doubles_up_to_a_minute():
    assert [supervisor.pause_after(deaths) for deaths in range(1, 9)] == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_dead_child_comes_back_after_its_pause_and_the_reason_is_told(data, monkeypatch):
    told = []
    one = child("beat", "import time; time.sleep(60)")
    keeper = supervisor.Supervisor([one], told.append)
    keeper.tend()
    first = one.process.pid
    one.process.kill()
    one.process.wait()
    keeper.tend()
    assert one.process is None and "beat berhenti (kode -9); dimulai lagi dalam 1 detik" in told[0]
    keeper.tend()
    assert one.process is None, "the pause is not over"
    one.start_at = 0
    keeper.tend()
    assert one.alive and one.process.pid != first
    keeper.stop()


def test_deaths_in_a_row_wait_longer_and_a_long_life_starts_afresh(data):
    one = child("beat", "raise SystemExit(3)")
    keeper = supervisor.Supervisor([one], lambda _: None)
    pauses = []
    for _ in range(3):
        one.start_at = 0
        keeper.tend()
        one.process.wait()
        before = time.monotonic()
        keeper.tend()
        pauses.append(round(one.start_at - before))
    assert pauses == [1, 2, 4]
    one.start_at = 0
    keeper.tend()
    one.process.wait()
    one.started_at -= supervisor.LIVED_LONG_ENOUGH + 1
    keeper.tend()
    assert one.deaths == 1


def test_stopping_reaches_grandchildren_too(data):
    sleeper = "import time; time.sleep(60)"
    code = f"import subprocess, sys; p = subprocess.Popen([sys.executable, '-c', {sleeper!r}]); print(p.pid, flush=True); {sleeper}"
    one = child("worker", code)
    keeper = supervisor.Supervisor([one], lambda _: None)
    keeper.tend()
    grandchild = int(wait_until(lambda: supervisor.log_file("worker").read_text().strip()))
    keeper.stop()
    wait_until(lambda: not alive(grandchild), 5)
    assert not one.alive


def test_a_taken_port_is_one_sentence_that_names_the_variable():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        with pytest.raises(supervisor.CannotStart, match=r"PORT=8123 make run"):
            supervisor.demand_port(other.getsockname()[1])


def test_only_one_supervisor_holds_a_data_folder(data):
    with supervisor.hold_data_folder(), pytest.raises(supervisor.CannotStart, match="LINIMASA_DATA"):
        supervisor.hold_data_folder()
    supervisor.hold_data_folder().close()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"LINIMASA_DATA": "/proc/nowhere"}, "LINIMASA_DATA"),
        ({"LINIMASA_ENV": "produksi"}, "LINIMASA_ENV harus"),
        ({"LINIMASA_ENV": "production"}, "SECRET_KEY"),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
    ],
)
def test_a_wrong_environment_is_one_sentence_and_no_traceback(tmp_path, wrong, told):
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "serve"],
        env=environment_of(tmp_path, PORT=str(free_port())) | wrong,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert told in done.stderr and done.stderr.strip().count("\n") == 0


# --- the whole portal -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def portal(live_portal):
    return live_portal


@pytest.mark.worker
def test_all_parts_live_and_health_says_so(portal):
    status, told = wait_until(lambda: (answer := portal.health())[0] == 200 and answer, 40, what="heartbeats")
    assert told["status"] == told["database"] == told["broker"] == "ok"
    assert max(told["worker_age_s"], told["beat_age_s"]) <= 20


@pytest.mark.worker
def test_the_address_and_the_demo_accounts_are_printed(portal):
    assert f"Linimasa siap: http://localhost:{portal.port}" in portal.told()
    [(count,)] = portal.rows("SELECT count(*) FROM accounts_user WHERE is_demo")
    assert count > 3
    addresses = [email for (email,) in portal.rows("SELECT email FROM accounts_user WHERE is_demo")]
    assert sum(email in portal.told() for email in addresses) >= 6


@pytest.mark.worker
def test_a_second_supervisor_and_a_bare_command_beside_it(portal):
    second = portal.manage("serve", check=False)
    assert second.returncode == 1 and "Porta" in second.stderr
    assert "0 dilanggar" in portal.manage("check_invariants").stdout


@pytest.mark.worker
def test_a_killed_child_comes_back(tmp_path_factory, portal):
    lines = portal.told().count("berhenti (kode")
    worker = next(pid for pid in portal.children() if b"\0worker\0" in cmdline(pid))
    os.kill(worker, signal.SIGKILL)
    wait_until(lambda: portal.told().count("worker berhenti (kode") > lines, 15)
    wait_until(lambda: any(b"\0worker\0" in cmdline(pid) and pid != worker for pid in portal.children()), 15)


def cmdline(pid):
    try:
        with open(f"/proc/{pid}/cmdline", "rb") as words:
            return words.read()
    except OSError:
        return b""


@pytest.mark.worker
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL])
def test_no_orphan_survives_and_the_second_start_takes_seconds(portal, how, tmp_path):
    """A copy of the prepared data folder starts quickly; stopping or killing its supervisor leaves no process behind."""
    copy = tmp_path / "data"
    copy.mkdir()
    for name in ("secret_key.txt", "second_factor_key.txt"):
        (copy / name).write_bytes((portal.data / name).read_bytes())
    copy_database(portal.data / "linimasa.sqlite3", copy / "linimasa.sqlite3")
    began = time.monotonic()
    second = Portal(copy, free_port()).start()
    assert time.monotonic() - began < 25
    everyone = second.children()
    assert len(everyone) >= 6
    os.kill(second.supervisor.pid, how)
    wait_until(lambda: not [pid for pid in everyone if alive(pid)], 30, what="all children gone")
    assert second.supervisor.process.wait(10) == (0 if how == signal.SIGINT else -signal.SIGKILL)


def copy_database(source, target):
    import contextlib
    import sqlite3

    with contextlib.closing(sqlite3.connect(source)) as old, contextlib.closing(sqlite3.connect(target)) as new:
        old.backup(new)


@pytest.mark.worker
def test_production_refuses_a_database_with_demo_accounts(portal, tmp_path):
    copy_database(portal.data / "linimasa.sqlite3", tmp_path / "copy.sqlite3")
    production = {
        "LINIMASA_ENV": "production",
        "SECRET_KEY": "s" * 50,
        "SECOND_FACTOR_KEY": "k" * 50,
        "ALLOWED_HOSTS": "localhost",
        "EMAIL_URL": "smtp://localhost:25",
        "PUBLIC_URL": "https://localhost",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'copy.sqlite3'}",
    }
    refused = manage(tmp_path, "prepare", check=False, **production)
    assert refused.returncode == 1 and "akun demo" in refused.stderr and refused.stderr.strip().count("\n") == 0
    checked = manage(tmp_path, "check", "--deploy", check=False, **production)
    assert checked.returncode == 1 and "linimasa.E001" in checked.stderr
