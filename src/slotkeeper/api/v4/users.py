"""A company's users (the tag «User V4»). Personal tokens may read them, and not create, change or delete them."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody, PathParameter, QueryParameter

from slotkeeper.accounts.change_user import change_user
from slotkeeper.accounts.create_user import create_user
from slotkeeper.accounts.delete_user import delete_user
from slotkeeper.accounts.users import Me, User, UserPage, UserType, get_me, list_users
from slotkeeper.api.auth import Asking, require_admin, require_scope
from slotkeeper.api.forms import JsonOrForm, TakesForms
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.api.v4.user_bodies import NewUserBody, UserPatchBody, first_meeting_type, new_user, user_patch
from slotkeeper.errors import Forbidden
from slotkeeper.records.caller import Caller

UserId = Annotated[UUID, PathParameter(name="id")]


class NewUserForm(JsonOrForm):
    nested = frozenset({"availability", "meetingType"})


class CreatedUserJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``availabilityId`` and ``defaultAvailabilityId`` are the same schedule, under both of the API's names."""

    user_id: UUID
    availability_id: UUID
    default_availability_id: UUID
    meeting_type_id: UUID | None
    booking_url: str
    company_id: UUID


async def no_personal_token(connection: Asking, _: BaseRouteHandler) -> None:
    """A guard, behind the one that finds the caller."""
    if connection.scope["user"].credential == "personal":
        raise Forbidden("a personal token cannot create, change or delete users")


@get(
    "/me",
    summary="Get the caller",
    guards=[require_scope("scheduling", "account", or_owner=True)],
    responses=problems(*READING),
)
async def get_myself(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> Me:
    """A platform key that names no user is its company's owner here."""
    async with services.pool.connection() as connection:
        return await get_me(connection, caller.company_id, caller.user_id)


@get("/", summary="List users", guards=[require_scope("account")], responses=problems(*READING))
async def list_company_users(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    user_type: Annotated[UserType | None, QueryParameter(name="userType")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=100)] = 50,
    offset: Annotated[int, QueryParameter(ge=0, le=1_000_000)] = 0,
) -> UserPage:
    """For admins."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await list_users(connection, caller.company_id, user_type=user_type, limit=limit, offset=offset)


@post(
    "/",
    summary="Create a user",
    guards=[require_scope("account", or_owner=True), no_personal_token],
    dto=NewUserForm,
    operation_class=TakesForms,
    responses=problems(*WRITING),
)
async def create_platform_user(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewUserBody]
) -> CreatedUserJson:
    """For admins; a platform key that names no user is its company's owner here. In a form, `availability` and
    `meetingType` are JSON.
    """
    require_admin(caller)
    new = new_user(data, caller.timezone)
    first = first_meeting_type(data.meeting_type, services.clock()) if data.meeting_type else None
    async with services.pool.connection() as connection:
        created = await create_user(connection, caller.company_id, new, first)
    return CreatedUserJson(
        user_id=created.user_id,
        availability_id=created.availability_id,
        default_availability_id=created.availability_id,
        meeting_type_id=created.meeting_type_id,
        booking_url=services.settings.public_url + created.page,
        company_id=caller.company_id,
    )


@patch(
    "/{id:str}",
    summary="Change a user",
    guards=[require_scope("account"), no_personal_token],
    responses=problems(*WRITING),
)
async def update_user(
    user_id: UserId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[UserPatchBody],
) -> User:
    """Oneself; for admins anybody. The owner stays an admin."""
    async with services.pool.connection() as connection:
        return await change_user(connection, caller, user_id, user_patch(data), services.clock())


@delete(
    "/{id:str}",
    summary="Delete a user",
    guards=[require_scope("account"), no_personal_token],
    responses=problems(*READING, 409),
)
async def delete_company_user(
    user_id: UserId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """For admins. Not the owner, nor a host with appointments ahead: hand them over first. Their tokens die."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        await delete_user(connection, caller.company_id, user_id, services.clock())


ROUTER = Router(
    "/v4/user",
    tags=["User V4"],
    route_handlers=[get_myself, list_company_users, create_platform_user, update_user, delete_company_user],
)
