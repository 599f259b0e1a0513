"""Links that book a meeting type once (the tag «One Time Booking Link V4»)."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec.structs import asdict

from slotkeeper.api.auth import require_scope
from slotkeeper.api.bodies import Instant, instant
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.errors import Malformed
from slotkeeper.meeting_types.addresses import one_time_address
from slotkeeper.meeting_types.links_of_meeting_type import (
    NewLink,
    OneTimeLink,
    create_link,
    list_links,
    revoke_link,
)
from slotkeeper.records.caller import Caller

LinkId = Annotated[UUID, PathParameter(name="id")]
OfMeetingType = Annotated[UUID, QueryParameter(name="meetingTypeId")]
ForMeetingType = Annotated[UUID, PathParameter(name="meetingTypeId")]


class NewLinkBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Without ``expiresAt`` the link is good until it is used or revoked."""

    expires_at: Instant | None = None


class NewLinkJson(OneTimeLink, frozen=True, kw_only=True, rename="camel"):
    """``token`` (and with it ``url``, which is also called ``link``) is shown here once."""

    url: str
    link: str
    token: str


@post("/create/{meetingTypeId:str}", summary="Create a one-time link", responses=problems(*WRITING))
async def create_one_time_link(
    meeting_type_id: ForMeetingType,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[NewLinkBody | None] = None,
) -> NewLinkJson:
    """No body is needed."""
    asked = data.expires_at if data else None
    expires_at = asked and instant("expiresAt", asked)
    if expires_at and expires_at <= services.clock():
        raise Malformed.field("expiresAt", "must lie ahead")
    async with services.pool.connection() as connection:
        new = await create_link(connection, caller, meeting_type_id, expires_at, services.clock())
    return present_new_link(new, services.settings.public_url)


@get("/", summary="List one-time links", responses=problems(*READING))
async def list_one_time_links(
    meeting_type_id: OfMeetingType, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[OneTimeLink]:
    """Of one meeting type, newest first, used ones too."""
    async with services.pool.connection() as connection:
        return await list_links(connection, caller, meeting_type_id)


@delete("/{id:str}", summary="Revoke a one-time link", responses=problems(*READING, 409))
async def revoke_one_time_link(
    link_id: LinkId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    async with services.pool.connection() as connection:
        await revoke_link(connection, caller, link_id, services.clock())


def present_new_link(new: NewLink, public_url: str) -> NewLinkJson:
    url = one_time_address(public_url, new.token)
    return NewLinkJson(**asdict(new.link), url=url, link=url, token=new.token)


ROUTER = Router(
    "/v4/one-time-booking-link",
    guards=[require_scope("scheduling")],
    tags=["One Time Booking Link V4"],
    route_handlers=[create_one_time_link, list_one_time_links, revoke_one_time_link],
)
