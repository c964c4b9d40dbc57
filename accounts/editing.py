"""Changing one's own data: the profile, the agency, the time zone that follows it."""

from __future__ import annotations

import re
from typing import Any

from django.db import IntegrityError, transaction

from audit import log

from .models import Agency, User

NIP_TAKEN = "NIP ini sudah dipakai akun lain. Hubungi admin bila ini NIP Anda."
WHATSAPP_WRONG = "Tulis nomor ponsel, misalnya 0812 3456 7890."
_MOBILE = re.compile(r"\+628\d{7,11}")


class EditingError(Exception):
    """The change cannot be made; the message is a sentence."""


def whatsapp_number(text: str) -> str:
    """«0812 3456 7890», «62812…» or «+62 812…» as «+628123456790»; empty stays empty. Raises EditingError for anything else."""
    digits = re.sub(r"[\s().\-]", "", text)
    if not digits:
        return ""
    if digits.startswith("0"):
        digits = "+62" + digits[1:]
    elif digits.startswith("62"):
        digits = "+" + digits
    elif digits.startswith("8"):
        digits = "+62" + digits
    if not _MOBILE.fullmatch(digits):
        raise EditingError(WHATSAPP_WRONG)
    return digits


@transaction.atomic
def change_profile(person: User, *, by: User, **values: Any) -> User:
    """Write the profile's fields; what did not change is not written. Issued certificates keep their own snapshot.

    ``time_zone`` empty follows the agency's region. Raises EditingError when the NIP is another active account's.
    """
    zone = values.pop("time_zone", None)
    if zone is not None:
        values["time_zone_chosen"] = bool(zone)
        values["time_zone"] = zone or zone_of(person.agency) or person.time_zone
    changed = {name: value for name, value in values.items() if getattr(person, name) != value}
    if not changed:
        return person
    if changed.get("nip") and User.objects.filter(nip=changed["nip"], is_active=True).exclude(pk=person.pk).exists():
        raise EditingError(NIP_TAKEN)
    for name, value in changed.items():
        setattr(person, name, value)
    try:
        with transaction.atomic():
            person.save(update_fields=sorted(changed))
    except IntegrityError as error:  # the same NIP was saved a moment ago
        raise EditingError(NIP_TAKEN) from error
    log.record("profile.changed", by=by, on=person, fields=sorted(changed))
    return person


@transaction.atomic
def choose_agency(person: User, agency: Agency, *, by: User) -> User:
    """Work for this agency from now on; the time zone follows its region unless the person chose one."""
    if person.agency_id == agency.pk:
        return person
    person.agency = agency
    if not person.time_zone_chosen and (zone := zone_of(agency)):
        person.time_zone = zone
    person.save(update_fields=["agency", "time_zone"])
    log.record("profile.agency_chosen", by=by, on=person, agency=agency.pk)
    return person


def zone_of(agency: Agency | None) -> str:
    """The time zone of the agency's region; empty for a central agency or a partner."""
    return agency.region.time_zone if agency is not None and agency.region_id and agency.region else ""
