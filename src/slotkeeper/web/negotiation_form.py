"""What the buttons under offered times do, on both sides' pages."""

from datetime import datetime
from uuid import UUID

from slotkeeper.appointments.proposals.accept import accept
from slotkeeper.appointments.proposals.answering import Answer
from slotkeeper.appointments.proposals.proposal import side_of
from slotkeeper.appointments.proposals.propose import Propose, propose
from slotkeeper.appointments.proposals.turn_down import decline, withdraw
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Mover
from slotkeeper.web.form import Typed, id_of, instants_of, text_of


async def press(
    connection: Connection, mover: Mover, appointment_id: UUID, typed: Typed, now: datetime, *, locked: bool
) -> None:
    """``do`` names the button. Raises as the operations, and ``Malformed``."""
    do = text_of(typed, "do")
    if do == "offer":
        await propose(connection, mover, _offer(mover, appointment_id, typed), now)
    elif do == "accept":
        await accept(connection, mover, _answer(mover, appointment_id, typed), _start(typed), now, locked=locked)
    elif do == "turn down":
        await decline(connection, mover, _answer(mover, appointment_id, typed), now)
    elif do == "withdraw":
        await withdraw(connection, mover, _answer(mover, appointment_id, typed), now)
    else:
        raise Malformed.field("do", "is no button of this page")


def _offer(mover: Mover, appointment_id: UUID, typed: Typed) -> Propose:
    return Propose(
        appointment_id=appointment_id,
        starts=instants_of(typed, "start"),
        message=text_of(typed, "message"),
        through=_through(mover),
    )


def _answer(mover: Mover, appointment_id: UUID, typed: Typed) -> Answer:
    return Answer(
        appointment_id=appointment_id,
        proposal_id=id_of(typed, "proposal"),
        reason=text_of(typed, "reason"),
        through=_through(mover),
    )


def _through(mover: Mover) -> str:
    return f"{side_of(mover)} link"


def _start(typed: Typed) -> datetime:
    for start in instants_of(typed, "start"):
        return start
    raise Malformed.field("start", "is missing")
