"""Bookings that wait for a word: list, confirm, decline (the tag «Provisional Booking V4»)."""

from typing import Annotated, Any
from uuid import UUID

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody, PathParameter, QueryParameter

from slotkeeper.api.answer import Answer
from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import Reason
from slotkeeper.api.openapi import READING, WRITING, problems, success
from slotkeeper.api.services import Services
from slotkeeper.api.v4.bookings import BookedJson
from slotkeeper.appointments.policy import actor_of, require_may_see
from slotkeeper.appointments.provisional import Word, confirm, decline
from slotkeeper.appointments.requests_listing import RequestListing, RequestPage, RequestStatus, list_requests
from slotkeeper.appointments.stored import get_stored
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.records.caller import Caller
from slotkeeper.secrets import link_secret

RequestId = Annotated[UUID, PathParameter(name="id")]


class DeclineBody(msgspec.Struct, frozen=True, kw_only=True):
    reason: Reason | None = None


@get("/paginated", summary="List provisional bookings by page", responses=problems(*READING))
async def list_provisional(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    page: Annotated[int, QueryParameter(ge=0, le=1_000_000)],
    page_size: Annotated[int, QueryParameter(name="pageSize", ge=1, le=100)],
    fetch_all: Annotated[bool, QueryParameter(name="fetch-all", description="Everyone's; for admins")] = False,
    user_id: Annotated[UUID | None, QueryParameter(name="userId")] = None,
    meeting_type_id: Annotated[UUID | None, QueryParameter(name="meetingTypeId")] = None,
    status: FromQuery[RequestStatus | None] = None,
) -> RequestPage:
    """The caller's own, newest first; `page` counts from 0."""
    asked = RequestListing(
        page=page,
        page_size=page_size,
        everyones=fetch_all,
        user_id=user_id,
        meeting_type_id=meeting_type_id,
        status=status,
    )
    async with services.pool.connection() as connection:
        return await list_requests(connection, caller, asked)


@post(
    "/{id:str}/confirm",
    status_code=200,
    summary="Confirm a provisional booking, as its host",
    responses={200: success(BookedJson, "Confirmed, or passed on to the attendee"), **problems(*READING, 409)},
)
async def confirm_provisional(
    request_id: RequestId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> Response[Any]:
    """Where the attendee's word is wanted too, they are asked now."""

    async def attempt(connection: Connection, _locked: bool) -> Answer:
        word = await _word(connection, caller, request_id)
        await confirm(connection, caller.company_id, request_id, word, services.clock())
        secret = link_secret(caller.link_key, "appointment", request_id)
        return Answer.json(BookedJson(appointment_id=request_id, secret=secret))

    return (await in_attempts(services.pool, attempt)).response()


@post(
    "/{id:str}/decline",
    status_code=204,
    summary="Decline a provisional booking",
    responses=problems(*WRITING),
)
async def decline_provisional(
    request_id: RequestId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[DeclineBody | None] = None,
) -> None:
    """The attendee is told, with the reason, and the time is free again."""

    async def attempt(connection: Connection, _locked: bool) -> None:
        word = await _word(connection, caller, request_id)
        await decline(connection, caller.company_id, request_id, word, data.reason if data else None, services.clock())

    await in_attempts(services.pool, attempt)


async def _word(connection: Connection, caller: Caller, request_id: UUID) -> Word:
    """Of one of its hosts, or of an admin. Raises ``NotFound``."""
    appointment = (await get_stored(connection, caller.company_id, request_id)).appointment
    host_ids = [host.id for host in appointment.hosts]
    require_may_see(caller, host_ids)
    return Word(side="host", actor=actor_of(caller, host_ids))


ROUTER = Router(
    "/v4/provisional-booking",
    guards=[require_scope("scheduling")],
    tags=["Provisional Booking V4"],
    route_handlers=[list_provisional, confirm_provisional, decline_provisional],
)
