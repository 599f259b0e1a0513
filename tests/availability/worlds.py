"""Hosts, hours and rules for the tests, and what "free" means, minute by minute, without any of the code under test."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from types import MappingProxyType
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from slotkeeper.availability.rules import Blocked, BookingRules, HostAvailability, Reason, Source
from slotkeeper.records.schedule import DAYS, Day, Hours, ScheduleException, WeeklySchedule

MINUTE, HOUR, DAY = 60, 3_600, 86_400
MEETING_TYPE = UUID(int=1)
OTHER_TYPE = UUID(int=2)
HOST = UUID(int=100)


class Busy(NamedTuple):
    """One time at which a host is taken."""

    start: int
    end: int
    source: Source = "appointment"
    meeting_type_id: UUID | None = None
    buffer_before: int = 0
    buffer_after: int = 0


def at(text: str, timezone: str = "UTC", fold: int = 0) -> int:
    """An instant from a wall-clock time such as ``2026-03-29 01:30``; ``fold=1`` is the second of two."""
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(timezone), fold=fold).timestamp())


def every_day(*hours: str) -> WeeklySchedule:
    day = Day(enabled=True, hours=tuple(Hours(*text.split("-")) for text in hours))
    return WeeklySchedule(**dict.fromkeys(DAYS, day))


def exception(start: int, end: int, *, available: bool) -> ScheduleException:
    return ScheduleException(
        available=available, start=datetime.fromtimestamp(start, UTC), end=datetime.fromtimestamp(end, UTC)
    )


def host(
    *busy: Busy,
    timezone: str = "UTC",
    schedule: WeeklySchedule | None = None,
    exceptions: Sequence[ScheduleException] = (),
    host_id: UUID = HOST,
) -> HostAvailability:
    return HostAvailability(
        host_id=host_id,
        timezone=timezone,
        schedule=schedule or every_day("00:00-24:00"),
        exceptions=tuple(exceptions),
        blocked=together(busy),
    )


def together(busy: Sequence[Busy]) -> tuple[Blocked, ...]:
    """As the database groups them."""
    kinds: dict[tuple[object, ...], list[Busy]] = {}
    for one in busy:
        kinds.setdefault(one[2:], []).append(one)
    return tuple(
        Blocked(
            source=same[0].source,
            meeting_type_id=same[0].meeting_type_id,
            buffer_before=same[0].buffer_before,
            buffer_after=same[0].buffer_after,
            starts=tuple(one.start for one in same),
            ends=tuple(one.end for one in same),
        )
        for same in kinds.values()
    )


def busy_times(host: HostAvailability) -> Iterator[Busy]:
    """One by one."""
    for kind in host.blocked:
        for start, end in zip(kind.starts, kind.ends, strict=True):
            yield Busy(start, end, kind.source, kind.meeting_type_id, kind.buffer_before, kind.buffer_after)


def appointment(start: int, end: int, *, before: int = 0, after: int = 0, kind: UUID = MEETING_TYPE) -> Busy:
    return Busy(start, end, "appointment", kind, before, after)


def rules(
    duration: int = 30 * MINUTE,
    *,
    slot_interval: int = 15 * MINUTE,
    buffer_before: int = 0,
    buffer_after: int = 0,
    buffer_must_stay_within_working_hours: bool = False,
    minimum_notice: int = 0,
    earliest_start: int | None = None,
    latest_start: int | None = None,
    limits: Mapping[str, int] = MappingProxyType({}),
) -> BookingRules:
    return BookingRules(
        duration=duration,
        slot_interval=slot_interval,
        buffer_before=buffer_before,
        buffer_after=buffer_after,
        buffer_must_stay_within_working_hours=buffer_must_stay_within_working_hours,
        minimum_notice=minimum_notice,
        earliest_start=earliest_start,
        latest_start=latest_start,
        limits=dict(limits),
        meeting_type_id=MEETING_TYPE,
    )


def names(reasons: tuple[Reason, ...]) -> list[str]:
    return [reason.rule for reason in reasons]
