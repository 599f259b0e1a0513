"""List the bookings that wait, or waited, for somebody's word."""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Forbidden
from slotkeeper.records.caller import Caller

RequestStatus = Literal["pending", "confirmed", "expired", "declined_by_host", "withdrawn"]


class HostSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The API's UserSummary."""

    id: UUID
    given_name: str
    family_name: str
    slug: str
    user_type: str
    picture: str | None


class ListedRequest(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``id`` is also its appointment's; ``dto`` the booking as it was asked for."""

    id: UUID
    type: Literal["doubleOptIn", "requireHostConfirmation"]
    status: RequestStatus
    waiting_for: Literal["host", "attendee"] | None
    dto: Mapping[str, object]
    hosts: tuple[HostSummary, ...]
    meeting_type_id: UUID
    start: datetime
    expires_at: datetime
    created_at: datetime
    deleted_at: datetime | None


class RequestPage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    provisional_bookings: tuple[ListedRequest, ...]
    total: int


class RequestListing(msgspec.Struct, frozen=True, kw_only=True):
    """``page`` counts from 0."""

    page: int
    page_size: int
    everyones: bool = False
    user_id: UUID | None = None
    meeting_type_id: UUID | None = None
    status: RequestStatus | None = None


async def list_requests(connection: Connection, caller: Caller, asked: RequestListing) -> RequestPage:
    """The caller's own, newest first; an admin's of everyone or of one user. Raises ``Forbidden``."""
    if (asked.everyones or asked.user_id not in (None, caller.user_id)) and not caller.is_admin:
        raise Forbidden("only an admin may list other users' provisional bookings")
    params = {
        **msgspec.structs.asdict(asked),
        "company_id": caller.company_id,
        "host_id": None if asked.everyones else asked.user_id or caller.user_id,
        "offset": asked.page * asked.page_size,
    }
    page = await fetch(connection, RequestPage, _LIST, params)
    return page or RequestPage(provisional_bookings=(), total=0)


_FOUND = """
    FROM provisional_bookings p
    JOIN appointments a ON a.company_id = p.company_id AND a.id = p.id
    WHERE p.company_id = %(company_id)s
        AND (%(host_id)s::uuid IS NULL OR a.host_ids @> ARRAY[%(host_id)s::uuid])
        AND (%(meeting_type_id)s::uuid IS NULL OR a.meeting_type_id = %(meeting_type_id)s)
        AND (%(status)s::text IS NULL OR p.status = %(status)s)
"""

_LIST = f"""
    SELECT json_build_object(
        'total', (SELECT count(*) {_FOUND}),
        'provisionalBookings', (
            SELECT coalesce(json_agg(page.document ORDER BY page.created_at DESC, page.id), '[]') FROM (
                SELECT p.created_at, p.id, json_build_object(
                    'id', p.id, 'type', p.type, 'status', p.status, 'waitingFor', a.waiting_for, 'dto', p.dto,
                    'meetingTypeId', a.meeting_type_id, 'start', a.start_at, 'expiresAt', p.expires_at,
                    'createdAt', p.created_at, 'deletedAt', p.decided_at,
                    'hosts', (
                        SELECT json_agg(json_build_object(
                            'id', u.id, 'givenName', u.given_name, 'familyName', u.family_name, 'slug', u.slug,
                            'userType', u.user_type, 'picture', u.picture
                        ) ORDER BY h.position)
                        FROM unnest(a.host_ids) WITH ORDINALITY AS h (id, position)
                        JOIN users u ON u.company_id = a.company_id AND u.id = h.id
                    )
                ) AS document
                {_FOUND}
                ORDER BY p.created_at DESC, p.id
                LIMIT %(page_size)s OFFSET %(offset)s
            ) page
        )
    )::text
"""
