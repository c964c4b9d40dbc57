"""Fixtures for every room: threads with their own connections, hints, a fresh broker state."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import caches
from django.db import connection, connections

from linimasa import work


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what this run cannot show, and say so."""
    on_postgres = connection.vendor == "postgresql"
    asked_for_soak = "soak" in (config.option.markexpr or "")
    kept, left = [], []
    for item in items:
        if item.get_closest_marker("soak") and not asked_for_soak:
            left.append(item)
        elif item.get_closest_marker("postgres") and not on_postgres:
            left.append(item)
        else:
            kept.append(item)
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = kept


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
        except Exception as error:  # noqa: BLE001
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
