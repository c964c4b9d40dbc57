"""What rows can show of promises 8 and 9."""

from __future__ import annotations

import hashlib

from django.db.models import Count, F, Max, Min, Q

from linimasa.invariants import invariant

from .models import Certificate, CertificateFile, CertificateStatus, NumberSequence
from .snapshots import code_text


@invariant(8, "Satu sertifikat sah per keikutsertaan dan tingkat.")
def one_valid_certificate() -> list[str]:
    doubled = (
        Certificate.objects.filter(status=CertificateStatus.VALID, enrolment__isnull=False)
        .values("enrolment_id", "level")
        .annotate(count=Count("pk"))
        .filter(count__gt=1)
    )
    return [f"Enrolment {row['enrolment_id']}, level {row['level']}: {row['count']} valid certificates" for row in doubled]


@invariant(8, "Edisi yang digantikan punya tepat satu pengganti, dan penggantinya menyebut edisi berikutnya.")
def replaced_has_a_replacement() -> list[str]:
    alone = Certificate.objects.filter(status=CertificateStatus.REPLACED, replacement__isnull=True).values_list("pk", flat=True)
    skewed = Certificate.objects.filter(replaces__isnull=False).exclude(edition=F("replaces__edition") + 1, replaces__status="replaced")
    return [f"Certificate {pk}: replaced without a replacement" for pk in alone] + [
        f"Certificate {pk}: does not follow what it replaces" for pk in skewed.values_list("pk", flat=True)
    ]


@invariant(8, "Berkas yang tersimpan sama dengan sidik jarinya.")
def stored_hash_equals_bytes() -> list[str]:
    broken = []
    for pk, data, size, sha256 in CertificateFile.objects.values_list("pk", "data", "size", "sha256").iterator(chunk_size=50):
        if hashlib.sha256(data).hexdigest() != sha256 or len(data) != size:
            broken.append(f"CertificateFile {pk}: its bytes are not those that were issued")
    return broken


@invariant(9, "Nomor sertifikat tiap tahun berurut tanpa celah dan tidak pernah dipakai ulang.")
def numbers_without_gaps() -> list[str]:
    last_of = dict(NumberSequence.objects.values_list("year", "last"))
    broken = []
    years = Certificate.objects.order_by().values("year").annotate(count=Count("order", distinct=True), low=Min("order"), high=Max("order"))
    for row in years:
        if row["low"] != 1 or row["count"] != row["high"] or last_of.pop(row["year"], 0) != row["high"]:
            broken.append(f"Year {row['year']}: {row['count']} numbers from {row['low']} to {row['high']}")
    return broken + [f"Year {year}: {last} numbers given, no certificate" for year, last in last_of.items() if last]


@invariant(9, "Nomor, kode, dan tautan yang tercetak sama dengan yang dipakai pemeriksaan.")
def printed_equals_checked() -> list[str]:
    broken = []
    columns = Certificate.objects.values_list("pk", "number", "code", "token", "snapshot__number", "snapshot__code", "snapshot__url")
    for pk, number, code, token, printed_number, printed_code, printed_url in columns.iterator():
        if number != printed_number or code_text(code) != printed_code or not str(printed_url).endswith(f"/{token}/"):
            broken.append(f"Certificate {pk}: what is printed is not what is checked")
    return broken


@invariant(8, "Yang dicabut atau digantikan menyebut kapan dan mengapa.")
def ended_says_why() -> list[str]:
    silent = Certificate.objects.exclude(status=CertificateStatus.VALID).filter(Q(reason="") | Q(ended_at__isnull=True))
    return [f"Certificate {pk}: ended without a date or reason" for pk in silent.values_list("pk", flat=True)]
