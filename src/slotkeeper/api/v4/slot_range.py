"""From when to when slots are asked for: days of a zone, or instants."""

import re
from datetime import UTC, date, datetime, timedelta

from slotkeeper.api.bodies import EARLIEST, LATEST
from slotkeeper.availability.local_days import end_of_day, start_of_day
from slotkeeper.errors import Malformed

LONGEST = timedelta(days=366)
_CLOCK_CHANGES = timedelta(hours=3)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EPOCH = date(1970, 1, 1)


def range_of(start: str, end: str, timezone: str) -> tuple[datetime, datetime]:
    """``[start, end)``. ``YYYY-MM-DD`` is a whole day of ``timezone``, as an end too; ISO 8601 with a zone an instant.

    Raises ``Malformed`` naming the end that is neither, lies before the other, or more than 366 days after it.
    """
    first, last = _instant("start", start, timezone), _instant("end", end, timezone, ends=True)
    if last < first or (_DATE.fullmatch(start) and _DATE.fullmatch(end) and end < start):
        raise Malformed.field("end", "must not lie before start")
    if last - first > LONGEST + _CLOCK_CHANGES:
        raise Malformed.field("end", f"must be at most {LONGEST.days} days after start")
    return first, last


def _instant(field: str, text: str, timezone: str, *, ends: bool = False) -> datetime:
    try:
        at = _day(text, timezone, ends=ends) if _DATE.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Malformed.field(field, "must be a day such as 2026-03-10, or ISO 8601 with a zone: 2026-03-10T14:00:00Z")
    if not EARLIEST <= at <= LATEST:
        raise Malformed.field(field, "must lie between 2000 and 2200")
    return at.astimezone(UTC)


def _day(text: str, timezone: str, *, ends: bool) -> datetime:
    day = (date.fromisoformat(text) - _EPOCH).days
    return datetime.fromtimestamp(end_of_day(timezone, day) if ends else start_of_day(timezone, day), UTC)
