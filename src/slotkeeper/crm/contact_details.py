"""A contact with everything that came in by appointments: the meetings, and the answers to their questions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from slotkeeper.crm.contact import CONTACT_JOINS, CONTACT_JSON, Contact
from slotkeeper.crm.meeting import Meeting, meetings_of
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Malformed, NotFound

_MEETINGS_SHOWN = 200


class FormAnswers(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What the contact answered when they booked, by question."""

    appointment_id: UUID
    attendee_id: UUID
    answers: dict[str, Any]
    created_at: datetime


class ContactDetails(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Newest first."""

    item: Contact
    appointments: Sequence[Meeting]
    form_answers: Sequence[FormAnswers]


async def contact_details(
    connection: Connection, company_id: UUID, contact_id: UUID | None, attendee_id: UUID | None
) -> ContactDetails:
    """Raises ``Malformed`` without either id, and ``NotFound`` where both are given and differ, too.

    An attendee is the contact that the CRM made of them, or will: the one with their e-mail address.
    """
    if contact_id is None and attendee_id is None:
        raise Malformed.field("contactId", "or attendeeId is required")
    params = {"company_id": company_id, "contact_id": contact_id, "attendee_id": attendee_id}
    sql = _DETAILS.format(who=_BY_CONTACT if attendee_id is None else _BY_ATTENDEE)
    found = await fetch(connection, ContactDetails, sql, params)
    if found is None or contact_id not in (None, found.item.id):
        raise NotFound(f"contact {contact_id or f'of attendee {attendee_id}'} not found")
    return found


_BY_CONTACT = "SELECT %(contact_id)s::uuid AS id"

_BY_ATTENDEE = """
    SELECT coalesce(
        (
            SELECT e.id FROM crm_activities v
            JOIN crm_contacts e ON e.company_id = v.company_id AND e.id = v.contact_id AND e.deleted_at IS NULL
            WHERE v.company_id = t.company_id AND v.appointment_id = t.appointment_id AND v.attendee_id = t.id
            LIMIT 1
        ), (
            SELECT e.id FROM crm_contacts e
            WHERE e.company_id = t.company_id AND lower(e.email) = lower(t.email) AND e.deleted_at IS NULL
        )
    ) AS id
    FROM attendees t WHERE t.company_id = %(company_id)s AND t.id = %(attendee_id)s
"""

_DETAILS = f"""
    SELECT json_build_object(
        'item', {CONTACT_JSON},
        'appointments', {meetings_of("k", at_most=_MEETINGS_SHOWN)},
        'formAnswers', (
            SELECT coalesce(json_agg(json_build_object(
                'appointmentId', t.appointment_id, 'attendeeId', t.id, 'answers', t.notes, 'createdAt', t.created_at
            ) ORDER BY t.created_at DESC, t.id), '[]')
            FROM crm_activities v
            JOIN attendees t ON t.company_id = v.company_id AND t.id = v.attendee_id
            WHERE v.company_id = k.company_id AND v.contact_id = k.id AND t.notes <> '{{{{}}}}'
        )
    )::text
    FROM ({{who}}) who
    JOIN crm_contacts k ON k.company_id = %(company_id)s AND k.id = who.id AND k.deleted_at IS NULL
    {CONTACT_JOINS}
"""
