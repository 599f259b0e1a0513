"""When a host works: weekly hours and exceptions as instants.

By the wall clock: a host works at an instant if the clock in their zone then shows a time within that day's hours. On
the night that the clocks go forward, an hour that does not exist holds nothing; on the night that they go back, a
repeated hour counts twice.
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from slotkeeper.availability.intervals import Interval, merge, subtract
from slotkeeper.availability.local_days import DAY, local_day, local_days, wall_clock
from slotkeeper.records.schedule import DAYS, Day, Hours, ScheduleException, WeeklySchedule

DayHours = tuple[Interval, ...]
"""Hours of one day in seconds since its wall-clock midnight."""
Stretch = tuple[int, int, int]
"""``(start, end, grid)``: working instants, and the instant (inside or not) from which slots are counted in steps."""


@lru_cache(maxsize=4_096)
def weekly_hours(schedule: WeeklySchedule) -> tuple[DayHours, ...]:
    """Monday first; a day that is not enabled has none, though its hours must be well-formed too.

    Raises ``ValueError`` naming the day.
    """
    parsed = tuple(_day_hours(name, getattr(schedule, name)) for name in DAYS)
    return tuple(hours if getattr(schedule, name).enabled else () for name, hours in zip(DAYS, parsed, strict=True))


def stretches(
    schedule: WeeklySchedule, exceptions: Sequence[ScheduleException], timezone: str, first: int, end: int
) -> tuple[Stretch, ...]:
    """Weekly and extra hours, exact within ``[first, end)``; hours off are not yet taken away.

    Slots are counted on the wall clock from the start of the hours that hold them; overlapping hours each count their
    own.
    """
    return _stretches_of_days(schedule, tuple(exceptions), timezone, *_whole_days(first, end))


def working_time(
    schedule: WeeklySchedule, exceptions: Sequence[ScheduleException], timezone: str, first: int, end: int
) -> tuple[Interval, ...]:
    """Merged working instants, exact within ``[first, end)``; hours off win over extra hours."""
    return _working_time_of_days(schedule, tuple(exceptions), timezone, *_whole_days(first, end))


def weekday(day: int) -> int:
    """0 is Monday; 1970-01-01, day 0, was a Thursday."""
    return (day + 3) % 7


def _whole_days(first: int, end: int) -> Interval:
    """In UTC, so that what is asked later on the same day, or of another host with the same hours, is known already."""
    return first // DAY * DAY, -(-end // DAY) * DAY


@lru_cache(maxsize=256)
def _stretches_of_days(
    schedule: WeeklySchedule, exceptions: tuple[ScheduleException, ...], timezone: str, first: int, end: int
) -> tuple[Stretch, ...]:
    weekly = weekly_hours(schedule)
    extra = [(s, e, wall_clock(timezone, s)) for s, e in _exceptions(exceptions, True, first, end)]
    found: list[Stretch] = []
    for day, pieces in local_days(timezone, first, end):
        if hours := weekly[weekday(day)]:
            found += _weekly_stretches(timezone, day, hours)
        for since, until, wall_start in extra:
            found += _within((max(s, since), min(e, until), wall_start - offset) for s, e, offset in pieces)
    return tuple(found)


@lru_cache(maxsize=256)
def _working_time_of_days(
    schedule: WeeklySchedule, exceptions: tuple[ScheduleException, ...], timezone: str, first: int, end: int
) -> tuple[Interval, ...]:
    working = [(s, e) for s, e, _ in _stretches_of_days(schedule, exceptions, timezone, first, end)]
    return tuple(subtract(merge(working), merge(_exceptions(exceptions, False, first, end))))


@lru_cache(maxsize=65_536)
def _weekly_stretches(timezone: str, day: int, hours: DayHours) -> tuple[Stretch, ...]:
    wall = [(day * DAY + opens, day * DAY + closes) for opens, closes in hours]
    return tuple(
        _within(
            (max(start, opens - offset), min(end, closes - offset), opens - offset)
            for start, end, offset in local_day(timezone, day)
            for opens, closes in wall
        )
    )


def _within(candidates: Iterable[Stretch]) -> list[Stretch]:
    return [stretch for stretch in candidates if stretch[0] < stretch[1]]


def _exceptions(exceptions: Sequence[ScheduleException], available: bool, first: int, end: int) -> list[Interval]:
    chosen = [(int(e.start.timestamp()), int(e.end.timestamp())) for e in exceptions if e.available is available]
    return [(since, until) for since, until in chosen if since < end and until > first]


def is_wall_time(text: str) -> bool:
    return _WALL_TIME.fullmatch(text) is not None


def interval_of(hours: Hours) -> Interval:
    """Seconds since the day's midnight, which as an end is the day's own end. Both must be wall times."""
    return _seconds(hours.start), _seconds(hours.end) or DAY


def _day_hours(name: str, day: Day) -> DayHours:
    return tuple(_interval(name, hours) for hours in day.hours)


def _interval(name: str, hours: Hours) -> Interval:
    for text in (hours.start, hours.end):
        if not is_wall_time(text):
            raise ValueError(f"{name}: {text!r} is not a time of the form HH:mm")
    interval = interval_of(hours)
    if interval[0] >= interval[1]:
        raise ValueError(f"{name}: hours {hours.start}-{hours.end} do not end after they start; split them at midnight")
    return interval


def _seconds(text: str) -> int:
    return int(text[:2]) * 3_600 + int(text[3:]) * 60


_WALL_TIME = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
