"""List appointments by page, with the filters of the API."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.appointments.stored import STORED_FROM, STORED_JSON, Stored
from slotkeeper.db.like import containing
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Forbidden
from slotkeeper.records.caller import Caller

SortBy = Literal["appointment.start", "appointment.createdAt"]
Direction = Literal["ASC", "DESC"]
StatusFilter = Literal["upcoming", "past", "cancelled", "confirmed", "tentative"]
"""Without one, requests that wait for somebody's word (``tentative``) are left out: they are provisional bookings."""


class Listing(msgspec.Struct, frozen=True, kw_only=True):
    """``page`` counts from 0. ``start`` and ``end`` bound the appointment's start: [start, end)."""

    page: int
    page_size: int
    start: datetime | None = None
    end: datetime | None = None
    search: str | None = None
    status: StatusFilter | None = None
    meeting_type_id: UUID | None = None
    user_id: UUID | None = None
    sort_by: SortBy = "appointment.start"
    sort_direction: Direction = "ASC"


class Page(msgspec.Struct, frozen=True, kw_only=True):
    appointments: tuple[Stored, ...]
    total: int


async def list_appointments(connection: Connection, caller: Caller, asked: Listing, now: datetime) -> Page:
    """The caller's own; an admin's are the whole company's, or one user's. Raises ``Forbidden``."""
    if asked.user_id not in (None, caller.user_id) and not caller.is_admin:
        raise Forbidden("only an admin may list another user's appointments")
    params = {
        **msgspec.structs.asdict(asked),
        "company_id": caller.company_id,
        "host_id": asked.user_id or (None if caller.is_admin else caller.user_id),
        "pattern": containing(asked.search) if asked.search else None,
        "offset": asked.page * asked.page_size,
        "now": now,
    }
    order = f"{_COLUMNS[asked.sort_by]} {asked.sort_direction}, a.id"
    page = await fetch(connection, Page, _LIST.format(order=order), params)
    return page or Page(appointments=(), total=0)


_COLUMNS: dict[SortBy, str] = {"appointment.start": "a.start_at", "appointment.createdAt": "a.created_at"}

_WHERE = """
    a.company_id = %(company_id)s AND a.deleted_at IS NULL
    AND (%(host_id)s::uuid IS NULL OR a.host_ids @> ARRAY[%(host_id)s::uuid])
    AND (%(meeting_type_id)s::uuid IS NULL OR a.meeting_type_id = %(meeting_type_id)s)
    AND (%(start)s::timestamptz IS NULL OR a.start_at >= %(start)s)
    AND (%(end)s::timestamptz IS NULL OR a.start_at < %(end)s)
    AND CASE %(status)s::text
        WHEN 'upcoming' THEN a.status = 'confirmed' AND a.end_at > %(now)s
        WHEN 'past' THEN a.status = 'confirmed' AND a.end_at <= %(now)s
        ELSE a.status = %(status)s OR (%(status)s::text IS NULL AND a.status <> 'tentative')
    END
    AND (%(pattern)s::text IS NULL OR a.meeting_info ->> 'name' ILIKE %(pattern)s OR EXISTS (
        SELECT 1 FROM attendees t
        WHERE t.company_id = a.company_id AND t.appointment_id = a.id
            AND (t.email ILIKE %(pattern)s OR t.fullname ILIKE %(pattern)s
                OR concat_ws(' ', t.firstname, t.lastname) ILIKE %(pattern)s)
    ))
"""

_LIST = f"""
    WITH found AS (SELECT a.company_id, a.id FROM appointments a WHERE {_WHERE})
    SELECT json_build_object(
        'total', (SELECT count(*) FROM found),
        'appointments', (
            SELECT coalesce(json_agg(page.document ORDER BY page.position), '[]')
            FROM (
                SELECT {STORED_JSON.replace("{", "{{").replace("}", "}}")} AS document,
                    row_number() OVER (ORDER BY {{order}}) AS position
                {STORED_FROM}
                WHERE (a.company_id, a.id) IN (SELECT company_id, id FROM found)
                ORDER BY {{order}}
                LIMIT %(page_size)s OFFSET %(offset)s
            ) page
        )
    )::text
"""
