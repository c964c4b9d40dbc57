"""Work behind certificates. Each task is harmless when run twice; a worker killed at any line leaves work for the sweepers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import structlog
from celery import shared_task
from django.db.models import QuerySet

from cohorts.models import Enrolment, EnrolmentStatus

from . import files, issuing
from .models import Certificate

logger = structlog.get_logger(__name__)
BATCH = 100
SECONDS = 45.0  # a sweep ends before the next begins; what is left is found again


@shared_task
def issue(enrolment_id: int) -> None:
    """Issue the certificate of a completed enrolment, then draw its file."""
    enrolment = Enrolment.objects.filter(pk=enrolment_id).first()
    if enrolment is None:
        return
    try:
        certificate = issuing.issue(enrolment)
    except issuing.IssuingError:
        logger.info("certificate.not_yet", enrolment=enrolment_id)
        return
    files.make(certificate)


@shared_task
def make_file(certificate_id: int) -> None:
    """Draw the file of an issued certificate."""
    certificate = Certificate.objects.filter(pk=certificate_id).first()
    if certificate is not None:
        files.make(certificate)


@shared_task
def issue_missing() -> int:
    """The guarantee: every completed enrolment without a certificate gets one. Its query is its memory. Returns how many it tried."""
    missing = Enrolment.objects.filter(status=EnrolmentStatus.COMPLETED, certificates__isnull=True)
    return _sweep(missing, issue)


@shared_task
def make_missing_files() -> int:
    """The guarantee: every issued certificate gets its file. Returns how many it tried."""
    return _sweep(Certificate.objects.without_file(), make_file)


def _sweep(rows: QuerySet, act: Callable[[int], None]) -> int:
    """``act`` on each row's key, in batches, for a bounded time. One row that fails never holds up the others."""
    until = time.monotonic() + SECONDS
    tried = 0
    for pk in _keys(rows):
        if time.monotonic() > until:
            break
        tried += 1
        try:
            act(pk)
        except Exception:  # whatever a drawing or a row throws: it is written down and tried again in the next sweep
            logger.exception("certificate.sweep_failed", task=getattr(act, "name", ""), id=pk)
    return tried


def _keys(rows: QuerySet) -> Iterator[int]:
    last = 0
    while batch := list(rows.filter(pk__gt=last).order_by("pk").values_list("pk", flat=True)[:BATCH]):
        yield from batch
        last = batch[-1]
