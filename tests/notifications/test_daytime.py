from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linimasa import clock
from notifications.daytime import MARGIN, is_daytime, may_begin, next_daytime

ZONES = ["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
EARLIEST, LATEST = datetime(2020, 1, 1), datetime(2040, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone
OFFSET = {"Asia/Jakarta": 7, "Asia/Makassar": 8, "Asia/Jayapura": 9}


def at(zone: str, hour: int, minute: int = 0, second: int = 0, day: int = 24) -> datetime:
    """That time of the person's clock, in UTC, reckoned without the code under test."""
    return datetime(2026, 11, day, hour, minute, second, tzinfo=UTC) - timedelta(hours=OFFSET[zone])


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    ("hour", "minute", "second", "day_time"),
    [(0, 0, 0, False), (7, 59, 59, False), (8, 0, 0, True), (17, 59, 59, True), (18, 0, 0, False), (23, 59, 59, False)],
)
def test_daytime_is_from_eight_until_before_six_on_the_persons_clock(zone, hour, minute, second, day_time):
    assert is_daytime(at(zone, hour, minute, second), zone) is day_time


@pytest.mark.parametrize("zone", ZONES)
def test_a_reminder_that_would_begin_just_before_six_waits_for_the_morning(zone):
    assert may_begin(at(zone, 17, 54, 59), zone)
    assert not may_begin(at(zone, 17, 55), zone)
    assert next_daytime(at(zone, 17, 55), zone) == at(zone, 8, day=25)


@pytest.mark.parametrize("zone", ZONES)
def test_before_eight_waits_for_the_same_day_and_midnight_belongs_to_the_new_day(zone):
    assert next_daytime(at(zone, 7, 59, 59), zone) == at(zone, 8)
    assert next_daytime(at(zone, 0, 0), zone) == at(zone, 8)
    assert next_daytime(at(zone, 23, 59, 59), zone) == at(zone, 8, day=25)


def test_an_unknown_zone_counts_as_wib():
    assert next_daytime(at("Asia/Jakarta", 3), "Mars/Olympus") == at("Asia/Jakarta", 8)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(moment=st.datetimes(min_value=EARLIEST, max_value=LATEST, timezones=st.just(UTC)), zone=st.sampled_from(ZONES))
def test_the_due_time_is_never_earlier_always_by_day_and_never_far(moment, zone):
    due = next_daytime(moment, zone)
    assert moment <= due < moment + timedelta(hours=14) + MARGIN
    assert is_daytime(due, zone) and is_daytime(due + MARGIN - timedelta(seconds=1), zone)
    assert next_daytime(due, zone) == due
    assert due.utcoffset() == moment.utcoffset()
    if due != moment:
        local = clock.local(due, zone)
        assert (local.hour, local.minute, local.second, local.microsecond) == (8, 0, 0, 0)
