"""List the free slots of a meeting type: read once, decide purely. What is listed can be booked, and nothing else."""

from datetime import UTC, datetime, timedelta
from math import ceil
from uuid import UUID

import msgspec

from slotkeeper.appointments.slot_offer import CalendarAge, SlotOffer, read_slot_offer
from slotkeeper.appointments.slot_query import SlotQuery
from slotkeeper.appointments.slots_of_hosts import (
    Calculation,
    Group,
    Obstacle,
    joinable,
    obstacles,
    starts_together,
)
from slotkeeper.appointments.slots_of_queue import of_anyone, range_to_read, starts_of_queue
from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.rules import HostAvailability
from slotkeeper.db.pool import Connection
from slotkeeper.records.caller import Mover
from slotkeeper.records.people import Host

_LOOK_AHEAD = (timedelta(days=31), timedelta(days=366))
"""How far past an empty range the first free slot is looked for: near, then far."""


class FreeSlots(msgspec.Struct, frozen=True, kw_only=True):
    """Unix seconds, sorted; ``duration`` too is seconds. ``earliest``: in the range, or else after it."""

    within: Interval
    starts: list[int]
    groups: dict[int, Group]
    obstacles: dict[int, list[Obstacle]]
    duration: int
    earliest: int | None
    hosts: tuple[HostAvailability, ...]
    people: tuple[Host, ...]
    calendars: tuple[CalendarAge, ...]

    def calendars_older_than(self, age: timedelta, now: datetime) -> list[UUID]:
        return [calendar.id for calendar in self.calendars if not calendar.read_at or calendar.read_at < now - age]


async def find_free_slots(connection: Connection, caller: Mover, query: SlotQuery, now: datetime) -> FreeSlots:
    """Raises ``NotFound`` for an unknown meeting type, queue or appointment, ``Malformed`` for other fields."""
    since = query.start if query.troubleshoot else max(query.start, now.replace(microsecond=0))
    found = await _between(connection, caller, query, since, max(since, query.end), now)
    if found.earliest is not None or not query.look_ahead:
        return found
    later = msgspec.structs.replace(query, troubleshoot=False)
    for reach in _LOOK_AHEAD:
        after = max(since, query.end, now)
        earliest = (await _between(connection, caller, later, after, after + reach, now)).earliest
        if earliest is not None:
            return msgspec.structs.replace(found, earliest=earliest)
    return found


async def _between(
    connection: Connection, caller: Mover, query: SlotQuery, start: datetime, end: datetime, now: datetime
) -> FreeSlots:
    asked = (ceil(start.timestamp()), ceil(end.timestamp()))
    offer = await read_slot_offer(connection, caller, query, start, end, now)
    if offer.line is not None:
        seen = range_to_read(offer.line, asked, offer.meeting_type, now)
        if seen != asked:
            since, until = (datetime.fromtimestamp(at, UTC) for at in seen)
            offer = await read_slot_offer(connection, caller, query, since, until, now)
    return free_slots_of(offer, query, *asked, now)


def free_slots_of(offer: SlotOffer, query: SlotQuery, first: int, end: int, now: datetime) -> FreeSlots:
    """Pure. Of a queue, ``offer`` was read over ``range_to_read``."""
    hosts = tuple(host.availability for host in offer.hosts)
    rules_in = offer.rules(query.duration, now)
    calculation = _calculation(offer, query)
    asked = ((first, end), lambda host: rules_in(host.timezone), hosts, int(now.timestamp()), calculation)
    if offer.line is None:
        starts = starts_together(*asked)
    else:
        starts = of_anyone(starts_of_queue(offer.line, asked[0], offer.meeting_type, asked[1], hosts, now))
    main_rules = rules_in(hosts[0].timezone if hosts else "UTC")
    groups = joinable((first, end), main_rules, offer.groups, int(now.timestamp()))
    return FreeSlots(
        within=(first, end),
        starts=starts,
        groups=groups,
        obstacles=obstacles(*asked, free=set(starts)) if query.troubleshoot else {},
        duration=main_rules.duration,
        earliest=min([*starts[:1], *groups], default=None),
        hosts=hosts,
        people=offer.people,
        calendars=offer.calendars,
    )


def _calculation(offer: SlotOffer, query: SlotQuery) -> Calculation:
    """Of a queue any taker will do, whatever is asked."""
    if offer.line is not None:
        return "anyone"
    return query.calculation or ("everyone" if offer.moved else "anyone")
