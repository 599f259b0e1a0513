"""Attendees: those who have not finished their booking, and a word to one (the tag «Attendee V4»)."""

from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.at_most import at_most
from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.api.v4.requests import AttendeeBody
from slotkeeper.appointments.pending_attendees import PendingAttendee, add_pending, list_pending
from slotkeeper.appointments.quick_mail import quick_mail
from slotkeeper.records.caller import Caller


class QuickMailBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    attendee_id: UUID
    title: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    content: Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class PendingBody(msgspec.Struct, frozen=True, kw_only=True):
    attendee: AttendeeBody


@get("/pending", summary="Get pending attendees", responses=problems(*READING))
async def list_pending_attendees(
    caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[PendingAttendee]:
    """The company's 99 newest."""
    async with services.pool.connection() as connection:
        return await list_pending(connection, caller)


@post("/pending", summary="Create a pending attendee", responses=problems(*WRITING))
async def create_pending_attendee(
    data: JSONBody[PendingBody], caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> int:
    """Answers with its number: `attendeePendingId` of a booking, which forgets the pending one."""
    attendee = {name: value for name, value in msgspec.to_builtins(data.attendee).items() if value is not None}
    async with services.pool.connection() as connection:
        return await add_pending(connection, caller, attendee)


@post(
    "/quick-mail",
    status_code=204,
    summary="Write to an attendee",
    guards=[at_most(5, per=timedelta(minutes=5))],
    responses=problems(*WRITING),
)
async def send_quick_mail(
    data: JSONBody[QuickMailBody], caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """Sent once, in plain text; answers go to the caller's address. Five in five minutes from each user."""
    async with services.pool.connection() as connection:
        await quick_mail(connection, caller, data.attendee_id, data.title, data.content)


ROUTER = Router(
    "/v4/attendee",
    guards=[require_scope("scheduling")],
    tags=["Attendee V4"],
    route_handlers=[list_pending_attendees, create_pending_attendee, send_quick_mail],
)
