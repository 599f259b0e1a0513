"""An appointment as the CRM shows it beside a contact or a deal: enough to recognise it, its id for the rest."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec


class Meeting(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``id`` is the appointment's; ``attendeeId`` is the contact in it."""

    id: UUID
    title: str
    start: datetime
    end: datetime
    is_cancelled: bool
    rescheduled_at: datetime | None
    meeting_type_id: UUID
    host_ids: Sequence[UUID]
    location: str | None
    meeting_link: str | None
    attendee_id: UUID | None


MEETING_JSON = """json_build_object(
    'id', a.id, 'title', a.meeting_info ->> 'name', 'start', a.start_at, 'end', a.end_at,
    'isCancelled', a.cancelled_at IS NOT NULL, 'rescheduledAt', a.rescheduled_at, 'meetingTypeId', a.meeting_type_id,
    'hostIds', a.host_ids, 'location', a.location, 'meetingLink', a.meeting_link, 'attendeeId', y.attendee_id
)"""
"""Expects ``a`` (appointments) and ``y`` with an ``attendee_id``."""


def meetings_of(contact: str, *, at_most: int) -> str:
    """SQL of the newest meetings of the contact that the alias ``contact`` is, as one array."""
    return f"""(
        SELECT coalesce(json_agg({MEETING_JSON} ORDER BY y.start_at DESC, y.id), '[]')
        FROM (
            SELECT * FROM crm_activities v
            WHERE v.company_id = {contact}.company_id AND v.contact_id = {contact}.id
            ORDER BY v.start_at DESC, v.id LIMIT {at_most}
        ) y
        JOIN appointments a ON a.company_id = y.company_id AND a.id = y.appointment_id AND a.deleted_at IS NULL
    )"""
