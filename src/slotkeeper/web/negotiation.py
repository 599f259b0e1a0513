"""What both sides' pages show of proposals: the latest one, and the times that could be offered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from uuid import UUID

import msgspec
from babel import Locale

from slotkeeper.appointments.proposals.free_times import free_times
from slotkeeper.appointments.proposals.proposal import Proposal, State, side_of
from slotkeeper.appointments.proposals.propose import require_negotiable
from slotkeeper.appointments.proposals.talks import read_talks
from slotkeeper.db.pool import Connection
from slotkeeper.emails.when import When, when
from slotkeeper.errors import Conflict
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Mover


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """Who reads a page, and in whose name its buttons act."""

    mover: Mover
    timezone: str
    locale: Locale


class Time(msgspec.Struct, frozen=True, kw_only=True):
    """``start`` is what a form sends."""

    start: str
    when: When


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """``mine``: the reader's side made it."""

    id: UUID
    mine: bool
    state: State
    by: str
    message: str | None
    reason: str | None
    times: Sequence[Time]


class Negotiation(msgspec.Struct, frozen=True, kw_only=True):
    """``offer`` is the latest; ``days`` are the free times that the reader may offer, by day."""

    offer: Offer | None
    days: Sequence[tuple[str, Sequence[Time]]]


async def negotiation(connection: Connection, reader: Reader, appointment: Appointment, now: datetime) -> Negotiation:
    talks = await read_talks(connection, appointment.company_id, appointment.id)
    offer = next((_shown(proposal, reader, now) for proposal in talks.proposals), None)
    return Negotiation(offer=offer, days=await _days(connection, reader, talks.appointment, now))


def _shown(proposal: Proposal, reader: Reader, now: datetime) -> Offer:
    state = proposal.state(now)
    return Offer(
        id=proposal.id,
        mine=proposal.side == side_of(reader.mover),
        state=state,
        by=proposal.made.actor.name,
        message=proposal.made.reason,
        reason=proposal.ended.reason if proposal.ended and state == "declined" else None,
        times=_times(proposal.starts, proposal.made.end - proposal.made.start, reader),
    )


async def _days(
    connection: Connection, reader: Reader, appointment: Appointment, now: datetime
) -> Sequence[tuple[str, Sequence[Time]]]:
    """None where there is nobody to offer them to."""
    try:
        require_negotiable(appointment, side_of(reader.mover), now)
    except Conflict:
        return ()
    times = _times(await free_times(connection, appointment, now), appointment.duration, reader)
    return [(day, list(of_day)) for day, of_day in groupby(times, key=lambda time: time.when.date)]


def _times(starts: Sequence[datetime], length: timedelta, reader: Reader) -> list[Time]:
    return [
        Time(start=start.isoformat(), when=when(start, start + length, reader.timezone, reader.locale))
        for start in starts
    ]
