"""What a course prints on its certificates: ``rules["certificate"]`` of the published course over the portal's own words.

Keys: ``institution``, ``unit``, ``unit_code``, ``place``, ``mode``, ``number`` (a pattern), ``signatory`` (``position``, ``name``,
``nip``) and ``outcomes`` (how many objectives a module shows on the back).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings

from accounts.models import EmploymentStatus, User
from linimasa import clock

NUMBER_ZONE = "Asia/Jakarta"  # a number's month and year, and all dates on paper, are those of WIB
NUMBER_PATTERN = "{nomor}/{angkatan}/{unit}/{bulan}/{tahun}"
MUST_NAME = ("{nomor}", "{tahun}")  # without them two numbers could be equal
EXAMPLE_NOTE = "Contoh dari portal demo, bukan sertifikat resmi. Nama dan data dalam dokumen ini rekaan."
HIDDEN = "•" * 14

DEFAULTS: dict[str, Any] = {
    "institution": "Kementerian Komunikasi dan Digital",
    "unit": "Direktorat Jenderal Komunikasi Publik dan Media",
    "unit_code": "DJKPM",
    "place": "Jakarta",
    "mode": "secara daring",
    "number": NUMBER_PATTERN,
    "outcomes": 3,
}
EXAMPLE_SIGNATORY = {
    "position": "Direktur Kemitraan Komunikasi Lembaga dan Kehumasan",
    "name": "Dr. Ratna Kusumawardhani, M.Si.",
    "nip": "197803142003122004",
}


def of_rules(rules: Mapping[str, Any]) -> dict[str, Any]:
    """Everything of ``DEFAULTS``, and ``signatory`` (an invented one in the demo; None in production when the rules name none)."""
    said = rules.get("certificate")
    said = said if isinstance(said, Mapping) else {}
    words = {**DEFAULTS, **{key: value for key, value in said.items() if key in DEFAULTS and value}}
    signatory = said.get("signatory") or (None if settings.PRODUCTION else EXAMPLE_SIGNATORY)
    words["signatory"] = None
    if isinstance(signatory, Mapping) and signatory.get("name") and signatory.get("position"):
        words["signatory"] = {key: str(signatory.get(key, "")) for key in ("position", "name", "nip")}
    return words


def number(pattern: str, *, order: int, cohort_code: str, unit: str, issued_at: datetime) -> str:
    """«0123/LINIMASA-III/DJKPM/XI/2026». A pattern without order or year is not used: it could not give unique numbers."""
    if not all(word in pattern for word in MUST_NAME):
        pattern = NUMBER_PATTERN
    at = clock.local(issued_at, NUMBER_ZONE)
    values = {
        "nomor": f"{order:04d}",
        "angkatan": cohort_code,
        "unit": unit,
        "bulan": clock.ROMAN_MONTHS[at.month - 1],
        "tahun": str(at.year),
    }
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), pattern)


def masked(nip: str) -> str:
    """A NIP by its last four digits, the same on paper and on the verification page; empty for none."""
    return f"{HIDDEN} {nip[-4:]}" if nip else ""


def nip_label(person: User) -> str:
    """What the number is called: PPPK have a NI PPPK."""
    return "NI PPPK" if person.employment_status == EmploymentStatus.PPPK else "NIP"


def day(moment: datetime) -> dict[str, str]:
    """A date as it is printed (WIB), and for machines."""
    at = clock.local(moment, NUMBER_ZONE)
    return {"date": at.date().isoformat(), "text": clock.plain_date_text(moment, NUMBER_ZONE)}
