"""What this room knows about a person, for their export.

An erasure leaves certificates as they are: they keep only what verifying needs.
"""

from __future__ import annotations

from typing import Any

from accounts import exporting
from accounts.models import User

from .models import Certificate


def register() -> None:
    """Called once from ``ready()``."""
    exporting.register("sertifikat", certificates_of)


def certificates_of(person: User) -> list[dict[str, Any]]:
    """Every edition that was issued to the person, with all that it prints."""
    return [
        {
            "nomor": one.number,
            "kode": one.code,
            "edisi": one.edition,
            "keadaan": one.get_status_display(),
            "terbit": one.issued_at.isoformat(),
            "alasan": one.reason,
            "isi": one.snapshot,
        }
        for one in Certificate.objects.of_learner(person).order_by("pk")
    ]
