"""The issued bytes: drawn once by a worker, stored with their SHA-256, never remade."""

from __future__ import annotations

import hashlib

from django.db import transaction

from . import pdf
from .models import Certificate, CertificateFile


def make(certificate: Certificate) -> CertificateFile:
    """The certificate's file; drawn and stored if it has none yet. Of many callers' files the first stored one stays.

    Only for worker processes: drawing must never happen in a process that forks (see ``linimasa.typesetting``).
    """
    kept = CertificateFile.objects.filter(certificate=certificate).first()
    if kept is not None:
        return kept
    data = pdf.render(certificate.snapshot)
    made = {"data": data, "size": len(data), "sha256": hashlib.sha256(data).hexdigest(), "renderer": pdf.RENDERER}
    with transaction.atomic():
        return CertificateFile.objects.get_or_create(certificate=certificate, defaults=made)[0]
