"""From when to when something is asked for: days of a zone, or instants."""

import re
from datetime import UTC, date, datetime, timedelta

from slotkeeper.api.bodies import EARLIEST, LATEST
from slotkeeper.availability.local_days import end_of_day, start_of_day
from slotkeeper.errors import Malformed

LONGEST = timedelta(days=366)
DAY_OR_INSTANT = "A whole day (`YYYY-MM-DD`) or ISO 8601 with a zone"
"""For the description of a parameter."""
_CLOCK_CHANGES = timedelta(hours=3)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH = date(1970, 1, 1)


def range_of(start: str, end: str, timezone: str) -> tuple[datetime, datetime]:
    """``[start, end)``. ``YYYY-MM-DD`` is a whole day of ``timezone``, as an end too; ISO 8601 with a zone an instant.

    Raises ``Malformed`` naming the end that is neither, lies before the other, or more than 366 days after it.
    """
    first = _bounded("start", _instant("start", start, timezone))
    last = _bounded("end", _instant("end", end, timezone, ends=True))
    if last < first or (_DATE.fullmatch(start) and _DATE.fullmatch(end) and end < start):
        raise Malformed.field("end", "must not lie before start")
    if last - first > LONGEST + _CLOCK_CHANGES:
        raise Malformed.field("end", f"must be at most {LONGEST.days} days after start")
    return first, last


def bounds_of(start: str | None, end: str | None, timezone: str) -> tuple[datetime | None, datetime | None]:
    """As ``range_of``, of a filter: either may be open, and neither be too early, too late or on the wrong side."""
    first = _clamped(_instant("start", start, timezone)) if start else None
    last = _clamped(_instant("end", end, timezone, ends=True)) if end else None
    return first, last


def _instant(field: str, text: str, timezone: str, *, ends: bool = False) -> datetime:
    try:
        at = _day(text, timezone, ends=ends) if _DATE.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Malformed.field(field, "must be a day such as 2026-03-10, or ISO 8601 with a zone: 2026-03-10T14:00:00Z")
    return at


def _bounded(field: str, at: datetime) -> datetime:
    if not EARLIEST <= at <= LATEST:
        raise Malformed.field(field, "must lie between 2000 and 2200")
    return at.astimezone(UTC)


def _clamped(at: datetime) -> datetime:
    return min(max(at, EARLIEST), LATEST).astimezone(UTC)


def _day(text: str, timezone: str, *, ends: bool) -> datetime:
    day = (date.fromisoformat(text) - _EPOCH).days
    return datetime.fromtimestamp(end_of_day(timezone, day) if ends else start_of_day(timezone, day), UTC)
