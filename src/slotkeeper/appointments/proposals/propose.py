"""Offer one to five other times: the appointment stands where it is until the other side accepts one."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.moved_by_attendee import told_to
from slotkeeper.appointments.moving import Moving, read_moving
from slotkeeper.appointments.policy import permitted, require_changeable
from slotkeeper.appointments.proposals.proposal import Proposal, Side, side_of
from slotkeeper.appointments.recording import INSERT_JOB, NEXT_VERSION, WRITE_HISTORY, next_version, recording_params
from slotkeeper.appointments.verdict import Verdict, judge, not_all_free, suggest
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Conflict, Malformed, NotFree
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Mover
from slotkeeper.records.change import Actor, Change

MOST_STARTS = 5
AROUND = timedelta(days=32)
"""As far around the starts as the longest limit of bookings looks: a month."""


class Propose(msgspec.Struct, frozen=True, kw_only=True):
    """``starts`` are aware instants; ``overrides`` are categories of ``verdict.OVERRIDES``, for hosts only."""

    appointment_id: UUID
    starts: tuple[datetime, ...]
    message: str | None = None
    overrides: frozenset[str] = frozenset()
    through: str = "api"


async def propose(connection: Connection, mover: Mover, request: Propose, now: datetime) -> Proposal:
    """Takes the place of a proposal that is open. Raises ``NotFound``, ``Forbidden``, ``Conflict``, ``Malformed``;
    ``NotFree`` with the reasons for each start that is not free; ``Stale``: try again."""
    _require_distinct(request.starts)
    moving = await _read(connection, mover, request, now)
    before = moving.stored.appointment
    actor = permitted(mover, before, request.overrides)
    require_negotiable(before, side_of(mover), now)
    if before.start in request.starts:
        raise Malformed.field(f"starts[{request.starts.index(before.start)}]", "is the present time")
    rules = moving.rules(now)
    verdicts = {start: judge(start, rules, moving.availability, now, request.overrides) for start in request.starts}
    if any(verdict.refused for verdict in verdicts.values()):
        raise _refusal(moving, mover, verdicts, now)
    proposal = _proposal(before, actor, request, verdicts, now)
    await _write(connection, before, proposal, now)
    return proposal


def _require_distinct(starts: tuple[datetime, ...]) -> None:
    if not 1 <= len(starts) <= MOST_STARTS:
        raise Malformed.field("starts", f"must be one to {MOST_STARTS} times")
    for position, start in enumerate(starts):
        if start in starts[:position]:
            raise Malformed.field(f"starts[{position}]", "is named twice")


def require_negotiable(appointment: Appointment, side: Side, now: datetime) -> None:
    """Raises ``Conflict`` where there is nothing to move, nobody who could accept, or no way to ask them."""
    require_changeable(appointment, now)
    if appointment.status != "confirmed":
        raise Conflict("the appointment is not confirmed yet", code="appointment-unconfirmed")
    if appointment.meeting_info.group_booking or len(appointment.attendees) != 1:
        raise Conflict("a group has nobody who could accept for all", code="proposal-to-group")
    if side == "host" and not appointment.attendees[0].email:
        raise Conflict("the attendee gave no e-mail address", code="no-address")


async def _read(connection: Connection, mover: Mover, request: Propose, now: datetime) -> Moving:
    first, last = min(request.starts), max(request.starts)
    return await read_moving(
        connection, mover.company_id, request.appointment_id, first, now, reach=last - first + AROUND
    )


def _refusal(moving: Moving, mover: Mover, verdicts: Mapping[datetime, Verdict], now: datetime) -> NotFree:
    before = moving.stored.appointment
    refused = {
        start: told_to(mover, verdict.refused, replace(before, start=start, end=start + before.duration))
        for start, verdict in verdicts.items()
        if verdict.refused
    }
    return not_all_free(refused, suggest(next(iter(refused)), moving.rules(now), moving.availability, now))


def _proposal(
    before: Appointment, actor: Actor, request: Propose, verdicts: Mapping[datetime, Verdict], now: datetime
) -> Proposal:
    after, proposal_id = next_version(before, now), uuid4()
    change = Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind="proposed",
        at=after.stamped_at,
        actor=actor,
        through=request.through,
        start=after.start,
        end=after.end,
        reason=request.message,
        overridden=tuple(dict.fromkeys(rule for v in verdicts.values() for rule in v.overridden_rules)),
        proposed_starts=request.starts,
        proposal_id=proposal_id,
    )
    occupied = frozenset(start for start, verdict in verdicts.items() if verdict.overlaps)
    return Proposal(id=proposal_id, made=change, overrides=request.overrides, occupied=occupied)


async def _write(connection: Connection, before: Appointment, proposal: Proposal, now: datetime) -> None:
    params = {
        **recording_params(before.company_id, proposal.made),
        "version": before.version,
        "ics": build_ics(next_version(before, now)),
        "now": now,
        "overrides": sorted(proposal.overrides),
        "occupied": sorted(proposal.occupied),
    }
    if await (await execute(connection, _WRITE, params)).fetchone() is None:
        raise Stale


_WRITE = f"""
    WITH changed AS ({NEXT_VERSION}), history AS ({WRITE_HISTORY}), entered AS (
        INSERT INTO proposals (company_id, id, appointment_id, sequence, overrides, occupied)
        SELECT changed.company_id, %(proposal_id)s, changed.id, %(sequence)s, %(overrides)s::text[],
            %(occupied)s::timestamptz[]
        FROM changed
    )
    {INSERT_JOB}
"""
