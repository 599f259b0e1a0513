"""Both sides of an appointment, who offer each other other times."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from slotkeeper.appointments.proposals.accept import accept
from slotkeeper.appointments.proposals.answering import Answer
from slotkeeper.appointments.proposals.proposal import Proposal
from slotkeeper.appointments.proposals.propose import Propose, propose
from slotkeeper.appointments.proposals.talks import read_talks
from slotkeeper.appointments.proposals.turn_down import decline, withdraw
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import AttendeeCaller, Mover
from tests.support.desk import Desk

End = Callable[[Connection, Mover, Answer, datetime], Awaitable[Proposal]]


class Negotiation:
    """About one appointment of a desk's."""

    def __init__(self, desk: Desk, appointment: Appointment) -> None:
        self.desk = desk
        self.id = appointment.id
        self.host: Mover = desk.caller
        self.attendee: Mover = AttendeeCaller(
            company_id=appointment.company_id,
            appointment_id=appointment.id,
            attendee_id=appointment.attendees[0].id,
            name=appointment.attendees[0].display_name,
        )

    async def propose(self, mover: Mover, *starts: datetime, **fields: Any) -> Proposal:
        request = Propose(appointment_id=self.id, starts=starts, **fields)

        async def attempt(connection: Connection, _locked: bool) -> Proposal:
            return await propose(connection, mover, request, self.desk.now)

        return await in_attempts(self.desk.pool, attempt)

    async def accept(self, mover: Mover, proposal_id: UUID, start: datetime) -> Proposal:
        answer = Answer(appointment_id=self.id, proposal_id=proposal_id)

        async def attempt(connection: Connection, locked: bool) -> Proposal:
            return await accept(connection, mover, answer, start, self.desk.now, locked=locked)

        return await in_attempts(self.desk.pool, attempt)

    async def decline(self, mover: Mover, proposal_id: UUID, reason: str | None = None) -> Proposal:
        return await self._end(decline, mover, proposal_id, reason)

    async def withdraw(self, mover: Mover, proposal_id: UUID) -> Proposal:
        return await self._end(withdraw, mover, proposal_id, None)

    async def _end(self, end: End, mover: Mover, proposal_id: UUID, reason: str | None) -> Proposal:
        answer = Answer(appointment_id=self.id, proposal_id=proposal_id, reason=reason)

        async def attempt(connection: Connection, _locked: bool) -> Proposal:
            return await end(connection, mover, answer, self.desk.now)

        return await in_attempts(self.desk.pool, attempt)

    async def proposals(self) -> list[Proposal]:
        """Oldest first."""
        async with self.desk.pool.connection() as connection:
            talks = await read_talks(connection, self.desk.company.company_id, self.id)
        return list(reversed(talks.proposals))

    async def states(self) -> list[str]:
        return [proposal.state(self.desk.now) for proposal in await self.proposals()]

    async def appointment(self) -> Appointment:
        return (await self.desk.get(self.id)).appointment
