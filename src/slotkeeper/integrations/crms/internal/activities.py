"""One activity per contact and appointment: a move changes it in place."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from slotkeeper.db.pool import Connection
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change, Kind

OUTCOMES: Mapping[Kind, str] = {"rescheduled": "rescheduled", "cancelled": "cancelled"}
"""Of every other change it is ``scheduled``."""


async def write_activity(
    connection: Connection, appointment: Appointment, change: Change, attendee_id: UUID, contact_id: UUID
) -> UUID:
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
        "outcome": OUTCOMES.get(change.kind, "scheduled"),
    }
    cursor = await connection.execute(_UPSERT, params)
    row = await cursor.fetchone()
    if row is None:
        raise LookupError(f"activity of appointment {appointment.id} not written")
    written: UUID = row[0]
    return written


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
