"""One activity per contact and appointment: a move changes it in place."""

from typing import Literal
from uuid import UUID, uuid4

from slotkeeper.db.pool import Connection, execute
from slotkeeper.records.appointment import Appointment

Outcome = Literal["scheduled", "rescheduled", "cancelled"]


async def write_activity(connection: Connection, appointment: Appointment, attendee_id: UUID, contact_id: UUID) -> UUID:
    """The activity's id, the same after every change."""
    params = {
        "company_id": appointment.company_id,
        "id": uuid4(),
        "contact_id": contact_id,
        "attendee_id": attendee_id,
        "appointment_id": appointment.id,
        "title": appointment.meeting_info.name,
        "start": appointment.start,
        "end": appointment.end,
        "outcome": outcome_of(appointment),
    }
    cursor = await connection.execute(_UPSERT, params)
    row = await cursor.fetchone()
    if row is None:
        raise LookupError(f"activity of appointment {appointment.id} not written")
    written: UUID = row[0]
    return written


async def cancel_activity(connection: Connection, appointment: Appointment, attendee_id: UUID) -> None:
    """Of one who has left; one who came back under another id keeps theirs."""
    params = {"company_id": appointment.company_id, "appointment_id": appointment.id, "attendee_id": attendee_id}
    await execute(connection, _CANCEL, params)


def outcome_of(appointment: Appointment) -> Outcome:
    """As it stands now, whichever change the worker is at."""
    if appointment.status == "cancelled":
        return "cancelled"
    return "rescheduled" if appointment.rescheduled_at else "scheduled"


_CANCEL = """
    UPDATE crm_activities SET outcome = 'cancelled', updated_at = now()
    WHERE company_id = %(company_id)s AND appointment_id = %(appointment_id)s AND attendee_id = %(attendee_id)s
"""

_UPSERT = """
    INSERT INTO crm_activities (
        company_id, id, contact_id, attendee_id, appointment_id, title, start_at, end_at, outcome
    )
    VALUES (
        %(company_id)s, %(id)s, %(contact_id)s, %(attendee_id)s, %(appointment_id)s, %(title)s, %(start)s, %(end)s,
        %(outcome)s
    )
    ON CONFLICT (company_id, contact_id, appointment_id)
    DO UPDATE SET attendee_id = excluded.attendee_id, title = excluded.title, start_at = excluded.start_at,
        end_at = excluded.end_at, outcome = excluded.outcome, updated_at = now()
    RETURNING id
"""
