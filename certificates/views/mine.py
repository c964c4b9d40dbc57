"""A learner's own certificates, and what is still missing for the next."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import User
from cohorts import completion
from cohorts.completion import Condition
from cohorts.models import Enrolment, EnrolmentStatus, Progress
from linimasa.paging import page_of

from .. import access
from .answers import pdf_answer

SHOWN = (EnrolmentStatus.ACTIVE, EnrolmentStatus.COMPLETED)
MOST_UNFINISHED = 20  # a person learns one course, seldom two


@dataclass(frozen=True)
class Unfinished:
    """One enrolment without a certificate, and the conditions that decide. ``waiting``: all hold, the worker is at it."""

    enrolment: Enrolment
    conditions: list[Condition]

    @property
    def waiting(self) -> bool:
        return self.enrolment.status == EnrolmentStatus.COMPLETED

    @property
    def met(self) -> int:
        return sum(condition.met for condition in self.conditions)

    @property
    def next_url(self) -> str:
        return next((condition.url for condition in self.conditions if not condition.met and condition.url), "")


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    page = page_of(request, access.certificates_of(request.user))
    context = {"page": page, "unfinished": _unfinished(request.user), "making": any(not hasattr(one, "file") for one in page)}
    return render(request, "certificates/mine.html", context)


@require_safe
def download(request: HttpRequest, certificate_id: int) -> HttpResponse:
    """The issued bytes. While the worker has not drawn them yet, a page says so: drawing happens only there."""
    certificate = access.own_certificate(request.user, certificate_id)
    if not hasattr(certificate, "file"):
        return render(request, "certificates/not_drawn_yet.html", {"certificate": certificate}, status=202)
    return pdf_answer(certificate.file)


def _unfinished(person: User) -> list[Unfinished]:
    """Three statements for any number: the enrolments, their progress, and what their course looks like (kept in the process)."""
    rows = Enrolment.objects.filter(learner=person, status__in=SHOWN, certificates__isnull=True).with_stamp()
    enrolments = list(rows.select_related("cohort", "course")[:MOST_UNFINISHED])
    progress: dict[int, dict[int, Progress]] = {enrolment.pk: {} for enrolment in enrolments}
    for row in Progress.objects.filter(enrolment__in=progress) if progress else ():
        progress[row.enrolment_id][row.activity_id] = row
    return [Unfinished(one, completion.checklist(one, progress=progress[one.pk])) for one in enrolments]
