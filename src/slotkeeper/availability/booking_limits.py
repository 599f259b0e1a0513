"""How many meetings of one type a host takes in a day, a week (ISO 8601, from Monday) or a month of their zone."""

from bisect import bisect_left
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

from slotkeeper.availability.intervals import Interval, merge
from slotkeeper.availability.local_days import local_day, local_days
from slotkeeper.availability.working_hours import weekday


def full_periods(
    starts: Sequence[int], limits: Mapping[str, int], timezone: str, first: int, end: int
) -> Iterator[list[Interval]]:
    """The periods around ``[first, end)`` that hold as many of the sorted ``starts`` as they may, each as its instants.

    ``limits`` maps ``day``, ``week`` and ``month`` to a count; raises ``KeyError`` for another period.
    """
    days = [day for day, _ in local_days(timezone, first, end)] if limits else []
    for period, limit in limits.items():
        for day, length in dict.fromkeys(PERIODS[period](day) for day in days):
            instants = merge((s, e) for d in range(day, day + length) for s, e, _ in local_day(timezone, d))
            if sum(bisect_left(starts, e) - bisect_left(starts, s) for s, e in instants) >= limit:
                yield instants


def _month(day: int) -> Interval:
    at = date.fromordinal(min(max(day + _EPOCH, date.min.toordinal()), date.max.toordinal()))
    return at.replace(day=1).toordinal() - _EPOCH, monthrange(at.year, at.month)[1]


_EPOCH = date(1970, 1, 1).toordinal()
PERIODS: Mapping[str, Callable[[int], Interval]] = {
    "day": lambda day: (day, 1),
    "week": lambda day: (day - weekday(day), 7),
    "month": _month,
}
"""From a local day to the first day and the length of its period."""
