"""Handing work to the workers: a hint after commit, never a promise.

The database is the truth and a periodic sweeper is the guarantee; what is published here only makes it happen sooner. So a
hint costs the page nothing: it is put into a bounded queue after commit and one background thread publishes it. When the
broker does not answer, the circuit opens for a few seconds and hints are dropped instead of waiting.
"""

from __future__ import annotations

import atexit
import os
import queue
import threading
import time
from functools import partial
from typing import Any

import structlog
from celery import Task
from django.db import transaction
from kombu.exceptions import OperationalError

logger = structlog.get_logger(__name__)

QUEUE_LENGTH = 2_000
REST_SECONDS = 5.0  # how long the circuit stays open after a failure
FLUSH_SECONDS = 2.0  # how long a process that ends waits for its last hints


class Publisher:
    """One background thread of this process that publishes hints. Never raises to, and never stalls, its callers."""

    def __init__(self) -> None:
        self._start_afresh()

    def _start_afresh(self) -> None:
        self._queue: queue.Queue[tuple[Task, tuple[Any, ...]]] = queue.Queue(QUEUE_LENGTH)
        self._thread: threading.Thread | None = None
        self._pid = os.getpid()
        self._lock = threading.Lock()
        self._open_until = 0.0
        self.dropped = 0

    def put(self, task: Task, args: tuple[Any, ...]) -> None:
        """Queue one hint; drop it when the broker rests or the queue is full."""
        if self._pid != os.getpid():  # a fork has the parent's queue but not its thread
            self._start_afresh()
        if time.monotonic() < self._open_until:
            self.dropped += 1
            return
        try:
            self._queue.put_nowait((task, args))
        except queue.Full:
            self.dropped += 1
            return
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="hints", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            task, args = self._queue.get()
            try:
                if time.monotonic() < self._open_until:
                    self.dropped += 1
                else:
                    self._publish(task, args)
            except Exception as error:  # whatever the transport throws: the sweeper delivers
                self._open_until = time.monotonic() + REST_SECONDS
                self.dropped += 1
                logger.warning("hint.dropped", task=task.name, error=type(error).__name__)
            finally:
                self._queue.task_done()

    def _publish(self, task: Task, args: tuple[Any, ...]) -> None:
        """Once more on a fresh connection, since a pooled one dies with a restarted broker."""
        try:
            task.apply_async(args=args, retry=False)
        except OperationalError:
            task.apply_async(args=args, retry=False)

    def close_circuit(self) -> None:
        """Forget the last failure: the broker is known to be back."""
        self._open_until = 0.0

    def flush(self, seconds: float = FLUSH_SECONDS) -> bool:
        """Wait until every queued hint is published or dropped, at most that long. True when none is left."""
        if self._pid != os.getpid():
            return True
        until = time.monotonic() + seconds
        while self._queue.unfinished_tasks and time.monotonic() < until:
            time.sleep(0.01)
        return not self._queue.unfinished_tasks


publisher = Publisher()
atexit.register(publisher.flush)


def hint(task: Task, *args: Any) -> None:
    """After the surrounding transaction commits, ask a worker to run ``task(*args)`` soon.

    Never raises, never waits for the broker; lost when the broker is away, so a sweeper must be able to find the work in
    the database. Arguments are ids (JSON values).
    """
    transaction.on_commit(partial(publisher.put, task, args), robust=True)
