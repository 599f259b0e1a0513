"""Appointments: see, list, move, cancel (the tag «Appointment V4»)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, HeaderParameter, JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, UnsetType

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import Instant, instant
from slotkeeper.api.openapi import CHANGING_AN_APPOINTMENT, READING, problems, success
from slotkeeper.api.perform import perform
from slotkeeper.api.preconditions import check_if_match, etag_of
from slotkeeper.api.response_headers import ETAG
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointment_json import AppointmentJson, present
from slotkeeper.api.v4.dry_run import DryRunJson, dry_run
from slotkeeper.api.v4.requests import CancelBody, RescheduleBody, overrides
from slotkeeper.appointments.cancel import Cancel, cancel
from slotkeeper.appointments.listing import Direction, Listing, SortBy, StatusFilter, list_appointments
from slotkeeper.appointments.policy import require_may_see
from slotkeeper.appointments.reschedule import Reschedule, reschedule
from slotkeeper.appointments.stored import get_stored
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Caller

AppointmentId = Annotated[UUID, PathParameter(name="id")]
IfMatch = Annotated[str | None, HeaderParameter(name="If-Match", description="The ETag that the appointment must have")]
IdempotencyKey = Annotated[
    str | None, HeaderParameter(name="Idempotency-Key", description="A repetition gets the first answer again")
]
DryRun = Annotated[bool, QueryParameter(name="dryRun", description="Evaluate every rule and write nothing")]
_TAGS = ["Appointment V4"]


class RescheduledJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    appointment: AppointmentJson
    previous_start: datetime
    dry_run: Literal[False] | UnsetType = UNSET
    """Never sent; tells this answer from that of a dry run, which has these members too."""


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
    start: FromQuery[Instant | None] = None,
    end: FromQuery[Instant | None] = None,
    search: Annotated[str | None, QueryParameter(max_length=200)] = None,
    status: FromQuery[StatusFilter | None] = None,
    meeting_type_id: Annotated[UUID | None, QueryParameter(name="meetingTypeId")] = None,
    user_id: Annotated[UUID | None, QueryParameter(name="userId")] = None,
    sort_by: Annotated[SortBy, QueryParameter(name="sortBy")] = "appointment.start",
    sort_direction: Annotated[Direction, QueryParameter(name="sortDirection")] = "ASC",
) -> PageJson:
    """The caller's own appointments; an admin sees the company's, or one user's (`userId`)."""
    asked = Listing(
        page=page,
        page_size=page_size,
        start=start and instant("start", start),
        end=end and instant("end", end),
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


@get(
    "/{id:str}",
    tags=_TAGS,
    summary="Get an appointment",
    response_headers=[ETAG],
    responses=problems(*READING),
)
async def get_appointment(
    appointment_id: AppointmentId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> Response[AppointmentJson]:
    async with services.pool.connection() as connection:
        stored = await get_stored(connection, caller.company_id, appointment_id)
    require_may_see(caller, [host.id for host in stored.appointment.hosts])
    return Response(present(stored, caller.link_key), headers={"ETag": etag_of(stored.appointment.version)})


@post(
    "/{id:str}/reschedule",
    status_code=200,
    tags=_TAGS,
    summary="Reschedule an appointment",
    responses={
        200: success(RescheduledJson | DryRunJson, "Moved; with `dryRun`, what would happen"),
        **problems(*CHANGING_AN_APPOINTMENT),
    },
)
async def reschedule_appointment(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    data: JSONBody[RescheduleBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
    dry: DryRun = False,
) -> Response[Any]:
    """Moves an appointment to a new time; the duration remains unchanged. Availability is checked unless
    `ignoreAvailability` is true. Everyone is told, calendars and CRMs follow, and `booking_rescheduled` is fired.
    """
    wanted = Reschedule(
        appointment_id=appointment_id,
        start=instant("start", data.start),
        overrides=overrides(data.ignore_availability, data.override),
        reason=data.reason,
        notify=data.notify,
        precondition=lambda version: check_if_match(if_match, etag_of(version)),
    )
    if dry:
        async with services.pool.connection() as connection:
            return Response(await dry_run(connection, caller, wanted, services.clock()))

    async def attempt(connection: Connection, locked: bool) -> Answer:
        decision = await reschedule(connection, caller, wanted, services.clock(), locked=locked)
        appointment = present(decision.stored, caller.link_key)
        content = RescheduledJson(appointment=appointment, previous_start=decision.previous_start)
        return Answer.json(content, headers={"etag": etag_of(decision.stored.appointment.version)})

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


@post(
    "/{id:str}/cancel",
    status_code=200,
    tags=_TAGS,
    summary="Cancel an appointment",
    responses={200: success(AppointmentJson, "Cancelled"), **problems(*CHANGING_AN_APPOINTMENT)},
)
async def cancel_appointment(
    request: Request[Any, Any, Any],
    appointment_id: AppointmentId,
    data: JSONBody[CancelBody],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    if_match: IfMatch = None,
    idempotency_key: IdempotencyKey = None,
) -> Response[Any]:
    """Cancels an appointment; a group's needs `cancelAll: true`. Everyone is told, and `booking_cancelled` is fired."""
    if data.attendee_id is not None:
        raise Malformed.field("attendeeId", "this appointment is not a group's; leave it out to cancel the appointment")
    wanted = Cancel(
        appointment_id=appointment_id,
        reason=data.reason,
        cancel_all=bool(data.cancel_all),
        notify=data.notify,
        precondition=lambda version: check_if_match(if_match, etag_of(version)),
    )

    async def attempt(connection: Connection, _locked: bool) -> Answer:
        stored = await cancel(connection, caller, wanted, services.clock())
        headers = {"etag": etag_of(stored.appointment.version)}
        return Answer.json(present(stored, caller.link_key), headers=headers)

    return (await perform(services, caller, request, idempotency_key, attempt)).response()


ROUTER = Router(
    "/v4/appointment",
    guards=[require_scope("scheduling")],
    route_handlers=[list_paginated, get_appointment, reschedule_appointment, cancel_appointment],
)
