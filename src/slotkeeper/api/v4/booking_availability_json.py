"""Free slots in the API's shape. A month holds hundreds: their text is joined from that of the day and of its times."""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from itertools import pairwise
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.api.v4.booking_availability_shapes import BookingAvailabilityJson, GroupJson, UnavailabilityEvent
from slotkeeper.appointments.free_slots import FreeSlots
from slotkeeper.appointments.slots_of_hosts import Group, Obstacle
from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.local_days import DAY, Piece, local_days, wall_clock
from slotkeeper.records.people import Host


def present(found: FreeSlots, timezone: str) -> bytes:
    """A ``BookingAvailabilityJson``."""
    people = {person.id: person for person in found.people}
    earliest = None if found.earliest is None else _date(wall_clock(timezone, found.earliest) // DAY)
    answer = BookingAvailabilityJson(
        timezone=timezone,
        timeframes=_array([*_free_timeframes(found), *_taken_timeframes(found, people)]),  # type: ignore[arg-type]
        dates=_array(_days(found, timezone, people)),  # type: ignore[arg-type] # written already, see above
        earliest_available_date=earliest,
        earliest_month_availability=earliest and earliest[:7],
        busy_times_read_at=_age(found),
    )
    return msgspec.json.encode(answer)


def _array(parts: Iterator[str] | Sequence[str]) -> msgspec.Raw:
    return msgspec.Raw(f"[{','.join(parts)}]".encode())


def _days(found: FreeSlots, timezone: str, people: Mapping[UUID, Host]) -> Iterator[str]:
    annotated = _annotated(found, people)
    starts = sorted({*found.starts, *annotated}) if annotated else found.starts
    if not starts:
        return
    for day, pieces in local_days(timezone, starts[0], starts[-1] + 1):
        if spots := ",".join(filter(None, (_spots(day, piece, starts, annotated) for piece in pieces))):
            yield f'{{"date":"{_date(day)}","spots":[{spots}]}}'


def _spots(day: int, piece: Piece, starts: Sequence[int], annotated: Mapping[int, str]) -> str:
    since, until, offset = piece
    within = starts[bisect_left(starts, since) : bisect_left(starts, until)]
    if not within:
        return ""
    midnight = day * DAY - offset
    head, tail = f'{{"startTime":"{_date(day)}T', f'{_offset(offset)}","unavailabilityEvents":'
    if annotated:
        return ",".join(f"{head}{_CLOCK[s - midnight]}{tail}{annotated.get(s, _PLAIN)}" for s in within)
    return head + f"{tail}{_PLAIN},{head}".join([_CLOCK[s - midnight] for s in within]) + tail + _PLAIN


_PLAIN = "[]}"


def _annotated(found: FreeSlots, people: Mapping[UUID, Host]) -> dict[int, str]:
    """What follows ``"unavailabilityEvents":`` of slots that are not plain: a group's seats go before obstacles."""
    blocked = {start: f"{_json(_events(found.obstacles[start], people))}}}" for start in found.obstacles}
    groups = {start: f'[],"appointment":{_json(_group(group))}}}' for start, group in found.groups.items()}
    return {**blocked, **groups}


def _group(group: Group) -> GroupJson:
    return GroupJson(id=group.id, total_spots=group.total, taken_spots=group.taken)


def _events(obstacles: Sequence[Obstacle], people: Mapping[UUID, Host]) -> list[UnavailabilityEvent]:
    return [_event(obstacle, people) for obstacle in obstacles]


def _event(obstacle: Obstacle, people: Mapping[UUID, Host]) -> UnavailabilityEvent:
    host = people.get(obstacle.host_id) if obstacle.host_id else None
    return UnavailabilityEvent(
        host_id=obstacle.host_id,
        host_name=host.full_name if host else None,
        type={"calendar": "event", None: "rule"}.get(obstacle.source, str(obstacle.source)),
        picture=host.picture if host else None,
        rule=obstacle.rule,
    )


def _free_timeframes(found: FreeSlots) -> Iterator[str]:
    """From the first slot to where the last ends, without the gaps that no meeting covers."""
    if not found.starts:
        return
    gaps = [(a + found.duration, b) for a, b in pairwise(found.starts) if b - a > found.duration]
    since = [found.starts[0], *(b for _, b in gaps)]
    until = [*(a for a, _ in gaps), found.starts[-1] + found.duration]
    yield from (_timeframe(interval) for interval in zip(since, until, strict=True))


def _taken_timeframes(found: FreeSlots, people: Mapping[UUID, Host]) -> Iterator[str]:
    """For those who troubleshoot."""
    first, end = found.within
    for host in found.hosts if people else ():
        for blocked in host.blocked:
            event = _json(_event(Obstacle("slot-occupied", host.host_id, blocked.source), people))
            intervals = sorted(zip(blocked.starts, blocked.ends, strict=True))
            yield from (
                _timeframe((s, e), f',"unavailabilityEvent":{event}') for s, e in intervals if s < end and e > first
            )


def _timeframe(interval: Interval, more: str = "") -> str:
    start, end = (f"{_date(instant // DAY)}T{_CLOCK[instant % DAY]}Z" for instant in interval)
    return f'{{"start":"{start}","end":"{end}"{more}}}'


def _age(found: FreeSlots) -> datetime | UnsetType | None:
    if not found.calendars:
        return UNSET
    reads = [calendar.read_at for calendar in found.calendars if calendar.read_at]
    return min(reads) if len(reads) == len(found.calendars) else None


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()


@lru_cache(maxsize=4_096)
def _date(day: int) -> str:
    return date.fromordinal(day + _EPOCH).isoformat()


@lru_cache(maxsize=256)
def _offset(seconds: int) -> str:
    hours, minutes = divmod(abs(seconds) // 60, 60)
    return f"{'-' if seconds < 0 else '+'}{hours:02}:{minutes:02}"


class _TimesOfDay(dict[int, str]):
    """``08:00:00.000`` for each second of the day that was asked for."""

    def __missing__(self, second: int) -> str:
        minutes, seconds = divmod(second, 60)
        self[second] = text = f"{minutes // 60:02}:{minutes % 60:02}:{seconds:02}.000"
        return text


_CLOCK = _TimesOfDay()
_EPOCH = date(1970, 1, 1).toordinal()
