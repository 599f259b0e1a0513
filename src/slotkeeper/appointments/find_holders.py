"""Find who holds a booking, and what to offer instead: read further only where a lead in a queue has to be compared."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from slotkeeper.appointments.offer import Offer, rules_of
from slotkeeper.appointments.slots_of_queue import of_anyone, range_to_read
from slotkeeper.appointments.verdict import suggest
from slotkeeper.appointments.who_holds import (
    Holding,
    Wanted,
    listed_starts,
    may_not_be_offered,
    who_holds,
    who_holds_if_offered,
)
from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.local_days import DAY
from slotkeeper.availability.slots import nearest
from slotkeeper.db.attempts import Stale

ReadOffer = Callable[[Interval | None], Awaitable[Offer]]
"""Reads what is offered: with what matters for the starts in a range, or for the wanted one."""

_SUGGESTED_WITHIN = 14 * DAY


async def find_holders(read: ReadOffer, offer: Offer, wanted: Wanted, now: datetime) -> tuple[Offer, Holding]:
    """With the offer that it rests on: ``offer``, or one that was read again over more time.

    Raises ``Malformed``; ``Stale`` where something else is offered meanwhile.
    """
    holding, line = who_holds(offer, wanted, now), offer.line
    if line is None or not may_not_be_offered(line, holding, wanted):
        return offer, holding
    asked = (wanted.at, wanted.at + 1)
    wide = await read(range_to_read(line, asked, offer.meeting_type, now))
    if wide.line is None or wide.line.version != line.version or wide.offered != offer.offered:
        raise Stale
    return wide, who_holds_if_offered(wide, wide.line, wanted, now)


async def suggestions(read: ReadOffer, wanted: Wanted, holding: Holding, now: datetime) -> list[datetime]:
    """Up to five nearest free starts, nearest first: of the queue, or else of those who were asked."""
    asked = (wanted.at - _SUGGESTED_WITHIN, wanted.at + _SUGGESTED_WITHIN + 1)
    wide = await read(asked)
    if wide.line is None or wanted.chosen:
        _, hosts = wide.of([person.id for person in holding.people])
        rules = rules_of(wide, wanted.info, hosts, now)
        return suggest(wanted.start, rules, [host.availability for host in hosts], now)
    seen = range_to_read(wide.line, asked, wide.meeting_type, now)
    wide = wide if seen == asked else await read(seen)
    free = of_anyone(listed_starts(wide, wide.line, wanted, asked, now)) if wide.line else []
    return [datetime.fromtimestamp(start, UTC) for start in nearest(wanted.at, free)]
