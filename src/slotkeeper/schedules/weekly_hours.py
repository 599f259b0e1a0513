"""Weekly hours as bodies give them: an object per day, or the array of older documents (meetergo-v4-api.md 2.4)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.availability.hours_faults import faults_of
from slotkeeper.errors import FieldError, Malformed
from slotkeeper.records.schedule import DAYS, Day, Hours, WeeklySchedule

_MAX_HOURS = 50
"""Of one day."""
_Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]


class DayBody(msgspec.Struct, frozen=True):
    """A day with hours is enabled unless it says otherwise."""

    enabled: bool | UnsetType = UNSET
    hours: Annotated[tuple[Hours, ...], msgspec.Meta(max_length=_MAX_HOURS)] = ()


class WeekBody(msgspec.Struct, frozen=True, kw_only=True):
    """A day that is left out has no hours."""

    monday: DayBody = DayBody()
    tuesday: DayBody = DayBody()
    wednesday: DayBody = DayBody()
    thursday: DayBody = DayBody()
    friday: DayBody = DayBody()
    saturday: DayBody = DayBody()
    sunday: DayBody = DayBody()


class IntervalBody(msgspec.Struct, frozen=True, rename={"from_": "from"}):
    from_: str
    to: str


class OlderDayBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``dayOfWeek``: 1 is Monday; Sunday is 0 or 7."""

    day_of_week: Annotated[int, msgspec.Meta(ge=0, le=7)] | _Weekday
    intervals: Annotated[tuple[IntervalBody, ...], msgspec.Meta(max_length=_MAX_HOURS)] = ()


WeeklyHours = WeekBody | Annotated[tuple[OlderDayBody, ...], msgspec.Meta(max_length=14)]
"""Both shapes; pass it through ``weekly_schedule``."""


class _Given(msgspec.Struct, frozen=True):
    """Hours, and what the body calls their ends."""

    hours: Hours
    names: Mapping[str, str]


def weekly_schedule(field: str, body: WeeklyHours) -> WeeklySchedule:
    """Raises ``Malformed`` naming every start and end that is wrong, such as ``schedule.monday.hours[0].end``."""
    by_day = {day: list(_given(field, day, body)) for day in DAYS}
    wrong = [
        FieldError(given[at].names[end], message)
        for given in by_day.values()
        for at, end, message in faults_of([one.hours for one in given])
    ]
    if wrong:
        raise Malformed(wrong)
    hours = {day: tuple(one.hours for one in given) for day, given in by_day.items()}
    return WeeklySchedule(**{day: Day(enabled=_enabled(body, day, hours[day]), hours=hours[day]) for day in DAYS})


def _given(field: str, day: str, body: WeeklyHours) -> Iterator[_Given]:
    if isinstance(body, WeekBody):
        for at, hours in enumerate(getattr(body, day).hours):
            path = f"{field}.{day}.hours[{at}]"
            yield _Given(hours, {"start": f"{path}.start", "end": f"{path}.end"})
        return
    for number, older in enumerate(body):
        if _name(older.day_of_week) == day:
            yield from _older(f"{field}[{number}].intervals", older.intervals)


def _older(field: str, intervals: Sequence[IntervalBody]) -> Iterator[_Given]:
    for at, interval in enumerate(intervals):
        names = {"start": f"{field}[{at}].from", "end": f"{field}[{at}].to"}
        yield _Given(Hours(interval.from_, interval.to), names)


def _name(day_of_week: int | str) -> str:
    return DAYS[day_of_week - 1] if isinstance(day_of_week, int) else day_of_week


def _enabled(body: WeeklyHours, day: str, hours: Sequence[Hours]) -> bool:
    said = getattr(body, day).enabled if isinstance(body, WeekBody) else UNSET
    return bool(hours) if said is UNSET else said
