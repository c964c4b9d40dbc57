"""Certificates for tests: earned by real progress, issued by the real verb."""

from __future__ import annotations

from itertools import count
from typing import Any

from accounts.models import EmploymentStatus, User
from certificates import files, issuing
from certificates.models import Certificate
from cohorts.models import Cohort, Enrolment, EnrolmentStatus
from tests.factories.accounts import person
from tests.factories.cohorts import do_everything, make_cohort, make_enrolment

SITI: dict[str, Any] = {
    "name": "Siti Nur'aini",
    "suffix_titles": "S.I.Kom.",
    "employment_status": EmploymentStatus.PNS,
    "position": "Pranata Humas Ahli Pertama",
}
_nip = (f"199205082023082{number:03d}" for number in count(1))


def siti(**fields: Any) -> User:
    """A civil servant with degrees and a NIP."""
    return person(**{**SITI, "nip": next(_nip), **fields})


def completed_enrolment(learner: User | None = None, *, cohort: Cohort | None = None, points: float = 0.862, **fields: Any) -> Enrolment:
    """An enrolment that fulfils every condition and is completed, without a certificate yet."""
    enrolment = make_enrolment(cohort or make_cohort(), learner or siti(), status=EnrolmentStatus.COMPLETED, **fields)
    do_everything(enrolment, points=points)
    return enrolment


def issued(learner: User | None = None, *, drawn: bool = False, **fields: Any) -> Certificate:
    """A valid certificate; ``drawn``: with its file."""
    certificate = issuing.issue(completed_enrolment(learner, **fields))
    if drawn:
        files.make(certificate)
    return Certificate.objects.get(pk=certificate.pk)
