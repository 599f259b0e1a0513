"""Decline what the other side offers, or withdraw one's own offer: the appointment stands where it is."""

from datetime import datetime
from typing import Literal

from msgspec.structs import replace

from slotkeeper.appointments.proposals.answering import Answer, Answerable, read_answerable
from slotkeeper.appointments.proposals.proposal import Proposal, other, side_of
from slotkeeper.appointments.recording import INSERT_JOB, NEXT_VERSION, WRITE_HISTORY, next_version, recording_params
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.ics.build import build_ics
from slotkeeper.records.caller import Mover
from slotkeeper.records.change import Change

_Kind = Literal["proposal_declined", "proposal_withdrawn"]


async def decline(connection: Connection, mover: Mover, answer: Answer, now: datetime) -> Proposal:
    """The other side is told, with the reason. Raises ``NotFound``, ``Forbidden``, ``Conflict`` and ``Stale``."""
    found = await read_answerable(connection, mover, answer, other(side_of(mover)), now)
    return await _end(connection, found, "proposal_declined", answer, now)


async def withdraw(connection: Connection, mover: Mover, answer: Answer, now: datetime) -> Proposal:
    """Told, and raises, as ``decline``."""
    found = await read_answerable(connection, mover, answer, side_of(mover), now)
    return await _end(connection, found, "proposal_withdrawn", answer, now)


async def _end(connection: Connection, found: Answerable, kind: _Kind, answer: Answer, now: datetime) -> Proposal:
    after = next_version(found.appointment, now)
    change = Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind=kind,
        at=after.stamped_at,
        actor=found.actor,
        through=answer.through,
        start=after.start,
        end=after.end,
        reason=answer.reason,
        proposed_starts=found.proposal.starts,
        proposal_id=found.proposal.id,
    )
    recorded = recording_params(after.company_id, change)
    params = {**recorded, "version": found.appointment.version, "ics": build_ics(after), "now": now}
    if await (await execute(connection, _WRITE, params)).fetchone() is None:
        raise Stale
    return replace(found.proposal, ended=change)


_WRITE = f"""
    WITH changed AS ({NEXT_VERSION}), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
