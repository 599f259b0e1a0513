"""Instants and days as the CRM's clients write them. Pure."""

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from slotkeeper.errors import Malformed

YEARS = range(1900, 2200)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


_FIRST, _LAST = time(0, 0), time(23, 59, 59)


def moment(field: str, text: str, zone: str, *, due: bool = False) -> datetime:
    """The instant in UTC; a date alone is the day's first second in ``zone``, or its last of what is ``due``.

    Raises ``Malformed``.
    """
    whole = _read_date(text)
    second = _LAST if due else _FIRST
    value = _read_instant(text) if whole is None else datetime.combine(whole, second, ZoneInfo(zone))
    if value is None or value.year not in YEARS:
        raise Malformed.field(field, "must be ISO 8601 with a zone, such as 2026-03-10T14:00:00Z, or a date")
    return value.astimezone(UTC)


def day(field: str, text: str) -> date:
    """Raises ``Malformed``."""
    found = _read_date(text) or _read_date(text[:10] if _read_instant(text) else "")
    if found is None or found.year not in YEARS:
        raise Malformed.field(field, "must be a date, such as 2026-03-10")
    return found


def _read_date(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DATE.fullmatch(text) else None
    except ValueError:
        return None


def _read_instant(text: str) -> datetime | None:
    """None for one without a zone."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError:
        return None
    return value if value.tzinfo else None
