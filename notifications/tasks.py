"""The workers' side of the outbox. Each task is harmless when run twice, late, or by two workers at once."""

from __future__ import annotations

from celery import shared_task

from . import delivering


@shared_task(acks_late=True, time_limit=delivering.LONGEST_DELIVERY)
def deliver(message_id: int) -> None:
    """Send one message, if it is still waiting and due. A hint: the sweeper finds what this never ran for."""
    delivering.deliver(message_id)


@shared_task(acks_late=True, time_limit=delivering.LONGEST_SWEEP, expires=25)
def deliver_waiting() -> None:
    """The guarantee: settle what a dead worker left behind, then send what is due, oldest first, for at most 25 seconds."""
    delivering.settle_abandoned()
    delivering.deliver_waiting()
