"""Whose certificate is it? Foreign equals absent equals 404. (The public checks by ``certificates.verification``.)"""

from __future__ import annotations

from django.http import Http404
from django.shortcuts import get_object_or_404

from accounts.models import User

from .models import Certificate, CertificateFile, CertificateQuerySet


def certificates_of(person: User) -> CertificateQuerySet:
    """A person's own editions, newest first, with what a list shows of the file (never its bytes)."""
    return Certificate.objects.of_learner(person).select_related("file", "replacement").defer("file__data", "replacement__snapshot")


def own_certificate(person: User, certificate_id: int) -> Certificate:
    """That certificate, if it was issued to this person; otherwise 404."""
    return get_object_or_404(certificates_of(person), pk=certificate_id)


def certificate_to_manage(person: User, certificate_id: int) -> Certificate:
    """That certificate, if this person may correct or revoke it; otherwise 404."""
    rows = Certificate.objects.manageable_by(person).select_related("file", "replacement", "replaces", "ended_by", "enrolment__learner")
    return get_object_or_404(rows.defer("file__data", "replacement__snapshot", "replaces__snapshot"), pk=certificate_id)


def file_behind(token: str) -> CertificateFile:
    """The issued bytes of a valid certificate, for whoever holds its link; otherwise 404."""
    found = CertificateFile.objects.select_related("certificate").filter(certificate__token=token, certificate__status="valid").first()
    if found is None:
        raise Http404
    return found
