"""Loading the 552 regions and the agencies that each of them has. Running it again changes nothing."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from .models import Agency, AgencyKind, AgencyStatus, Region
from .searching import search_key

FILE = Path(__file__).resolve().parent / "data" / "wilayah.csv"
CENTRAL = (
    ("Kementerian Komunikasi dan Digital", AgencyKind.CENTRAL),
    ("Meta Indonesia", AgencyKind.PARTNER),
)

Wanted = tuple[str, str, str | None]  # name, kind, region


@dataclass(frozen=True)
class Report:
    regions: int
    new_regions: int
    agencies: int
    new_agencies: int


@transaction.atomic
def load_regions(file: Path = FILE) -> Report:
    """Bring regions and their agencies to what the file says; agencies that people added stay. Idempotent."""
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    regions = [
        Region(
            code=row["kode"],
            name=row["nama"],
            kind=row["jenis"],
            province_id=row["kode_provinsi"] or None,
            autonomous=row["otonom"] == "ya",
            time_zone=row["iana"],
            search_key=search_key(row["nama"]),
        )
        for row in rows
    ]
    before = Region.objects.count()
    updated = ["name", "kind", "province", "autonomous", "time_zone", "search_key"]
    for kind in (True, False):  # provinces first: the others point to them
        part = [region for region in regions if (region.province_id is None) == kind]
        Region.objects.bulk_create(part, update_conflicts=True, unique_fields=["code"], update_fields=updated, batch_size=200)
    new_agencies = _load_agencies([region for region in regions if region.autonomous])
    return Report(len(regions), Region.objects.count() - before, Agency.objects.count(), new_agencies)


def _load_agencies(regions: list[Region]) -> int:
    governments = [(government_name(region), AgencyKind.REGIONAL_GOVERNMENT, region.code) for region in regions]
    made = _add([*governments, *((name, kind, None) for name, kind in CENTRAL)], parents={})
    parents: dict[str | None, int] = dict(
        Agency.objects.filter(kind=AgencyKind.REGIONAL_GOVERNMENT, parent=None).values_list("region_id", "pk")
    )
    offices: list[Wanted] = [(office_name(region), AgencyKind.COMMUNICATIONS, region.code) for region in regions]
    return made + _add(offices, parents=parents)


def _add(wanted: list[Wanted], *, parents: dict[str | None, int]) -> int:
    known = {(name.casefold(), region) for name, region in Agency.objects.values_list("name", "region_id")}
    missing = [
        Agency(name=name, kind=kind, region_id=code, parent_id=parents.get(code), status=AgencyStatus.APPROVED, search_key=search_key(name))
        for name, kind, code in wanted
        if (name.casefold(), code) not in known
    ]
    Agency.objects.bulk_create(missing, batch_size=200)
    return len(missing)


def government_name(region: Region) -> str:
    """«Pemerintah Kabupaten Sikka», «Pemerintah Kota Kupang», «Pemerintah Provinsi Aceh»."""
    return f"Pemerintah Provinsi {region.name}" if region.province_id is None else f"Pemerintah {region.name}"


def office_name(region: Region) -> str:
    """«Dinas Komunikasi dan Informatika Kabupaten Sikka»."""
    place = f"Provinsi {region.name}" if region.province_id is None else region.name
    return f"Dinas Komunikasi dan Informatika {place}"
