"""Whether certificates can be issued at all under a course's rules: told before anyone waits for one in vain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cohorts import noticing, structure
from cohorts.models import Cohort
from courses import publishing
from courses.holders import Holder
from courses.models import Course
from linimasa.problems import Problem
from quizzes.correcting import impact

from . import wording
from .models import Certificate, CertificateStatus

SENTENCE = (
    "Sertifikat belum dapat terbit: penanda tangannya belum ditetapkan. Isi nama dan jabatannya pada rules, certificate, signatory "
    "di course.yaml, lalu muat dan terbitkan kursus ini."
)


def register() -> None:
    """Called once from ``ready()``."""
    publishing.register_effect(told_on_publishing)
    noticing.register(cohort_problems)
    impact.register_certified(holders)


def holders(enrolment_ids: Sequence[int]) -> set[int]:
    """Those of the enrolments that hold a valid certificate: named where a mark is to be corrected. One statement."""
    rows = Certificate.objects.filter(enrolment__in=enrolment_ids, status=CertificateStatus.VALID)
    return {int(key) for key in rows.values_list("enrolment_id", flat=True) if key is not None}


def rules_problems(rules: Mapping[str, Any]) -> list[Problem]:
    """What these rules lack for a certificate to be issued. (The demo signs with an invented name.)"""
    return [Problem("signatory", SENTENCE)] if wording.of_rules(rules)["signatory"] is None else []


def told_on_publishing(holder: Holder) -> list[str]:
    """On the course's publish page. No obstacle: people can learn before a signatory is named."""
    return [problem.sentence for problem in rules_problems(holder.rules)] if isinstance(holder, Course) else []


def cohort_problems(cohort: Cohort) -> list[Problem]:
    """On the cohort's page: by the version of the course that the cohort follows."""
    return rules_problems(structure.of_cohort(cohort).rules)
