"""Groups in a queue, which take turns as one (the tag «Queue User Group V4»)."""

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter

from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.queues.answers import UserGroup
from slotkeeper.queues.find import find_group, find_queue, list_queues
from slotkeeper.queues.groups import GroupEdit, NewGroup, create_group, delete_group, edit_group
from slotkeeper.records.caller import Caller

GroupId = Annotated[UUID, PathParameter(name="id")]
OfQueue = Annotated[UUID | None, QueryParameter(name="queueId", description="Of this queue; default: of all")]


@get("/", summary="List user groups", responses=problems(*READING))
async def list_user_groups(
    caller: NamedDependency[Caller], services: NamedDependency[Services], queue_id: OfQueue = None
) -> list[UserGroup]:
    """Of the queues that the caller may see."""
    async with services.pool.connection() as connection:
        if queue_id is not None:
            return list((await find_queue(connection, caller, queue_id)).queue.user_groups)
        return [group for queue in await list_queues(connection, caller) for group in queue.user_groups]


@get("/{id:str}", summary="Get a user group", responses=problems(*READING))
async def get_user_group(
    group_id: GroupId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> UserGroup:
    async with services.pool.connection() as connection:
        return (await find_group(connection, caller, group_id))[1]


@post("/", summary="Create a new user group", responses=problems(*WRITING, 406))
async def create_user_group(
    data: JSONBody[NewGroup], caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> UserGroup:
    """Empty at first: it takes turns once users are assigned to it."""
    async with services.pool.connection() as connection:
        return await create_group(connection, caller, data)


@patch("/{id:str}", summary="Update an existing user group", responses=problems(*WRITING))
async def update_user_group(
    group_id: GroupId,
    data: JSONBody[GroupEdit],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
) -> UserGroup:
    """`userId` is assigned, or deassigned if in the group; `capacity` of its users hold each appointment, the main host
    in any case; what is left out stays.
    """
    async with services.pool.connection() as connection:
        return await edit_group(connection, caller, group_id, data)


@delete("/{id:str}", summary="Delete a user group", responses=problems(*READING))
async def delete_user_group(
    group_id: GroupId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """It takes no more turns; appointments stay as they are."""
    async with services.pool.connection() as connection:
        await delete_group(connection, caller, group_id)


ROUTER = Router(
    "/v4/queue-user-group",
    guards=[require_scope("scheduling")],
    tags=["Queue User Group V4"],
    route_handlers=[list_user_groups, get_user_group, create_user_group, update_user_group, delete_user_group],
)
