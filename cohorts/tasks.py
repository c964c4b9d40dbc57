"""The periodic work of this room."""

from __future__ import annotations

from celery import shared_task

from . import reminders


@shared_task(acks_late=True, expires=600)
def plan_reminders() -> None:
    """Queue what people should be reminded of. Harmless when run twice, late or by two beats: each occasion has one key."""
    reminders.plan()
