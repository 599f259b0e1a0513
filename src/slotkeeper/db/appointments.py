"""How an appointment is read: one JSON fragment, shared by the operations and by what follows them.

``APPOINTMENT_JSON`` expects the aliases ``a`` (appointments) and ``c`` (companies).
"""

from uuid import UUID

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.records.appointment import Appointment

HOSTS_JSON = """(
    SELECT json_agg(json_build_object(
        'id', u.id, 'email', u.email, 'given_name', u.given_name, 'family_name', u.family_name, 'slug', u.slug,
        'timezone', u.timezone, 'language', u.language, 'picture', u.picture
    ) ORDER BY h.position)
    FROM unnest(a.host_ids) WITH ORDINALITY AS h (id, position)
    JOIN users u ON u.company_id = a.company_id AND u.id = h.id
)"""

ATTENDEES_JSON = """(
    SELECT coalesce(json_agg(to_json(t) ORDER BY t.created_at, t.id), '[]')
    FROM attendees t
    WHERE t.company_id = a.company_id AND t.appointment_id = a.id AND t.deleted_at IS NULL
)"""

APPOINTMENT_JSON = f"""json_build_object(
    'id', a.id, 'company_id', a.company_id, 'company_name', c.name, 'meeting_type_id', a.meeting_type_id,
    'uid', a.uid, 'sequence', a.sequence, 'version', a.version, 'status', a.status, 'waiting_for', a.waiting_for,
    'seats', a.seats, 'series_id', a.series_id, 'queue_id', a.queue_id,
    'start', a.start_at, 'end', a.end_at, 'meeting_info', a.meeting_info,
    'location', a.location, 'meeting_link', a.meeting_link, 'note', a.note,
    'ics_title', a.ics_title, 'ics_description', a.ics_description,
    'cancellation', CASE WHEN a.cancelled_at IS NOT NULL THEN json_build_object(
        'at', a.cancelled_at, 'by', a.cancelled_by, 'source', a.cancel_source, 'reason', a.cancel_reason
    ) END,
    'created_at', a.created_at, 'updated_at', a.updated_at, 'rescheduled_at', a.rescheduled_at,
    'stamped_at', a.stamped_at, 'deleted_at', a.deleted_at,
    'hosts', {HOSTS_JSON},
    'attendees', {ATTENDEES_JSON}
)"""


async def load_appointment(connection: Connection, company_id: UUID, appointment_id: UUID) -> Appointment | None:
    return await fetch(connection, Appointment, _LOAD, {"company_id": company_id, "id": appointment_id})


_LOAD = f"""
    SELECT ({APPOINTMENT_JSON})::text
    FROM appointments a JOIN companies c ON c.id = a.company_id
    WHERE a.company_id = %(company_id)s AND a.id = %(id)s
"""
