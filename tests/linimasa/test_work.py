import socket
import threading
import time

import pytest
from django.db import transaction

from linimasa import tasks, work


@pytest.fixture
def fresh(monkeypatch):
    made = work.Publisher()
    monkeypatch.setattr(work, "publisher", made)
    return made


def test_hint_waits_for_the_commit(transactional_db, hinted):
    with transaction.atomic():
        work.hint(tasks.heartbeat, 7)
        assert hinted == []
    assert hinted == [("linimasa.tasks.heartbeat", (7,))]


def test_hint_of_a_rolled_back_transaction_is_never_given(transactional_db, hinted):
    with pytest.raises(RuntimeError), transaction.atomic():
        work.hint(tasks.heartbeat)
        raise RuntimeError
    assert hinted == []


def test_without_a_broker_hints_cost_nothing_and_never_raise(transactional_db, fresh):
    started = time.monotonic()
    for number in range(50):
        work.hint(tasks.heartbeat, number)
    assert time.monotonic() - started < 0.2
    assert fresh.flush(5)
    assert fresh.dropped == 50


def test_a_broker_that_takes_the_connection_and_says_nothing_stalls_no_caller(transactional_db, fresh, settings):
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(1)
        held = threading.Event()

        class Slow:
            name = "slow"

            def apply_async(self, **_):
                with socket.create_connection(deaf.getsockname(), timeout=1) as wire:
                    wire.settimeout(1)
                    wire.recv(1)
                held.set()

        started = time.monotonic()
        work.hint(Slow())
        work.hint(Slow())
        assert time.monotonic() - started < 0.1
        assert fresh.flush(5)
        assert fresh.dropped == 2 and not held.is_set()
