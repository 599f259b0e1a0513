from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from icalendar import Timezone

from slotkeeper.ics.vtimezone import vtimezone
from tests.ics.clock_changes import ZONES, clock_changes

YEARS = [2026, 2031]


def telling_instants(zone: ZoneInfo, year: int) -> list[datetime]:
    """One of each month, and the minutes before, at and after each clock change."""
    months = [datetime(year, month, 2, 12, tzinfo=UTC) for month in range(1, 13)]
    minutes = [timedelta(minutes=n) for n in (-90, -61, -60, -31, -30, -1, 0, 1, 30, 60, 90)]
    return months + [change + off for change in clock_changes(zone, year) for off in minutes]


def onsets(timezone: Timezone) -> list[tuple[datetime, timedelta]]:
    """Each onset as an instant, with the offset from then on, as RFC 5545 section 3.6.5 defines it."""
    return sorted(
        ((part.decoded("DTSTART") - part.decoded("TZOFFSETFROM")).replace(tzinfo=UTC), part.decoded("TZOFFSETTO"))
        for part in timezone.subcomponents
    )


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", YEARS)
def test_each_instant_has_the_offset_that_the_zone_gives_it(name: str, year: int) -> None:
    zone = ZoneInfo(name)
    told = onsets(_read(vtimezone(zone, year, year)))
    for instant in telling_instants(zone, year):
        assert [after for onset, after in told if onset <= instant][-1] == instant.astimezone(zone).utcoffset()


@pytest.mark.parametrize("name", ZONES)
@pytest.mark.parametrize("year", YEARS)
def test_each_local_time_that_comes_once_is_the_same_instant_to_another_reader(name: str, year: int) -> None:
    zone = ZoneInfo(name)
    other = _read(vtimezone(zone, year, year)).to_tz(lookup_tzid=False)
    for instant in telling_instants(zone, year):
        local = instant.astimezone(zone)
        if local.utcoffset() == local.replace(fold=1 - local.fold).utcoffset():
            assert local.replace(tzinfo=other).astimezone(UTC) == instant


def test_spring_begins_by_winters_clock_and_autumn_by_summers() -> None:
    lines = vtimezone(ZoneInfo("Europe/Berlin"), 2026, 2026).split("\r\n")
    assert "DTSTART:20260329T020000" in lines
    assert "DTSTART:20261025T030000" in lines


def _read(text: str) -> Timezone:
    read = Timezone.from_ical(text)
    assert isinstance(read, Timezone)
    return read
