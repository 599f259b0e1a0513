"""When a host works: weekly hours in their own zone, and exceptions to them."""

from datetime import datetime

import msgspec

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Hours(msgspec.Struct, frozen=True):
    """``HH:mm`` wall-clock times; an end of ``24:00`` (or ``00:00``) is midnight at the day's end."""

    start: str
    end: str


class Day(msgspec.Struct, frozen=True):
    enabled: bool = False
    hours: tuple[Hours, ...] = ()


class WeeklySchedule(msgspec.Struct, frozen=True, kw_only=True):
    """FHIR's Schedule, in the API's shape: an object per weekday."""

    monday: Day = Day()
    tuesday: Day = Day()
    wednesday: Day = Day()
    thursday: Day = Day()
    friday: Day = Day()
    saturday: Day = Day()
    sunday: Day = Day()


class ScheduleException(msgspec.Struct, frozen=True, kw_only=True):
    """Extra hours (``available``) or hours off, as instants."""

    available: bool
    start: datetime
    end: datetime
