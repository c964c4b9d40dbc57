"""A completed enrolment nudges the worker; ``tasks.issue_missing`` is the guarantee."""

from __future__ import annotations

from typing import Any

from django.dispatch import receiver

from cohorts.signals import enrolment_completed
from linimasa.work import hint

from . import tasks


@receiver(enrolment_completed, dispatch_uid="certificates.issue")
def ask_for_certificate(sender: Any, enrolment_id: int, **kwargs: Any) -> None:
    hint(tasks.issue, enrolment_id)
