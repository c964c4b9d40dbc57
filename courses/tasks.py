"""Work behind the courses. Each task is harmless when run twice; a worker killed at any line leaves work for the sweeper."""

from __future__ import annotations

import structlog
from celery import shared_task

from . import booklets
from .models import Version

logger = structlog.get_logger(__name__)


@shared_task
def make_booklet(version_id: int) -> None:
    """Draw the booklet of a published module version."""
    version = Version.objects.filter(pk=version_id, module__isnull=False).select_related("course", "module").defer("parts").first()
    if version is not None:
        booklets.make(version)


@shared_task
def make_missing_booklets() -> int:
    """The guarantee: every current module version gets its booklet. Returns how many it tried; one that fails holds up no other."""
    missing = booklets.missing()
    for version_id in missing:
        try:
            make_booklet(version_id)
        except Exception:  # whatever a drawing throws: it is written down and tried again in the next sweep
            logger.exception("booklet.sweep_failed", version=version_id)
    return len(missing)
