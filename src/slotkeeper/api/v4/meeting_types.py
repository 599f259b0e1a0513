"""Meeting types (the tag «Meeting Type V4»): everybody sees the company's, edits their own; an admin edits all."""

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict, replace

from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.api.v4.one_time_links import NewLinkJson, present_new_link
from slotkeeper.meeting_types.create import create_type
from slotkeeper.meeting_types.delete import delete_type
from slotkeeper.meeting_types.fields import MeetingTypeFields, NewMeetingType
from slotkeeper.meeting_types.find import get_type, list_types
from slotkeeper.meeting_types.meeting_type import MeetingType
from slotkeeper.meeting_types.update import update_type
from slotkeeper.records.caller import Caller

MeetingTypeId = Annotated[UUID, PathParameter(name="id")]
UserId = Annotated[UUID | None, QueryParameter(name="userId", description="Of this user; for admins")]


class CreatedMeetingType(MeetingType, frozen=True, kw_only=True, rename="camel"):
    """``oneTimeLink`` is there if `options.createOneTimeLink` asked for it."""

    one_time_link: NewLinkJson | UnsetType = UNSET


@get("/", summary="List a user's meeting types", responses=problems(*READING))
async def list_meeting_types(
    caller: NamedDependency[Caller], services: NamedDependency[Services], user_id: UserId = None
) -> list[MeetingType]:
    """The acting user's own."""
    async with services.pool.connection() as connection:
        return [_shown(services, each) for each in await list_types(connection, caller, user_id)]


@get("/{id:str}", summary="Get a meeting type", responses=problems(*READING))
async def get_meeting_type(
    meeting_type_id: MeetingTypeId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> MeetingType:
    async with services.pool.connection() as connection:
        return _shown(services, await get_type(connection, caller.company_id, meeting_type_id))


@post("/", summary="Create a meeting type", responses=problems(*WRITING))
async def create_meeting_type(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewMeetingType]
) -> CreatedMeetingType:
    """Everything but a name has a default; the slug is made from it. `availability` makes a schedule with the type."""
    created = await create_type(services.pool, caller, data, services.clock())
    return CreatedMeetingType(
        **asdict(_shown(services, created.meeting_type)),
        one_time_link=present_new_link(created.link, services.settings.public_url) if created.link else UNSET,
    )


@patch("/{id:str}", summary="Change a meeting type", responses=problems(*WRITING))
async def update_meeting_type(
    meeting_type_id: MeetingTypeId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[MeetingTypeFields],
) -> MeetingType:
    """Members that are left out stay, objects are merged, lists replaced, null clears. Appointments keep what was
    booked.
    """
    return _shown(services, await update_type(services.pool, caller, meeting_type_id, data))


@delete("/{id:str}", summary="Delete a meeting type", responses=problems(*READING))
async def delete_meeting_type(
    meeting_type_id: MeetingTypeId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """Its appointments stay, and still move."""
    async with services.pool.connection() as connection:
        await delete_type(connection, caller, meeting_type_id)


def _shown(services: Services, meeting_type: MeetingType) -> MeetingType:
    return replace(meeting_type, booking_url=services.settings.public_url + meeting_type.booking_url)


ROUTER = Router(
    "/v4/meeting-type",
    guards=[require_scope("scheduling")],
    tags=["Meeting Type V4"],
    route_handlers=[
        list_meeting_types,
        get_meeting_type,
        create_meeting_type,
        update_meeting_type,
        delete_meeting_type,
    ],
)
