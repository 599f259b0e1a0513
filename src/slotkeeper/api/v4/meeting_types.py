"""Meeting types, as clients need them to book (the tag «Meeting Type V4»)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import PathParameter

from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, problems
from slotkeeper.api.services import Services
from slotkeeper.db.pool import fetch_all
from slotkeeper.errors import NotFound
from slotkeeper.records.caller import Caller
from slotkeeper.records.meeting_info import MeetingInfo

MeetingTypeId = Annotated[UUID, PathParameter(name="id")]


class MeetingTypeJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``timeslotInterval`` and ``bookingMinimum`` are minutes."""

    id: UUID
    slug: str
    user_id: UUID
    queue_id: UUID | None = None
    company_id: UUID
    availability_id: UUID | None
    enabled: bool
    spots: int
    locations: Sequence[str]
    timeslot_interval: int
    booking_minimum: int
    days_into_future: Mapping[str, Any]
    ics: Mapping[str, Any]
    metadata: Mapping[str, Any]
    internal_notes: str | None
    meeting_info: MeetingInfo
    meeting_options: Mapping[str, Any]
    created_at: datetime
    deleted_at: datetime | None


@get("/", tags=["Meeting Type V4"], summary="List the caller's meeting types", responses=problems(*READING))
async def list_meeting_types(
    caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[MeetingTypeJson]:
    params = {"company_id": caller.company_id, "user_id": caller.user_id, "id": None}
    async with services.pool.connection() as connection:
        return await fetch_all(connection, MeetingTypeJson, _SELECT, params)


@get("/{id:str}", tags=["Meeting Type V4"], summary="Get a meeting type", responses=problems(*READING))
async def get_meeting_type(
    meeting_type_id: MeetingTypeId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> MeetingTypeJson:
    params = {"company_id": caller.company_id, "user_id": None, "id": meeting_type_id}
    async with services.pool.connection() as connection:
        found = await fetch_all(connection, MeetingTypeJson, _SELECT, params)
    if not found:
        raise NotFound(f"meeting type {meeting_type_id} not found")
    return found[0]


ROUTER = Router(
    "/v4/meeting-type",
    guards=[require_scope("scheduling")],
    route_handlers=[list_meeting_types, get_meeting_type],
)

_SELECT = """
    SELECT json_build_object(
        'id', id, 'slug', slug, 'userId', user_id, 'companyId', company_id, 'availabilityId', availability_id,
        'enabled', enabled, 'spots', spots, 'locations', locations, 'timeslotInterval', timeslot_interval,
        'bookingMinimum', booking_minimum, 'daysIntoFuture', days_into_future, 'ics', ics, 'metadata', metadata,
        'internalNotes', internal_notes, 'meetingInfo', meeting_info, 'meetingOptions', meeting_options,
        'createdAt', created_at, 'deletedAt', deleted_at, 'queueId', queue_id
    )::text
    FROM meeting_types
    WHERE company_id = %(company_id)s AND deleted_at IS NULL
        AND (%(id)s::uuid IS NULL OR id = %(id)s) AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s)
    ORDER BY created_at, id
"""
