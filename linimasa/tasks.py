"""The shell's own periodic tasks. Each is harmless when run twice or late."""

from __future__ import annotations

from typing import Any

import structlog
from celery import shared_task
from celery.signals import before_task_publish
from django.conf import settings
from django.core.management import call_command
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from accounts import limits

from . import health, invariants, retention

logger = structlog.get_logger(__name__)
HEARTBEAT = "linimasa.tasks.heartbeat"


@shared_task(name=HEARTBEAT, acks_late=False, expires=30)
def heartbeat() -> None:
    """A worker lives: it took this task from the broker and can write to the database."""
    health.beat_of("worker")


@before_task_publish.connect
def beat_lives(sender: str = "", **_: Any) -> None:
    """Beat lives: only beat publishes the heartbeat, and it says so before the broker is asked."""
    if sender != HEARTBEAT:
        return
    try:
        close_old_connections()
        health.beat_of("beat")
    except Error:
        logger.warning("heartbeat.beat_not_written")


@shared_task
def check_invariants() -> None:
    """Nightly: what rows can show is re-checked; every broken promise becomes an error in the log (ids only)."""
    for one, rows in invariants.broken():
        logger.error("invariant.broken", number=one.number, name=one.name, rows=len(rows), first=rows[0])


@shared_task
def clear_ended() -> None:
    """Nightly: ended sessions, limits' windows and expired cache rows go (the database cache never culls by itself)."""
    call_command("clearsessions")
    limits.clear_ended()
    table = connection.ops.quote_name(str(settings.CACHES["default"]["LOCATION"]))
    moment = connection.ops.adapt_datetimefield_value(timezone.now().replace(microsecond=0, tzinfo=None))
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table} WHERE expires < %s", [moment])  # noqa: S608 - our own table's name


@shared_task
def keep_retention() -> None:
    """Nightly: what is past the time that docs/retention.yaml gives it goes."""
    for table, rows in retention.execute().items():
        if rows:
            logger.info("retention.kept", table=table, rows=rows)
