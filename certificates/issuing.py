"""Issuing, correcting and revoking certificates: numbers without gaps, each edition once, nothing issued ever changed."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from audit import log
from cohorts import completion, structure
from cohorts.models import Enrolment, EnrolmentStatus
from linimasa import clock
from linimasa.problems import Problem
from notifications import outbox

from . import readiness, snapshots, wording
from .models import Certificate, CertificateStatus, NumberSequence
from .snapshots import Identity

LEVEL = 1
TOKEN_BYTES = 16  # 128 bits
CODE_ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # 32 signs without O, I, 0, 1: 12 of them are 60 bits
CODE_LENGTH = 12


class IssuingError(Exception):
    """A sentence for the person."""


def issuing_problems(enrolment: Enrolment) -> list[Problem]:
    """Why no certificate can be issued for this enrolment; empty when one can."""
    found = list(completion.problems(enrolment))
    if not found and enrolment.status != EnrolmentStatus.COMPLETED:
        found.append(Problem("not_completed", "Keikutsertaan ini belum selesai."))
    found += readiness.rules_problems(structure.of(enrolment).rules)
    return found


@transaction.atomic
def issue(enrolment: Enrolment) -> Certificate:
    """The enrolment's certificate; issued if it has none yet. Idempotent under any concurrency: once per enrolment and level.

    The enrolment's row is locked first, so of many callers one issues and the others get what it issued. A revoked or replaced
    edition is not issued anew. Raises IssuingError while something is missing.
    """
    Enrolment.objects.select_for_update().only("pk").get(pk=enrolment.pk)
    latest = Certificate.objects.filter(enrolment=enrolment, level=LEVEL).order_by("-edition").first()
    if latest is not None:
        return latest
    enrolment = Enrolment.objects.select_related("cohort", "course", "learner__agency", "agency").get(pk=enrolment.pk)
    problems = issuing_problems(enrolment)
    if problems:
        raise IssuingError(" ".join(problem.sentence for problem in problems))
    identity, order, year = _new_identity(enrolment)
    certificate = Certificate.objects.create(
        enrolment=enrolment, level=LEVEL, year=year, order=order, snapshot=snapshots.take(enrolment, identity), **_columns(identity)
    )
    log.record("certificate.issued", by=None, on=certificate, number=certificate.number, enrolment=enrolment.pk)
    _tell(certificate, enrolment.learner)
    return certificate


@transaction.atomic
def correct_name(certificate: Certificate, *, by: User, reason: str, prefix_titles: str, name: str, suffix_titles: str) -> Certificate:
    """A new edition with the name as it should be; the old one says «digantikan» and keeps its file.

    Raises IssuingError when this edition is not the valid one any more (of two who press together one corrects), when the name is
    the same or there is no reason.
    """
    _lock(certificate)
    holder = snapshots.holder_of(prefix_titles, name, suffix_titles)
    if not name.strip():
        raise IssuingError("Nama tidak boleh kosong.")
    if all(certificate.snapshot["holder"][key] == value for key, value in holder.items()):
        raise IssuingError("Nama ini sama dengan yang sudah tercetak. Ubah penulisannya dulu.")
    _end(certificate, CertificateStatus.REPLACED, by=by, reason=reason)
    enrolment = Enrolment.objects.select_related("cohort", "course", "learner").filter(certificates=certificate).first()
    identity, order, year = _new_identity(enrolment, after=certificate)
    titles = {"prefix_titles": prefix_titles, "name": name, "suffix_titles": suffix_titles}
    edition = Certificate.objects.create(
        enrolment=enrolment,
        level=certificate.level,
        edition=certificate.edition + 1,
        year=year,
        order=order,
        replaces=certificate,
        snapshot=snapshots.with_name(certificate.snapshot, identity, **titles),
        **_columns(identity),
    )
    log.record("certificate.replaced", by=by, on=certificate, reason=reason, replacement=edition.pk)
    log.record("certificate.issued", by=by, on=edition, number=edition.number, replaces=certificate.pk, reason=reason)
    if enrolment is not None:
        _tell(edition, enrolment.learner, replaced=certificate.number)
    return edition


@transaction.atomic
def revoke(certificate: Certificate, *, by: User, reason: str) -> Certificate:
    """This edition is not valid any more, from now, for a reason that everyone may read. Raises IssuingError if it was not valid."""
    _lock(certificate)
    _end(certificate, CertificateStatus.REVOKED, by=by, reason=reason)
    log.record("certificate.revoked", by=by, on=certificate, reason=reason)
    learner = User.objects.filter(enrolments__certificates=certificate).first()
    if learner is not None:
        context = {"number": certificate.number, "reason": certificate.reason, "url": certificate.snapshot["url"]}
        outbox.enqueue("certificate_revoked", to=learner, dedupe_key=f"certificate-revoked:{certificate.pk}", context=context)
    return certificate


def _lock(certificate: Certificate) -> None:
    """The enrolment before the certificate, as ``issue`` does."""
    if certificate.enrolment_id:
        Enrolment.objects.select_for_update().only("pk").get(pk=certificate.enrolment_id)


def _end(certificate: Certificate, status: str, *, by: User, reason: str) -> None:
    reason = reason.strip()
    if not reason:
        raise IssuingError("Tulis alasannya. Alasan ini terbaca di halaman pemeriksaan.")
    changes: dict[str, Any] = {"status": status, "reason": reason, "ended_at": clock.now(), "ended_by": by}
    if not Certificate.objects.filter(pk=certificate.pk, status=CertificateStatus.VALID).update(**changes):
        raise IssuingError("Sertifikat ini sudah tidak berlaku. Muat ulang halaman untuk melihat keadaannya.")
    for field, value in changes.items():
        setattr(certificate, field, value)


def _new_identity(enrolment: Enrolment | None, *, after: Certificate | None = None) -> tuple[Identity, int, int]:
    """The next number of this year, a token of 128 random bits and a code of 60. The year's row stays locked until the commit,
    so that numbers have no gap and none is given twice; it is the last lock taken."""
    now = clock.now()
    year = clock.local(now, wording.NUMBER_ZONE).year
    order = _next_order(year)
    if enrolment is not None:
        words = wording.of_rules(structure.of(enrolment).rules)
        number = wording.number(words["number"], order=order, cohort_code=enrolment.cohort.code, unit=words["unit_code"], issued_at=now)
    else:  # the enrolment is gone: the old number's own cohort and unit, if it has them
        cohort_code, unit = ([*after.number.split("/"), "", ""] if after else ["", "", ""])[1:3]
        number = wording.number(wording.NUMBER_PATTERN, order=order, cohort_code=cohort_code, unit=unit, issued_at=now)
    return Identity(number, new_code(), secrets.token_urlsafe(TOKEN_BYTES), _whole_second(now)), order, year


def _next_order(year: int) -> int:
    NumberSequence.objects.bulk_create([NumberSequence(year=year)], ignore_conflicts=True)
    sequence = NumberSequence.objects.select_for_update().get(pk=year)
    sequence.last += 1
    sequence.save(update_fields=["last"])
    return sequence.last


def new_code() -> str:
    return "".join(secrets.choice(CODE_ALPHABET) for _ in range(CODE_LENGTH))


def _whole_second(moment: datetime) -> datetime:
    return moment - timedelta(microseconds=moment.microsecond)


def _columns(identity: Identity) -> dict[str, Any]:
    return {"number": identity.number, "code": identity.code, "token": identity.token, "issued_at": identity.issued_at}


def _tell(certificate: Certificate, learner: User, *, replaced: str = "") -> None:
    context = {
        "number": certificate.number,
        "activity": certificate.snapshot["activity"],
        "url": certificate.snapshot["url"],
        "mine_url": settings.PUBLIC_URL + reverse("certificates:mine"),
        "replaced": replaced,
    }
    outbox.enqueue("certificate_issued", to=learner, dedupe_key=f"certificate-issued:{certificate.pk}", context=context)
