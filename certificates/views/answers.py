"""How the issued bytes are sent."""

from __future__ import annotations

import re

from django.http import HttpResponse

from ..models import CertificateFile


def pdf_answer(file: CertificateFile) -> HttpResponse:
    """The stored bytes as they were issued, as a download whose name says which certificate it is."""
    name = re.sub(r"[^A-Za-z0-9]+", "-", file.certificate.number).strip("-")
    response = HttpResponse(bytes(file.data), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="Sertifikat-{name}.pdf"'
    response["Cache-Control"] = "private, no-store"
    return response
