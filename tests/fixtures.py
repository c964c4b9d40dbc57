"""Fixtures for every room: threads with their own connections, hints, a fresh broker state."""

from __future__ import annotations

import gc
import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections

from linimasa import broker, environment, work
from linimasa.supervisor import dies_with_parent
from tests import browsers, portal, schema


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run cannot show, and say so."""
    on_postgres = connection.vendor == "postgresql"
    asked_for_soak = "soak" in (config.option.markexpr or "")
    kept, left = [], []
    for item in items:
        if item.get_closest_marker("soak") and not asked_for_soak or item.get_closest_marker("postgres") and not on_postgres:
            left.append(item)
        else:
            kept.append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


def pytest_collection_finish() -> None:
    """What was collected stays until the end: the collector of garbage need not walk over it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """On SQLite the tables come from a copy of a database that was migrated before, if the migrations are still the same."""
    told = settings.DATABASES["default"].get("TEST", {})
    if connection.vendor == "sqlite" and schema.bring(Path(told["NAME"])):
        connection.settings_dict["TEST"]["MIGRATE"] = False


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_modify_db_settings: None) -> bool:
    """A copied database is taken as it is."""
    return connection.settings_dict["TEST"]["MIGRATE"] is False


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_keepdb: bool, django_db_blocker: Any) -> None:
    """What was migrated for this run is kept for the next."""
    if connection.vendor == "sqlite" and not django_db_keepdb:
        schema.keep(Path(connection.settings_dict["NAME"]))


@pytest.fixture(autouse=True)
def _fresh_process_state() -> Iterator[None]:
    """The process's own cache of versions starts empty: keys repeat when a test database is rolled back."""
    caches["local"].clear()
    yield


@pytest.fixture
def hinted(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, tuple[Any, ...]]]:
    """The hints given to the broker (task name, arguments), instead of publishing them: the wire is cut here."""
    told: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr(work.publisher, "put", lambda task, args: told.append((task.name, args)))
    return told


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Leave the counts for tests/run.py, which adds up the runs."""
    if file := os.environ.get("TEST_COUNTS"):
        stats = terminalreporter.stats
        counts = {key: len(stats.get(key, [])) for key in ("passed", "failed", "error", "skipped")}
        counts["without_browser"] = sum("Chromium tidak ada" in str(one.longrepr) for one in stats.get("skipped", []))
        Path(file).write_text(json.dumps(counts))


def run_in_parallel(count: int, act: Callable[[int], Any]) -> list[Any]:
    """``act(0) … act(count-1)``, each in its own thread with its own connection, all let go at once.

    The result of each, in order; an exception is a result too. Needs ``transactional_db``.
    """
    gate = threading.Barrier(count)
    results: list[Any] = [None] * count

    def one(number: int) -> None:
        try:
            gate.wait(30)
            results[number] = act(number)
        except Exception as error:
            results[number] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,), daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "Some threads never came back."
    return results


@pytest.fixture
def in_parallel(transactional_db: None) -> Callable[[int, Callable[[int], Any]], list[Any]]:
    """See ``run_in_parallel``."""
    assert settings.DATABASES["default"]["NAME"]
    return run_in_parallel


# --- real processes ---------------------------------------------------------------------------------------------------


@pytest.fixture
def real_broker() -> Iterator[subprocess.Popen[bytes]]:
    """A real broker at the address that this process's settings name; empty, and gone after the test."""
    shutil.rmtree(settings.DATA / "broker", ignore_errors=True)
    running = broker.start(settings.DATA / "broker.log", before_exec=dies_with_parent)
    assert environment.broker_url() == settings.BROKER_URL, "The port reserved for the broker was taken."
    work.publisher.close_circuit()
    yield running
    work.publisher.flush()
    running.terminate()
    running.wait(10)


@pytest.fixture
def start_real_worker(real_broker: object, transactional_db: None) -> Iterator[Callable[..., portal.Process]]:
    """``start_real_worker(concurrency=2, name="worker")``: a real worker process on this test's broker and database."""
    started: list[portal.Process] = []

    def start(*, concurrency: int = 2, name: str = "worker", **more: str) -> portal.Process:
        made = portal.start_worker(
            settings.DATA, concurrency=concurrency, name=f"{name}-{len(started)}-{time.monotonic_ns()}", **(database() | more)
        )
        started.append(made)
        return made

    yield start
    for one in started:
        one.stop(5)


def database() -> dict[str, str]:
    """The environment that leads another process to this test's database."""
    told = connection.settings_dict
    if connection.vendor == "sqlite":
        return {"DATABASE_URL": f"sqlite:///{told['NAME']}"}
    return {"DATABASE_URL": f"postgres://{told['USER']}@{told['HOST']}:{told['PORT']}/{told['NAME']}"}


@pytest.fixture
def real_worker(start_real_worker: Callable[..., portal.Process]) -> portal.Process:
    """One real worker with two children."""
    return start_real_worker()


@pytest.fixture(scope="session")
def live_portal() -> Iterator[portal.Portal]:
    """The whole portal as ``make run`` starts it, with the curriculum and the demo, in a data folder of its own."""
    running = portal.Portal(Path(settings.DATA) / "portal", portal.free_port(), UNDO_SECONDS="12").start()
    yield running
    running.stop()


# --- a real browser ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Debian's Chromium, driven by Playwright. Skips where there is none (``make test`` counts and tells)."""
    program = browsers.program()
    if program is None:
        pytest.skip("Chromium tidak ada")
    from playwright.sync_api import sync_playwright

    home = Path(settings.DATA) / "browser-home"
    home.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=program, args=browsers.FLAGS, env=browsers.environment(home))
        yield running
        running.close()


@pytest.fixture
def open_page(browser: Any) -> Iterator[Callable[..., Any]]:
    """``open_page(width, height, scripts=True, dark=False)``: a page in a context of its own.

    After the test: no script error and no violation of the content security policy on any of them.
    """
    contexts: list[Any] = []
    wrong: list[str] = []

    def console(message: Any) -> None:
        if "Content Security Policy" in message.text:
            wrong.append(f"{message.text} ({message.location.get('url', '')})")

    def open_one(width: int = 1280, height: int = 900, *, scripts: bool = True, dark: bool = False, **more: Any) -> Any:
        context = browser.new_context(
            viewport={"width": width, "height": height},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            locale="id-ID",
            timezone_id="Asia/Makassar",
            reduced_motion="reduce",
            **more,
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", console)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def page_390(open_page: Callable[..., Any]) -> Any:
    """A phone: 390 × 844."""
    return open_page(390, 844, has_touch=True, is_mobile=True)


@pytest.fixture
def page_1280(open_page: Callable[..., Any]) -> Any:
    """A desk: 1280 × 900."""
    return open_page(1280, 900)


@pytest.fixture
def page_without_scripts(open_page: Callable[..., Any]) -> Any:
    """A phone with JavaScript off."""
    return open_page(390, 844, scripts=False)


@pytest.fixture
def axe() -> Callable[..., None]:
    """``axe(page)``: no violation of WCAG 2.2 AA or axe's best practices on the page as it is now."""
    return browsers.assert_accessible
