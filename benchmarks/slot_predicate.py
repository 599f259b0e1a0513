"""Free slots of one host over 30 days, beside a bare sweep over the same integers in the same run.

The floor knows no zones, buffers, limits or reasons: its working time and busy time are integers beforehand.
"""

import random
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from time import perf_counter
from typing import NamedTuple
from uuid import UUID

from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.local_days import DAY, local_day
from slotkeeper.availability.rules import Blocked, BookingRules, HostAvailability, why_not_free
from slotkeeper.availability.slots import free_slots
from slotkeeper.availability.working_hours import (
    _stretches_of_days,
    _weekly_stretches,
    _working_time_of_days,
    weekly_hours,
    working_time,
)
from slotkeeper.records.schedule import DAYS, Day, Hours, WeeklySchedule

MINUTE = 60
FIRST = 1_772_409_600  # Monday, 2026-03-02T00:00:00Z: the 30 days hold Berlin's change of the clock
END = FIRST + 30 * DAY
WEEK = WeeklySchedule(**{day: Day(enabled=True, hours=(Hours("09:00", "17:00"),)) for day in DAYS[:5]})
RULES = BookingRules(
    duration=30 * MINUTE,
    buffer_before=5 * MINUTE,
    buffer_after=10 * MINUTE,
    slot_interval=15 * MINUTE,
    meeting_type_id=UUID(int=1),
)


class Row(NamedTuple):
    """Microseconds, medians; ``cold`` has forgotten which instants are which day of the zone."""

    blocked: int
    slots: int
    floor: float
    warm: float
    cold: float
    why_all: float
    why_near: float

    @property
    def ratio(self) -> float:
        return self.warm / self.floor


def run() -> list[Row]:
    return [_measure(count) for count in (100, 500, 1_000, 10_000)]


def main() -> None:
    print("free_slots: one host, 30 days, 15-minute grid, buffers of 5 and 10 minutes; microseconds, medians")
    print("floor: a bare interval sweep over the same integers; why_not_free: for all entries, for those of its day")
    print(f"{'blocked':>8}{'slots':>7}{'floor':>9}{'warm':>9}{'ratio':>7}{'cold':>9}{'why (all)':>11}{'why (day)':>11}")
    for row in run():
        print(
            f"{row.blocked:>8}{row.slots:>7}{row.floor:>9.0f}{row.warm:>9.0f}{row.ratio:>7.2f}"
            f"{row.cold:>9.0f}{row.why_all:>11.1f}{row.why_near:>11.1f}"
        )


def bare_sweep(working: list[Interval], busy: list[Interval], duration: int, interval: int) -> list[int]:
    """The free starts on the grid of each working interval; both lists sorted."""
    free: list[int] = []
    nearest = 0
    for since, until in working:
        start = since
        while start + duration <= until:
            while nearest < len(busy) and busy[nearest][1] <= start:
                nearest += 1
            if nearest == len(busy) or busy[nearest][0] >= start + duration:
                free.append(start)
            start += interval
    return free


def _measure(count: int) -> Row:
    busy = _busy(count)
    host = _host(busy)
    working = list(working_time(host.schedule, (), host.timezone, FIRST, END))
    noon = FIRST + 10 * DAY + 11 * 3_600
    only_near = _host([(s, e) for s, e in busy if noon - DAY // 2 < s < noon + DAY // 2])
    ask = partial(free_slots, FIRST, END, RULES, [host], FIRST)
    return Row(
        blocked=count,
        slots=len(ask()),
        floor=_microseconds(partial(bare_sweep, working, busy, RULES.duration, RULES.slot_interval)),
        warm=_microseconds(ask),
        cold=_microseconds(ask, before=_forget),
        why_all=_microseconds(partial(why_not_free, noon, RULES, [host], FIRST)),
        why_near=_microseconds(partial(why_not_free, noon, RULES, [only_near], FIRST)),
    )


def _busy(count: int) -> list[Interval]:
    """Appointments of 5 minutes, strewn over the 30 days by a fixed seed."""
    starts = sorted(random.Random(count).sample(range(FIRST, END, MINUTE), count))
    return [(start, start + 5 * MINUTE) for start in starts]


def _host(busy: Sequence[Interval]) -> HostAvailability:
    starts, ends = zip(*busy, strict=True)
    blocked = Blocked(source="appointment", starts=starts, ends=ends)
    return HostAvailability(host_id=UUID(int=2), timezone="Europe/Berlin", schedule=WEEK, blocked=(blocked,))


def _forget() -> None:
    for memo in (local_day, weekly_hours, _weekly_stretches, _stretches_of_days, _working_time_of_days):
        memo.cache_clear()


def _microseconds(work: Callable[[], object], before: Callable[[], None] = lambda: None, rounds: int = 101) -> float:
    times = []
    for _ in range(rounds):
        before()
        began = perf_counter()
        work()
        times.append(perf_counter() - began)
    return median(times) * 1_000_000


if __name__ == "__main__":
    main()
