"""Appointments by page, and today's (the tag «Appointment V4»)."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter

from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, problems
from slotkeeper.api.services import Services
from slotkeeper.api.time_range import DAY_OR_INSTANT, bounds_of
from slotkeeper.api.v4.appointment_json import AppointmentJson, present
from slotkeeper.appointments.listing import Direction, Listing, SortBy, StatusFilter, list_appointments
from slotkeeper.records.caller import Caller

_TAGS = ["Appointment V4"]
_WHEN = f"{DAY_OR_INSTANT}; the day in the caller's zone"
_MOST_IN_A_DAY = 1000


class PageJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``page`` counts from 0."""

    appointments: Sequence[AppointmentJson]
    total: int
    page: int
    page_size: int


@get("/paginated", tags=_TAGS, summary="List appointments by page", responses=problems(*READING))
async def list_paginated(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    page: Annotated[int, QueryParameter(ge=0, le=1_000_000)],
    page_size: Annotated[int, QueryParameter(name="pageSize", ge=1, le=100)],
    start: Annotated[str | None, QueryParameter(max_length=40, description=_WHEN)] = None,
    end: Annotated[str | None, QueryParameter(max_length=40, description=_WHEN)] = None,
    search: Annotated[str | None, QueryParameter(max_length=200)] = None,
    status: FromQuery[StatusFilter | None] = None,
    meeting_type_id: Annotated[UUID | None, QueryParameter(name="meetingTypeId")] = None,
    user_id: Annotated[UUID | None, QueryParameter(name="userId")] = None,
    sort_by: Annotated[SortBy, QueryParameter(name="sortBy")] = "appointment.start",
    sort_direction: Annotated[Direction, QueryParameter(name="sortDirection")] = "ASC",
) -> PageJson:
    """The caller's own appointments; an admin sees the company's, or one user's (`userId`)."""
    since, until = bounds_of(start, end, caller.timezone)
    asked = Listing(
        page=page,
        page_size=page_size,
        start=since,
        end=until,
        search=search,
        status=status,
        meeting_type_id=meeting_type_id,
        user_id=user_id,
        sort_by=sort_by,
        sort_direction=sort_direction,
    )
    async with services.pool.connection() as connection:
        found = await list_appointments(connection, caller, asked, services.clock())
    appointments = [present(stored, caller.link_key) for stored in found.appointments]
    return PageJson(appointments=appointments, total=found.total, page=page, page_size=page_size)


@get("/today", tags=_TAGS, summary="Get today's appointments", responses=problems(*READING))
async def list_today(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> list[AppointmentJson]:
    """The caller's own that start today in the caller's time zone, cancelled ones left out."""
    start, end = day_around(services.clock(), caller.timezone)
    asked = Listing(page=0, page_size=_MOST_IN_A_DAY, start=start, end=end, user_id=caller.user_id, status="confirmed")
    async with services.pool.connection() as connection:
        found = await list_appointments(connection, caller, asked, services.clock())
    return [present(stored, caller.link_key) for stored in found.appointments]


def day_around(now: datetime, timezone: str) -> tuple[datetime, datetime]:
    """From midnight to midnight on the zone's calendar: 23, 24 or 25 hours."""
    zone = ZoneInfo(timezone)
    today = now.astimezone(zone).date()
    return (
        datetime.combine(today, time(), zone),
        datetime.combine(today + timedelta(days=1), time(), zone),
    )


ROUTER = Router("/v4/appointment", guards=[require_scope("scheduling")], route_handlers=[list_paginated, list_today])
