"""Time in three zones: stored in UTC, shown in the person's zone, always with its name (WIB, WITA, WIT).

Formats follow EYD V and ``docs/interface.md``; Django's own ``id`` formats are not used (they print "21 Jan. 2026").
"""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.utils import timezone

ZONES = {"Asia/Jakarta": "WIB", "Asia/Makassar": "WITA", "Asia/Jayapura": "WIT"}
ZONE_CHOICES = [(key, f"{label} ({key.split('/')[1]})") for key, label in ZONES.items()]
DEFAULT_ZONE = "Asia/Jakarta"
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
SHORT_MONTHS = tuple("Agu" if month == "Agustus" else month[:3] for month in MONTHS)


def now() -> datetime:
    """This instant, in UTC. Tests move it with time-machine."""
    return timezone.now()


def today() -> date:
    """The day that it is now in the active zone."""
    return local(now()).date()


def zone(name: str | None) -> ZoneInfo:
    """The zone of that IANA name if it is one of Indonesia's three, else WIB."""
    return ZoneInfo(name if name in ZONES else DEFAULT_ZONE)


def local(moment: datetime, tz: ZoneInfo | str | None = None) -> datetime:
    """The moment in the zone given, else in the active one (set per request from the person's profile)."""
    if isinstance(tz, str):
        tz = zone(tz)
    return timezone.localtime(moment, tz) if tz else timezone.localtime(moment)


def zone_label(moment: datetime) -> str:
    """WIB, WITA or WIT by the moment's offset from UTC."""
    offset = moment.utcoffset()
    hours = int(offset.total_seconds() // 3600) if offset else 0
    return {7: "WIB", 8: "WITA", 9: "WIT"}.get(hours, "UTC")


def date_text(moment: datetime, tz: ZoneInfo | str | None = None) -> str:
    """«Senin, 23 November 2026»"""
    at = local(moment, tz)
    return f"{DAYS[at.weekday()]}, {at.day} {MONTHS[at.month - 1]} {at.year}"


def day_text(day: date) -> str:
    """«23 November 2026», of a day without a time."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def plain_date_text(moment: datetime, tz: ZoneInfo | str | None = None) -> str:
    """«23 November 2026»"""
    return day_text(local(moment, tz))


def short_date_text(moment: datetime, tz: ZoneInfo | str | None = None) -> str:
    """«23 Nov 2026»"""
    at = local(moment, tz)
    return f"{at.day} {SHORT_MONTHS[at.month - 1]} {at.year}"


def time_text(moment: datetime, tz: ZoneInfo | str | None = None) -> str:
    """«23.59 WITA»"""
    at = local(moment, tz)
    return f"{at:%H.%M} {zone_label(at)}"


def moment_text(moment: datetime, tz: ZoneInfo | str | None = None) -> str:
    """«Senin, 23 November 2026 pukul 23.59 WITA»"""
    return f"{date_text(moment, tz)} pukul {time_text(moment, tz)}"
