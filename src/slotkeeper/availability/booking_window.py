"""How far ahead a meeting type can be booked: the API's ``daysIntoFuture`` as instants."""

from datetime import date, datetime
from typing import Annotated

import msgspec

from slotkeeper.availability.local_days import DAY, end_of_day, start_of_day, wall_clock


class DaysIntoFuture(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """``bookingLimit`` is minutes, at most a century; the range's ends are ISO 8601 dates or datetimes."""

    mode: str | None = None
    booking_limit: Annotated[int, msgspec.Meta(ge=0, le=52_560_000)] | None = None
    range_min: str | None = None
    range_max: str | None = None
    count_mode: str | None = None


def booking_window(days: DaysIntoFuture, now: int, timezone: str) -> tuple[int | None, int | None]:
    """The first and the last instant at which a meeting may start, both included; ``None`` where there is no bound.

    ``limit``: until ``bookingLimit`` from now; with ``countMode`` ``calendar`` to the end of that day in ``timezone``.
    ``range``: whole days in ``timezone`` from ``rangeMin`` to ``rangeMax``. Any other mode bounds nothing.
    Raises ``ValueError`` naming the end of the range that is not a date.
    """
    if days.mode == "limit" and days.booking_limit is not None:
        latest = now + days.booking_limit * 60
        return None, end_of_day(timezone, wall_clock(timezone, latest) // DAY) - 1 if _by_calendar(days) else latest
    if days.mode == "range":
        first = _day_of("rangeMin", days.range_min, timezone)
        last = _day_of("rangeMax", days.range_max, timezone)
        return (
            None if first is None else start_of_day(timezone, first),
            None if last is None else end_of_day(timezone, last) - 1,
        )
    return None, None


def _by_calendar(days: DaysIntoFuture) -> bool:
    return days.count_mode == "calendar"


def _day_of(field: str, text: str | None, timezone: str) -> int | None:
    """A date, a wall-clock time (its date) or an instant (its date in ``timezone``)."""
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"{field}: {text!r} is not an ISO 8601 date") from error
    if at.tzinfo is not None:
        return wall_clock(timezone, int(at.timestamp())) // DAY
    return (at.date() - _EPOCH).days


_EPOCH = date(1970, 1, 1)
