"""What the workers do for quizzes. Harmless when run twice or late."""

from __future__ import annotations

from celery import shared_task

from . import attempts
from .correcting import applying
from .marking import effects
from .measuring import reports


@shared_task
def close_overdue() -> int:
    """Every half minute: attempts whose time is up are closed by the server, without the browser."""
    return attempts.close_overdue()


@shared_task
def take_effects() -> int:
    """Every 15 seconds: judgements whose minute has passed, and announced marks, reach progress and the learners."""
    return effects.take_due()


@shared_task
def compute_statistics(statistics_id: int) -> bool:
    """These statistics, from today's rows."""
    return reports.compute(statistics_id)


@shared_task
def compute_asked_statistics() -> int:
    """Every minute: statistics that were asked for and that no worker computed yet."""
    return reports.compute_asked()


@shared_task
def ask_stale_statistics() -> int:
    """Every hour: ask for the statistics of quizzes that were judged since."""
    return reports.ask_stale()


@shared_task
def apply_correction(correction_id: int) -> bool:
    """A corrected key reaches the answers that were judged by the old one."""
    return applying.apply(correction_id)


@shared_task
def apply_corrections() -> int:
    """Every minute: corrections that are not finished go on; answers that an old process still judged by the old key are caught up."""
    return applying.sweep()
