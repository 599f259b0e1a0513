"""A host writes to an attendee: entered in the ledger, so that it is sent once and a failure is seen."""

from uuid import UUID, uuid4

import msgspec

from slotkeeper.appointments.policy import require_may_see
from slotkeeper.db.appointments import APPOINTMENT_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.emails.recipient import Recipient
from slotkeeper.errors import Conflict, NotFound
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Caller
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.records.people import Attendee
from slotkeeper.side_effects.ledger import write_down
from slotkeeper.side_effects.send_messages import HandWritten


class Addressed(msgspec.Struct, frozen=True, kw_only=True):
    appointment: Appointment
    attendee: Attendee


async def quick_mail(connection: Connection, caller: Caller, attendee_id: UUID, title: str, content: str) -> None:
    """Raises ``NotFound``, and ``Conflict`` (no-address) for an attendee without e-mail."""
    found = await fetch(connection, Addressed, _READ, {"company_id": caller.company_id, "id": attendee_id})
    if found is None:
        raise NotFound(f"attendee {attendee_id} not found")
    require_may_see(caller, [host.id for host in found.appointment.hosts])
    if not found.attendee.email:
        raise Conflict("this attendee gave no e-mail address", code="no-address")
    written = HandWritten(recipient=_recipient(found.attendee), title=title, content=content, reply_to=caller.email)
    effect = PlannedEffect(
        kind="message", target=f"{found.attendee.email}:{uuid4()}", detail=msgspec.to_builtins(written)
    )
    appointment = found.appointment
    async with connection.transaction():
        await write_down(connection, caller.company_id, appointment.id, appointment.sequence, [effect])


def _recipient(attendee: Attendee) -> Recipient:
    return Recipient(
        address=attendee.email or "",
        name=attendee.display_name,
        language=attendee.language,
        timezone=attendee.timezone,
        role="attendee",
    )


_READ = f"""
    SELECT json_build_object('attendee', to_json(mine), 'appointment', {APPOINTMENT_JSON})::text
    FROM attendees mine
    JOIN appointments a ON a.company_id = mine.company_id AND a.id = mine.appointment_id
    JOIN companies c ON c.id = a.company_id
    WHERE mine.company_id = %(company_id)s AND mine.id = %(id)s AND mine.deleted_at IS NULL
"""
