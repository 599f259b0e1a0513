"""What "free" means, read from the clock minute by minute: slow, plain, and sharing nothing with the code under test.

Exact where every duration, buffer and bound is a whole number of minutes.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from slotkeeper.availability.rules import BookingRules, HostAvailability
from slotkeeper.records.schedule import DAYS, ScheduleException
from tests.availability.worlds import MINUTE, Busy, busy_times


def free_starts(starts: Sequence[int], rules: BookingRules, hosts: Sequence[HostAvailability], now: int) -> list[int]:
    """Those of the sorted ``starts`` at which all hosts are free."""
    around = range(starts[0] - rules.buffer_before, starts[-1] + rules.duration + rules.buffer_after, MINUTE)
    worked = [{minute for minute in around if works(host, minute)} for host in hosts]
    return [
        start
        for start in starts
        if _within_the_booking_window(start, rules, now)
        and on_the_grid(start, rules.slot_interval, hosts[0])
        and all(_takes(host, start, rules, minutes) for host, minutes in zip(hosts, worked, strict=True))
    ]


def on_the_grid(start: int, interval: int, host: HostAvailability) -> bool:
    clock = _clock(host, start)
    for opens, _ in _hours_that_hold(clock, host):
        if (_minute_of_day(clock) - opens) * MINUTE % interval == 0:
            return True
    for extra in host.exceptions:
        if extra.available and _holds(extra, start):
            opened = _clock(host, int(extra.start.timestamp())).replace(tzinfo=None)
            if (clock.replace(tzinfo=None) - opened).total_seconds() % interval == 0:
                return True
    return False


def _within_the_booking_window(start: int, rules: BookingRules, now: int) -> bool:
    earliest = max(now + rules.minimum_notice, rules.earliest_start or now)
    return start >= earliest and (rules.latest_start is None or start <= rules.latest_start)


def _takes(host: HostAvailability, start: int, rules: BookingRules, worked: set[int]) -> bool:
    end = start + rules.duration
    before, after = rules.buffer_before, rules.buffer_after
    inside = rules.buffer_must_stay_within_working_hours
    minutes = range(start - before, end + after, MINUTE) if inside else range(start, end, MINUTE)
    return (
        all(_keeps_distance(start, end, before, after, b) for b in busy_times(host))
        and worked.issuperset(minutes)
        and all(_holds_fewer(host, start, period, limit, rules) for period, limit in rules.limits.items())
    )


def _keeps_distance(start: int, end: int, before: int, after: int, other: Busy) -> bool:
    if other.end <= start:
        return start - other.end >= max(other.buffer_after, before)
    return other.start >= end and other.start - end >= max(after, other.buffer_before)


def works(host: HostAvailability, instant: int) -> bool:
    if any(not e.available and _holds(e, instant) for e in host.exceptions):
        return False
    extra = any(e.available and _holds(e, instant) for e in host.exceptions)
    return extra or bool(_hours_that_hold(_clock(host, instant), host))


def _holds_fewer(host: HostAvailability, start: int, period: str, limit: int, rules: BookingRules) -> bool:
    def key(instant: int) -> tuple[int, ...]:
        clock = _clock(host, instant)
        week = clock.isocalendar()
        return {
            "day": (clock.year, clock.month, clock.day),
            "week": (week.year, week.week),
            "month": (clock.year, clock.month),
        }[period]

    counted = [b for b in busy_times(host) if b.source == "appointment" and b.meeting_type_id == rules.meeting_type_id]
    return sum(key(b.start) == key(start) for b in counted) < limit


def _hours_that_hold(clock: datetime, host: HostAvailability) -> list[tuple[int, int]]:
    day = getattr(host.schedule, DAYS[clock.weekday()])
    hours = [(_minutes(h.start), _minutes(h.end) or 1440) for h in day.hours] if day.enabled else []
    return [(opens, closes) for opens, closes in hours if opens <= _minute_of_day(clock) < closes]


def _clock(host: HostAvailability, instant: int) -> datetime:
    return datetime.fromtimestamp(instant, ZoneInfo(host.timezone))


def _minute_of_day(clock: datetime) -> int:
    return clock.hour * 60 + clock.minute


def _minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def _holds(exception: ScheduleException, instant: int) -> bool:
    return exception.start <= datetime.fromtimestamp(instant, UTC) < exception.end
