"""Times at which the demo's host works. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

_SATURDAY = 5
_FIRST_DAY = 2  # from today: both default reminders (a day and an hour before) still lie ahead


def working_times(now: datetime, zone: str, at: list[time]) -> list[datetime]:
    """One instant for each of ``at``, on successive working days (Mon-Fri) from the day after tomorrow on."""
    local = now.astimezone(ZoneInfo(zone))
    days = (local.date() + timedelta(days=_FIRST_DAY + n) for n in range(2 * len(at) + 7))
    working = [day for day in days if day.weekday() < _SATURDAY]
    return [datetime.combine(day, clock, ZoneInfo(zone)) for day, clock in zip(working, at, strict=False)]
