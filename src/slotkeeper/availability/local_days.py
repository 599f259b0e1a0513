"""Which instants are a calendar day of a zone.

A local day is a whole number: days since 1970-01-01 on the zone's calendar. It lasts 24 hours, or 23 or 25 or else; it
may come in two pieces (a clock set back across midnight shows the evening twice) or not at all (Pacific/Apia has no
2011-12-30).
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from slotkeeper.availability.intervals import Interval

DAY = 86_400
Piece = tuple[int, int, int]
"""``(start, end, offset)``: instants at which the zone's clock is ``offset`` seconds ahead of UTC."""


@lru_cache(maxsize=65_536)
def local_day(timezone: str, day: int) -> tuple[Piece, ...]:
    """The instants of a local day, in order; empty for a date that the zone skips.

    Raises ``zoneinfo.ZoneInfoNotFoundError`` for an unknown zone.
    """
    midnight = day * DAY
    around = _constant_offsets(ZoneInfo(timezone), midnight - DAY, midnight + 2 * DAY)
    clipped = ((max(s, midnight - offset), min(e, midnight + DAY - offset), offset) for s, e, offset in around)
    return tuple((start, end, offset) for start, end, offset in clipped if start < end)


def local_days(timezone: str, first: int, end: int) -> Iterator[tuple[int, tuple[Piece, ...]]]:
    """Every local day that has instants in ``[first, end)``; clocks differ from UTC by less than a day."""
    for day in range(first // DAY - 1, (end - 1) // DAY + 2):
        pieces = local_day(timezone, day)
        if pieces and pieces[0][0] < end and pieces[-1][1] > first:
            yield day, pieces


def wall_clock(timezone: str, instant: int) -> int:
    """What the zone's clock shows, as seconds since 1970-01-01T00:00 on that clock."""
    return instant + _offset(ZoneInfo(timezone), instant)


def span(timezone: str, first_day: int, days: int) -> Interval | None:
    """From the first instant of ``first_day`` to the end of the last of ``days`` days; ``None`` if no date exists."""
    pieces = [piece for day in range(first_day, first_day + days) for piece in local_day(timezone, day)]
    return (min(piece[0] for piece in pieces), max(piece[1] for piece in pieces)) if pieces else None


def start_of_day(timezone: str, day: int) -> int:
    """Of the next date that exists, where the zone skips this one."""
    return next(existing[0] for d in (day, day + 1) if (existing := span(timezone, d, 1)))


def end_of_day(timezone: str, day: int) -> int:
    """The first instant after it; after the date before, where the zone skips this one."""
    return next(existing[1] for d in (day, day - 1) if (existing := span(timezone, d, 1)))


def _constant_offsets(zone: ZoneInfo, start: int, end: int) -> list[Piece]:
    """``end - start`` is at most three days: in tzdata no clock was ever changed there and back in so short a time."""
    pieces = []
    while (offset := _offset(zone, start)) != _offset(zone, end - 1):
        change = _end_of_offset(zone, offset, start, end)
        pieces.append((start, change, offset))
        start = change
    return [*pieces, (start, end, offset)]


def _end_of_offset(zone: ZoneInfo, offset: int, start: int, end: int) -> int:
    return bisect_left(range(end), True, start, end, key=lambda instant: _offset(zone, instant) != offset)


def _offset(zone: ZoneInfo, instant: int) -> int:
    """A request may ask for the year 9999, where ``datetime`` ends: what the clock shows last, it shows for ever."""
    at = datetime.fromtimestamp(min(max(instant, _FIRST), _LAST), zone)
    return int((at.utcoffset() or timedelta()).total_seconds())


_FIRST, _LAST = (int(datetime(year, 1, 2, tzinfo=UTC).timestamp()) for year in (1, 9999))
