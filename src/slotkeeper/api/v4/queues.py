"""Queues: who shares a meeting type's appointments, and how (the tag «Queue V4»)."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, patch
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.api.v4.meeting_types import MeetingTypeId
from slotkeeper.appointments.next_hosts import next_hosts
from slotkeeper.queues.answers import Queue
from slotkeeper.queues.edit import delete_queue, edit_queue_of
from slotkeeper.queues.find import find_queue, list_queues
from slotkeeper.queues.membership import QueueEdit
from slotkeeper.records.caller import Caller
from slotkeeper.records.people import UserSummary

QueueId = Annotated[UUID, PathParameter(name="id")]
WorkspaceId = Annotated[UUID, PathParameter(name="id")]


class NextHostsJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    next_hosts: Sequence[UserSummary]


@get("/", summary="List queues", responses=problems(*READING))
async def list_all_queues(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> list[Queue]:
    """Those that the caller belongs to, or whose meeting type is theirs; an admin sees the company's."""
    async with services.pool.connection() as connection:
        return await list_queues(connection, caller)


@get("/workspace/{id:str}", summary="List the queues of a workspace", responses=problems(*READING))
async def list_queues_of_workspace(
    workspace_id: WorkspaceId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Queue]:
    """Those that the caller may see; of an unknown workspace, none."""
    async with services.pool.connection() as connection:
        return await list_queues(connection, caller, workspace_id)


@get("/{id:str}", summary="Get a queue", responses=problems(*READING))
async def get_queue(queue_id: QueueId, caller: NamedDependency[Caller], services: NamedDependency[Services]) -> Queue:
    async with services.pool.connection() as connection:
        return (await find_queue(connection, caller, queue_id)).queue


@get("/{id:str}/next", summary="Who is next in a queue", responses=problems(*READING))
async def get_next_hosts(
    queue_id: QueueId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> NextHostsJson:
    """The hosts in the order in which the turns would fall to them if all were free."""
    async with services.pool.connection() as connection:
        await find_queue(connection, caller, queue_id)
        return NextHostsJson(next_hosts=await next_hosts(connection, caller.company_id, queue_id, services.clock()))


@patch("/meeting-type/{id:str}", summary="Update queue for a meeting type", responses=problems(*WRITING))
async def update_queue(
    meeting_type_id: MeetingTypeId,
    data: JSONBody[QueueEdit],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
) -> Queue:
    """Creates the meeting type's queue if it has none. `userId` is assigned, or deassigned if a member; `users`
    replaces the members; what is left out stays.
    """
    async with services.pool.connection() as connection:
        return await edit_queue_of(connection, caller, meeting_type_id, data)


@delete("/{id:str}", summary="Delete a queue", responses=problems(*READING))
async def remove_queue(queue_id: QueueId, caller: NamedDependency[Caller], services: NamedDependency[Services]) -> None:
    """Its meeting types are booked with their owners again. Appointments stay as they are."""
    async with services.pool.connection() as connection:
        await delete_queue(connection, caller, queue_id)


ROUTER = Router(
    "/v4/queue",
    guards=[require_scope("scheduling")],
    tags=["Queue V4"],
    route_handlers=[list_all_queues, list_queues_of_workspace, get_queue, get_next_hosts, update_queue, remove_queue],
)
