"""When a reminder may arrive: 08.00–18.00 where the person lives (promise 10)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from linimasa import clock

OPENS = time(8, 0)
CLOSES = time(18, 0)
# A delivery that begins now must be over before 18.00, however slowly the mail server answers.
MARGIN = timedelta(minutes=5)


def is_daytime(moment: datetime, zone: str) -> bool:
    """Whether the person's clock shows 08.00 or later and is before 18.00. ``zone`` is an IANA name (WIB when unknown)."""
    return OPENS <= clock.local(moment, clock.zone(zone)).time() < CLOSES


def may_begin(moment: datetime, zone: str) -> bool:
    """Whether a reminder that begins to leave now arrives in the daytime."""
    return is_daytime(moment, zone) and is_daytime(moment + MARGIN, zone)


def next_daytime(moment: datetime, zone: str) -> datetime:
    """The moment itself if a reminder may begin to leave then, else the next 08.00 of the person's clock (UTC or the moment's own zone).

    Never earlier than ``moment`` and less than 14 hours and 5 minutes after it: Indonesia's three zones have no daylight saving time.
    """
    if may_begin(moment, zone):
        return moment
    here = clock.local(moment, clock.zone(zone))
    opening = here.replace(hour=OPENS.hour, minute=0, second=0, microsecond=0)
    if here >= opening:
        opening += timedelta(days=1)
    return opening.astimezone(moment.tzinfo)
