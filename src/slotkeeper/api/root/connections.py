"""Accounts at calendars, CRMs and meeting providers: connect, list, disconnect.

Everybody manages their own; an admin also those of colleagues and of the whole company.
"""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import UNSET, UnsetType

from slotkeeper.api.auth import require_admin, require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.integrations.connect import NewConnection, connect
from slotkeeper.integrations.connections import ConnectionSummary, connections_of, disconnect
from slotkeeper.integrations.registry import of_kind
from slotkeeper.records.caller import Caller

UserId = Annotated[UUID | None, QueryParameter(name="userId", description="Of this user; for admins")]


class ConnectBody(NewConnection, frozen=True, kw_only=True, rename="camel"):
    """``credentials`` and ``settings`` are the provider's own (docs/providers.md).

    ``userId`` defaults to the caller; null connects the account for the whole company.
    """

    user_id: UUID | UnsetType | None = UNSET


class ConnectionsJson(msgspec.Struct, frozen=True, kw_only=True):
    connections: Sequence[ConnectionSummary]
    total: int


@post("/connections", summary="Connect an account", tags=["Connections"], responses=problems(*WRITING))
async def connect_account(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[ConnectBody],
) -> ConnectionSummary:
    """The credentials are tried first, and kept encrypted. The same calendar again: its credentials are renewed."""
    user_id = caller.user_id if data.user_id is UNSET else data.user_id
    if user_id != caller.user_id:
        require_admin(caller)
    return await connect(services.pool, services.vault, caller.company_id, user_id, data)


@get("/connections", summary="List connected accounts", tags=["Connections"], responses=problems(*READING))
async def list_connections(
    caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[ConnectionSummary]:
    """The caller's own; an admin sees the whole company's."""
    async with services.pool.connection() as connection:
        return await connections_of(connection, caller.company_id, None if caller.is_admin else caller.user_id)


@get(
    "/v4/calendar-connections/connections",
    summary="List calendar connections",
    tags=["Calendar Connections V4"],
    responses=problems(*READING),
)
async def list_calendar_connections(
    caller: NamedDependency[Caller], services: NamedDependency[Services], user_id: UserId = None
) -> ConnectionsJson:
    if user_id not in (None, caller.user_id):
        require_admin(caller)
    async with services.pool.connection() as connection:
        found = await connections_of(connection, caller.company_id, user_id or caller.user_id)
    calendars = {registered.name for registered in of_kind("calendar")}
    shown = [summary for summary in found if summary.provider in calendars]
    return ConnectionsJson(connections=shown, total=len(shown))


@delete("/connections/{id:str}", summary="Disconnect an account", tags=["Connections"], responses=problems(*READING))
async def disconnect_account(
    connection_id: Annotated[UUID, PathParameter(name="id")],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
) -> None:
    """Its credentials are forgotten. What was written there stays."""
    async with services.pool.connection() as connection:
        own = None if caller.is_admin else caller.user_id
        await disconnect(connection, caller.company_id, connection_id, own)


ROUTER = Router(
    "/",
    guards=[require_scope("account")],
    route_handlers=[connect_account, list_connections, list_calendar_connections, disconnect_account],
)
