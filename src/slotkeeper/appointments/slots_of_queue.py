"""Slots of a queue: those at which at least one of its takers is offered (docs/decisions/0060). Pure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from slotkeeper.appointments.round_robin.line import Line
from slotkeeper.appointments.round_robin.offer import offered, range_to_look_at, starts_of_takers
from slotkeeper.appointments.situation import MINUTE, MeetingTypeRules
from slotkeeper.appointments.slots_of_hosts import RulesOf, starts_of_hosts
from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.rules import HostAvailability


def range_to_read(line: Line, asked: Interval, kind: MeetingTypeRules, now: datetime) -> Interval:
    """Between which instants the hosts' times have to be known, in order to be right about the ``asked`` starts."""
    return range_to_look_at(line, *asked, _earliest(kind, now))


def starts_of_queue(
    line: Line,
    asked: Interval,
    kind: MeetingTypeRules,
    rules_of: RulesOf,
    hosts: Sequence[HostAvailability],
    now: datetime,
) -> dict[UUID, list[int]]:
    """Each taker's ``asked`` starts at which it is offered. ``hosts`` are known over ``range_to_read``."""
    seen = range_to_read(line, asked, kind, now)
    free = starts_of_hosts(seen, rules_of, hosts, int(now.timestamp()))
    shown = offered(line, starts_of_takers(line, free), _earliest(kind, now))
    return {taker_id: [start for start in starts if asked[0] <= start < asked[1]] for taker_id, starts in shown.items()}


def of_anyone(starts: dict[UUID, list[int]]) -> list[int]:
    return sorted(set().union(*starts.values()))


def _earliest(kind: MeetingTypeRules, now: datetime) -> int:
    """Now and the minimum notice, from which near times are counted."""
    return int(now.timestamp()) + kind.booking_minimum * MINUTE
