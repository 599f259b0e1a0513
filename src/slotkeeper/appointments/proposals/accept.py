"""Accept one of the times that the other side offers: an ordinary move to it, checked like any other."""

from datetime import datetime

from msgspec.structs import replace

from slotkeeper.appointments.proposals.answering import Answer, read_answerable
from slotkeeper.appointments.proposals.proposal import Proposal, other, side_of
from slotkeeper.appointments.reschedule import Offer, Reschedule, reschedule
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Mover


async def accept(
    connection: Connection, mover: Mover, answer: Answer, start: datetime, now: datetime, *, locked: bool = False
) -> Proposal:
    """Raises as ``reschedule``, and ``NotFound``, ``Conflict`` or ``Malformed`` (start) for what cannot be accepted.

    Where the time is taken meanwhile (``NotFree``) the proposal stays open.
    """
    found = await read_answerable(connection, mover, answer, other(side_of(mover)), now)
    proposal = found.proposal
    if start not in proposal.starts:
        raise Malformed.field("start", "must be one of the proposed starts")

    def unchanged(version: int) -> None:
        if version != found.appointment.version:
            raise Stale

    move = Reschedule(
        appointment_id=answer.appointment_id,
        start=start,
        reason=answer.reason,
        through=answer.through,
        offer=Offer(proposal_id=proposal.id, overrides=proposal.set_aside(start)),
        precondition=unchanged,
    )
    decision = await reschedule(connection, mover, move, now, locked=locked)
    return replace(proposal, ended=decision.change)
