"""Over which days equal distribution counts: the local day, week (ISO 8601, from Monday) or month of a start.

A period is named by its first local day (``availability/local_days.py``); starts are Unix seconds.
"""

from functools import lru_cache

from slotkeeper.availability.booking_limits import PERIODS
from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.local_days import DAY, span, wall_clock
from slotkeeper.records.queue import DistributionPeriod


@lru_cache(maxsize=65_536)
def period_of(timezone: str, period: DistributionPeriod, start: int) -> int:
    return PERIODS[period](wall_clock(timezone, start) // DAY)[0]


def whole_periods(timezone: str, period: DistributionPeriod, first: int, end: int) -> Interval:
    """From the beginning of the period of ``first`` to the end of that of the last instant before ``end``."""
    reached = [span(timezone, *PERIODS[period](wall_clock(timezone, t) // DAY)) for t in (first, end - 1)]
    return (
        min([first, *(existing[0] for existing in reached if existing)]),
        max([end, *(existing[1] for existing in reached if existing)]),
    )
