"""The nights of 2026 to 2028 on which a clock changes, in every zone there is."""

from collections.abc import Iterator
from datetime import datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest

from slotkeeper.availability.slots import free_slots
from tests.availability.worlds import DAY, MINUTE, at, host, rules

FIRST, END = at("2026-01-01"), at("2029-01-01")
STEP = 5 * MINUTE


def days_of_change(zone: ZoneInfo) -> Iterator[int]:
    """The start of each UTC day within which the zone's offset from UTC changes."""
    before = None
    for day in range(FIRST, END + 1, DAY):
        offset = datetime.fromtimestamp(day, zone).utcoffset()
        if before not in (None, offset):
            yield day - DAY
        before = offset


def on_the_hour_grid(zone: ZoneInfo, instant: int, interval: int) -> bool:
    clock = datetime.fromtimestamp(instant, zone)
    return (clock.hour * 60 + clock.minute) * MINUTE % interval == 0


ZONES = sorted(available_timezones() - {"localtime"})


@pytest.mark.parametrize("shard", range(4))
def test_round_the_clock_every_instant_on_the_grid_that_exists_is_listed_once(shard: int) -> None:
    """Invariant 16, read from the clock every five minutes; 50 minutes do not divide the day: midnight starts anew."""
    changes = 0
    for name in ZONES[shard::4]:
        zone = ZoneInfo(name)
        nights = list(days_of_change(zone))
        changes += len(nights)
        for night in nights or [FIRST]:
            interval = (50 if night % (2 * DAY) else 15) * MINUTE
            first, end = night - DAY // 2, night + DAY + DAY // 2
            expected = [t for t in range(first, end, STEP) if on_the_hour_grid(zone, t, interval)]
            asked = rules(10 * MINUTE, slot_interval=interval)
            assert free_slots(first, end, asked, [host(timezone=name)], first) == expected, (name, night)
    assert changes > 200
