import json
import re
import stat
from pathlib import Path

import pytest

from linimasa import environment

ROOT = Path(environment.ROOT)


@pytest.fixture
def data(tmp_path, monkeypatch):
    for name in environment.DEFAULTS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LINIMASA_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


def test_the_table_in_the_manual_is_the_table_in_the_code():
    rows = re.findall(r"^\| `([A-Z_]+)` \| (.*?) \| (.*?) \|$", (ROOT / "docs" / "operations.md").read_text(), re.MULTILINE)
    assert rows == [(one.name, one.default, one.meaning) for one in environment.VARIABLES]


def test_nothing_reads_the_environment_elsewhere():
    allowed = {"environment.py", "supervisor.py", "wsgi.py", "celery.py"}
    rooms = ["linimasa", "audit", "accounts", "notifications", "courses", "cohorts", "quizzes", "certificates"]
    files = [file for room in rooms for file in (ROOT / room).rglob("*.py") if file.name not in allowed]
    assert [str(file.relative_to(ROOT)) for file in files if re.search(r"os\.environ|getenv", file.read_text())] == []


def test_an_undeclared_name_cannot_be_read():
    with pytest.raises(KeyError):
        environment.read("HOME")


def test_a_demo_secret_is_made_once_and_only_its_owner_reads_it(data):
    first = environment.secret("SECRET_KEY")
    assert len(first) >= 48 and environment.secret("SECRET_KEY") == first
    assert environment.secret("SECOND_FACTOR_KEY") != first
    assert stat.S_IMODE((data / "secret_key.txt").stat().st_mode) == 0o600
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


@pytest.mark.parametrize("value", ["", "pendek"])
def test_production_wants_a_long_secret_of_its_own(data, monkeypatch, value):
    monkeypatch.setenv("LINIMASA_ENV", "production")
    monkeypatch.setenv("SECRET_KEY", value)
    with pytest.raises(environment.MisconfiguredEnvironment, match="SECRET_KEY"):
        environment.secret("SECRET_KEY")
    assert not (data / "secret_key.txt").exists()


def test_databases_by_their_url(data):
    lite = environment.database("sqlite:////srv/x.sqlite3")
    assert lite["NAME"] == "/srv/x.sqlite3" and lite["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    real = environment.database("postgres://lini:rahasia%21@db.example:5433/portal?sslmode=require")
    told = {key: real[key] for key in ("NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert told == {"NAME": "portal", "USER": "lini", "PASSWORD": "rahasia!", "HOST": "db.example", "PORT": "5433"}
    assert real["OPTIONS"]["sslmode"] == "require"
    assert all(name in real["OPTIONS"]["options"] for name in ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"))
    with pytest.raises(environment.MisconfiguredEnvironment, match="DATABASE_URL"):
        environment.database("mysql://x/y")


def test_the_broker_is_the_one_named_else_the_embedded_else_nobody(data, monkeypatch):
    assert environment.broker_url() == "redis://127.0.0.1:1/0"
    environment.broker_file().write_text(json.dumps({"port": 4000, "password": "p"}))
    assert environment.broker_url() == "redis://:p@127.0.0.1:4000/0"
    monkeypatch.setenv("REDIS_URL", "redis://r/1")
    assert environment.broker_url() == "redis://r/1"


@pytest.mark.parametrize(
    ("value", "port"), [("", 8000), ("8123", 8123), ("abc", None), ("0", None), ("70000", None), ("-1", None), ("9" * 99, None)]
)
def test_a_number_that_is_none_is_refused_with_a_sentence(data, monkeypatch, value, port):
    monkeypatch.setenv("PORT", value)
    if port:
        assert environment.whole_number("PORT") == port
    else:
        with pytest.raises(environment.MisconfiguredEnvironment, match="PORT harus bilangan bulat"):
            environment.whole_number("PORT")
