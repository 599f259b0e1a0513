"""THE RULE: may a meeting start at this instant, and if not, why not?

Every rule is a function that says which starts it refuses, as half-open intervals of starts. ``why_not_free`` asks them
about one start, ``slots.free_slots`` takes what they refuse out of a whole range: listing and writing cannot disagree.

Instants are integer Unix seconds; durations, buffers, notice and interval are seconds.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Literal, get_args
from uuid import UUID

import msgspec

from slotkeeper.availability.booking_limits import full_periods
from slotkeeper.availability.intervals import Interval, overlap, subtract
from slotkeeper.availability.working_hours import stretches, working_time
from slotkeeper.records.schedule import ScheduleException, WeeklySchedule

Rule = Literal[
    "in-the-past", "slot-occupied", "buffer", "outside-working-hours",
    "off-grid", "too-short-notice", "too-far-ahead", "limit-reached",
]  # fmt: skip
Source = Literal["appointment", "hold", "calendar"]


class Blocked(msgspec.Struct, frozen=True, kw_only=True):
    """Times at which a host is taken, in any order: all those that share a source, a meeting type and buffers.

    Together, because a host may have ten thousand of them. ``calendar`` is outside busy time: it has no buffers.
    """

    source: Source
    meeting_type_id: UUID | None = None
    buffer_before: int = 0
    buffer_after: int = 0
    starts: tuple[int, ...]
    ends: tuple[int, ...]


class HostAvailability(msgspec.Struct, frozen=True, kw_only=True):
    """``blocked`` leaves out the appointment that is being moved, its hold and its own calendar event, so that an
    appointment stands neither in its own way nor in its own limit.

    ``timezone`` is the IANA name of the zone in which ``schedule`` is meant.
    """

    host_id: UUID
    timezone: str
    schedule: WeeklySchedule
    exceptions: tuple[ScheduleException, ...] = ()
    blocked: tuple[Blocked, ...] = ()


class BookingRules(msgspec.Struct, frozen=True, kw_only=True):
    """The bounds of the start are included. ``limits`` counts per host and local ``day``, ``week`` or ``month``."""

    duration: int
    buffer_before: int = 0
    buffer_after: int = 0
    buffer_must_stay_within_working_hours: bool = False
    slot_interval: int
    minimum_notice: int = 0
    earliest_start: int | None = None
    latest_start: int | None = None
    limits: Mapping[str, int] = {}
    meeting_type_id: UUID

    def __post_init__(self) -> None:
        if self.duration <= 0 or self.slot_interval <= 0:
            raise ValueError("duration and slot_interval must be longer than nothing")


class Reason(msgspec.Struct, frozen=True):
    """What stands in the way, from ``start`` to ``end``: the blocking time, the part of the meeting outside working
    hours, the step of the grid, what lies between the asked start and the bound that it misses, the full period.

    ``host_id`` is ``None`` where no single host is the reason.
    """

    rule: Rule
    host_id: UUID | None
    start: int
    end: int


def why_not_free(start: int, rules: BookingRules, hosts: Sequence[HostAvailability], now: int) -> tuple[Reason, ...]:
    """Every reason why not all ``hosts`` can take the meeting, in the order of ``Rule``; empty if they can.

    ``hosts[0]`` is the main host, in whose zone the grid of slots is counted. The cost grows with ``blocked``: a write
    loads only what is near. Raises ``ValueError`` naming the day of malformed hours.
    """
    meeting = (start, start + rules.duration)
    reasons = [
        Reason(rule, None, since, until)
        for rule, refuse in WINDOW_RULES.items()
        for opens, closes, since, until in refuse(rules, now, start, start + 1)
        if opens <= start < closes
    ]
    reasons += [
        Reason(by_overlap(rule, meeting, (since, until)), host.host_id, since, until)
        for host in hosts
        for rule, refuse_for in HOST_RULES.items()
        for opens, closes, since, until in refuse_for(host, rules, start, start + 1)
        if opens <= start < closes
    ]
    return in_order([*reasons, *_off_grid(start, rules, hosts[0])])


Refusal = tuple[int, int, int, int]
"""``(opens, closes, start, end)``: starts in ``[opens, closes)`` are refused for what lasts from start to end."""


def in_order(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """As ``Rule`` lists them, and by time."""
    return tuple(sorted(reasons, key=lambda reason: (_ORDER[reason.rule], reason.start)))


def by_overlap(rule: Rule, meeting: Interval, obstacle: Interval) -> Rule:
    """Where the times themselves do not overlap, it is the buffers that do."""
    return "buffer" if rule == "slot-occupied" and not overlap(meeting, obstacle) else rule


def _past(_: BookingRules, now: int, first: int, __: int) -> list[Refusal]:
    return [(first, now, first, now)] if first < now else []


def _notice(rules: BookingRules, now: int, first: int, _: int) -> list[Refusal]:
    earliest = max(now + rules.minimum_notice, rules.earliest_start or now)
    return [(first, earliest, first, earliest)] if max(first, now) < earliest else []


def _far_ahead(rules: BookingRules, _: int, __: int, end: int) -> list[Refusal]:
    latest = rules.latest_start
    return [(latest + 1, end, latest, end - 1)] if latest is not None and latest + 1 < end else []


def _taken(host: HostAvailability, rules: BookingRules, _: int, __: int) -> Iterator[Refusal]:
    """Between two appointments lies at least the longer of the earlier one's buffer after, the later one's before."""
    for blocked in host.blocked:
        lead = rules.duration + max(rules.buffer_after, blocked.buffer_before) - 1
        trail = max(rules.buffer_before, blocked.buffer_after)
        for start, end in zip(blocked.starts, blocked.ends, strict=True):
            yield start - lead, end + trail, start, end


def _not_working(host: HostAvailability, rules: BookingRules, first: int, end: int) -> list[Refusal]:
    inside = rules.buffer_must_stay_within_working_hours
    before, after = (rules.buffer_before, rules.buffer_after) if inside else (0, 0)
    reach = (first - before, end - 1 + rules.duration + after)
    closed = subtract([reach], working_time(host.schedule, host.exceptions, host.timezone, *reach))
    return [(s - rules.duration - after + 1, e + before, s, e) for s, e in closed]


def _full(host: HostAvailability, rules: BookingRules, first: int, end: int) -> list[Refusal]:
    counted = (b for b in host.blocked if b.source == "appointment" and b.meeting_type_id == rules.meeting_type_id)
    starts = sorted(chain.from_iterable(b.starts for b in counted)) if rules.limits else []
    return [
        (opens, closes, period[0][0], period[-1][1])
        for period in full_periods(starts, rules.limits, host.timezone, first, end)
        for opens, closes in period
    ]


def _off_grid(start: int, rules: BookingRules, host: HostAvailability) -> list[Reason]:
    """Outside all hours there is no grid to be off."""
    around = stretches(host.schedule, host.exceptions, host.timezone, start, start + 1)
    past_step = [(start - grid) % rules.slot_interval for since, until, grid in around if since <= start < until]
    if not past_step or 0 in past_step:
        return []
    step = start - past_step[0]
    return [Reason("off-grid", host.host_id, step, step + rules.slot_interval)]


WINDOW_RULES: Mapping[Rule, Callable[[BookingRules, int, int, int], Sequence[Refusal]]] = {
    "in-the-past": _past,
    "too-short-notice": _notice,
    "too-far-ahead": _far_ahead,
}
"""Called with the rules, now, and the range ``first`` to ``end`` of the starts in question. What they refuse is exact
within the range, and may reach beyond it."""
HOST_RULES: Mapping[Rule, Callable[[HostAvailability, BookingRules, int, int], Iterable[Refusal]]] = {
    "slot-occupied": _taken,  # "buffer" where the times themselves do not overlap
    "outside-working-hours": _not_working,
    "limit-reached": _full,
}
"""Called with a host, the rules, and the range of the starts in question."""
_ORDER = {rule: position for position, rule in enumerate(get_args(Rule))}
