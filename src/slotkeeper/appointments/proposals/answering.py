"""A proposal that is to be answered: is it open, and is it this one's to answer?"""

from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.appointments.policy import permitted, require_changeable
from slotkeeper.appointments.proposals.proposal import Proposal, Side
from slotkeeper.appointments.proposals.talks import Talks, read_talks
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, NotFound
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Mover
from slotkeeper.records.change import Actor


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """``reason`` is told to the other side."""

    appointment_id: UUID
    proposal_id: UUID
    reason: str | None = None
    through: str = "api"


class Answerable(msgspec.Struct, frozen=True, kw_only=True):
    appointment: Appointment
    proposal: Proposal
    actor: Actor


async def read_answerable(connection: Connection, mover: Mover, answer: Answer, of: Side, now: datetime) -> Answerable:
    """The proposal, ``of`` the side whose it must be. Raises ``NotFound``, ``Forbidden`` and ``Conflict``."""
    talks = await read_talks(connection, mover.company_id, answer.appointment_id)
    actor = permitted(mover, talks.appointment, frozenset())
    proposal = _open(talks, answer.proposal_id, of, now)
    return Answerable(appointment=talks.appointment, proposal=proposal, actor=actor)


def _open(talks: Talks, proposal_id: UUID, of: Side, now: datetime) -> Proposal:
    proposal = next((each for each in talks.proposals if each.id == proposal_id), None)
    if proposal is None:
        raise NotFound("proposal not found")
    require_changeable(talks.appointment, now)
    state = proposal.state(now)
    if state != "open":
        raise Conflict(f"the proposal is {state}", code="proposal-closed")
    if proposal.side != of:
        raise Conflict("the other side answers a proposal, and its own withdraws it", code="not-your-turn")
    return proposal
