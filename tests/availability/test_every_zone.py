"""Every zone there is, on each night of 2026 to 2028 on which its clock changes; on any day, where it never does.

What must be listed is read from the clock, minute by minute, and shares nothing with the code under test.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zlib import crc32
from zoneinfo import ZoneInfo, available_timezones

import msgspec
import pytest

from slotkeeper.api.v4.booking_availability_json import present
from slotkeeper.api.v4.booking_availability_shapes import BookingAvailabilityJson
from slotkeeper.appointments.free_slots import FreeSlots
from slotkeeper.availability.slots import free_slots
from tests.availability.worlds import DAY, MINUTE, at, every_day, host, rules

FIRST, END = at("2026-01-01"), at("2029-01-01")
ZONES = sorted(available_timezones() - {"localtime"})
SHARDS = 8
HOURS = (
    ("00:00-24:00",),
    ("00:30-02:15", "02:45-03:30", "23:10-24:00"),
    ("22:00-24:00", "00:00-02:30", "09:00-17:00"),
    ("00:00-00:40", "01:00-05:00", "12:00-12:20"),
)
GRIDS = ((15, 30), (20, 10), (50, 10), (30, 45))
"""Interval and duration, in minutes; 50 minutes do not divide the day: each midnight starts anew."""


def days_of_change(zone: ZoneInfo) -> Iterator[int]:
    """The start of each UTC day within which the zone's offset from UTC changes."""
    before = None
    for day in range(FIRST, END + 1, DAY):
        offset = datetime.fromtimestamp(day, zone).utcoffset()
        if before not in (None, offset):
            yield day - DAY
        before = offset


def minutes_past(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def by_the_clock(zone: ZoneInfo, first: int, end: int, hours: Sequence[str], interval: int, duration: int) -> list[int]:
    """The minutes at which the clock shows a time of the grid, and for as long as the meeting lasts a time of work."""
    opened: dict[int, list[int]] = {}
    for text in hours:
        opens, closes = (minutes_past(part) for part in text.split("-"))
        for minute in range(opens, closes):
            opened.setdefault(minute, []).append(opens)
    found, lasting = [], 0
    for instant in range(end + (duration - 1) * MINUTE, first - 1, -MINUTE):
        clock = datetime.fromtimestamp(instant, zone)
        minute = clock.hour * 60 + clock.minute
        lasting = lasting + 1 if minute in opened else 0
        if lasting >= duration and instant < end and any((minute - o) % interval == 0 for o in opened[minute]):
            found.append(instant)
    return found[::-1]


@pytest.mark.parametrize("shard", range(SHARDS))
def test_the_slots_listed_are_exactly_the_instants_that_exist_none_missing_and_none_twice(shard: int) -> None:
    """Invariant 16."""
    changes = 0
    for name in ZONES[shard::SHARDS]:
        nights = list(days_of_change(ZoneInfo(name)))
        changes += len(nights)
        for night in nights or [FIRST + crc32(name.encode()) % 1_000 * DAY]:
            check_night(name, night)
    assert changes > 80


def check_night(name: str, night: int) -> None:
    """Round the clock, and by hours that begin or end near the change."""
    zone, drawn = ZoneInfo(name), crc32(f"{name} {night}".encode())
    first, end = night - DAY // 2, night + DAY + DAY // 2
    for hours in (HOURS[0], HOURS[1 + drawn % 3]):
        interval, duration = GRIDS[drawn // 3 % 4]
        asked = rules(duration * MINUTE, slot_interval=interval * MINUTE)
        listed = free_slots(first, end, asked, [host(timezone=name, schedule=every_day(*hours))], first)
        assert listed == by_the_clock(zone, first, end, hours, interval, duration), (name, night, hours)
        check_answer(listed, duration * MINUTE, (first, end), name)
        check_answer(listed, duration * MINUTE, (first, end), ZONES[drawn % len(ZONES)])


def check_answer(listed: list[int], duration: int, within: tuple[int, int], name: str) -> None:
    """Each is written with the offset and the date of the zone that was asked for."""
    zone = ZoneInfo(name)
    found = FreeSlots(
        within=within, starts=listed, groups={}, obstacles={}, duration=duration, earliest=None,
        hosts=(), people=(), calendars=(),
    )  # fmt: skip
    answer = msgspec.json.decode(present(found, name), type=BookingAvailabilityJson)
    written = [(day.date, datetime.fromisoformat(spot.start_time)) for day in answer.dates for spot in day.spots]
    assert sorted(int(start.timestamp()) for _, start in written) == listed, name
    for date, start in written:
        there = start.astimezone(zone)
        assert (start.utcoffset(), date) == (there.utcoffset() or timedelta(), there.date().isoformat()), (name, start)
