"""An appointment with everything that an answer shows beside it."""

from collections.abc import Mapping
from uuid import UUID

import msgspec

from slotkeeper.db.appointments import APPOINTMENT_JSON
from slotkeeper.db.pool import Connection, fetch, fetch_all
from slotkeeper.errors import NotFound
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.attendee_policy import CancellationPolicy, ReschedulingPolicy
from slotkeeper.records.connection import AppointmentRef
from slotkeeper.records.queue import RoundRobinEntry


class MeetingTypeSummary(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    slug: str
    meeting_info: dict[str, object]
    metadata: dict[str, object]
    rescheduling_policy: ReschedulingPolicy = ReschedulingPolicy()
    cancellation_policy: CancellationPolicy = CancellationPolicy()


class Stored(msgspec.Struct, frozen=True, kw_only=True):
    appointment: Appointment
    meeting_type: MeetingTypeSummary
    ics: str
    crm_options: dict[str, object] = {}
    metadata: dict[str, object] = {}
    transcription: str | None = None
    summary: str | None = None
    payment_id: str | None = None
    reschedule_count: int = 0
    reminder_ids: tuple[UUID, ...] = ()
    refs: tuple[AppointmentRef, ...] = ()
    error_codes: tuple[str, ...] = ()
    round_robin_entries: tuple[RoundRobinEntry, ...] = ()


STORED_JSON = f"""json_build_object(
    'appointment', {APPOINTMENT_JSON},
    'meeting_type', json_build_object(
        'id', t.id, 'slug', t.slug, 'meeting_info', t.meeting_info, 'metadata', t.metadata,
        'rescheduling_policy', t.rescheduling_policy, 'cancellation_policy', t.cancellation_policy
    ),
    'ics', a.ics, 'crm_options', a.crm_options, 'metadata', a.metadata,
    'transcription', a.transcription, 'summary', a.summary, 'payment_id', a.payment_id,
    'reschedule_count', a.reschedule_count,
    'reminder_ids', (
        SELECT coalesce(json_agg(r.id ORDER BY r.due_at), '[]') FROM reminders r
        WHERE r.company_id = a.company_id AND r.appointment_id = a.id AND r.state = 'planned'
    ),
    'refs', (
        SELECT coalesce(json_agg(json_build_object(
            'provider', x.provider, 'connection_id', x.connection_id, 'user_id', x.user_id, 'record', x.record,
            'external_id', x.external_id, 'container', x.container
        )), '[]') FROM external_refs x
        WHERE x.company_id = a.company_id AND x.appointment_id = a.id AND x.external_id IS NOT NULL
    ),
    'error_codes', (
        SELECT coalesce(json_agg(DISTINCT e.error_code), '[]') FROM effects e
        WHERE e.company_id = a.company_id AND e.appointment_id = a.id AND e.state = 'needs_person'
    ),
    'round_robin_entries', (
        SELECT coalesce(json_agg(json_build_object(
            'id', n.id, 'created_at', n.created_at, 'user_id', n.user_id, 'group_id', n.group_id,
            'appointment_id', n.appointment_id, 'queue_id', n.queue_id, 'selection_reason', n.selection_reason
        ) ORDER BY n.id), '[]') FROM round_robin_entries n
        WHERE n.company_id = a.company_id AND n.appointment_id = a.id
    )
)"""
"""Expects ``a`` (appointments), ``t`` (meeting_types) and ``c`` (companies)."""

STORED_FROM = """
    FROM appointments a
    JOIN meeting_types t ON t.company_id = a.company_id AND t.id = a.meeting_type_id
    JOIN companies c ON c.id = a.company_id
"""


async def get_stored(connection: Connection, company_id: UUID, appointment_id: UUID) -> Stored:
    """Raises ``NotFound`` alike for an unknown id and another company's."""
    stored = await fetch(connection, Stored, _GET, {"company_id": company_id, "id": appointment_id})
    if stored is None:
        raise NotFound("appointment not found")
    return stored


async def query_stored(connection: Connection, where: str, params: Mapping[str, object]) -> list[Stored]:
    """``where`` is one of the constants of this package, never a caller's text."""
    return await fetch_all(connection, Stored, f"SELECT ({STORED_JSON})::text {STORED_FROM} {where}", params)


_GET = f"SELECT ({STORED_JSON})::text {STORED_FROM} WHERE a.company_id = %(company_id)s AND a.id = %(id)s"
