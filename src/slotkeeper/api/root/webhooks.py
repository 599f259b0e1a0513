"""The endpoints that webhooks go to, under ``/webhooks`` as in the API and under ``/v4/webhooks``.

A company's endpoints see every booking of the company, so only its admins change them; whoever reaches the group
*account* may list them, without their secrets.
"""

from typing import Annotated
from uuid import UUID

from litestar import Router, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from slotkeeper.api.auth import require_admin, require_scope
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.records.caller import Caller
from slotkeeper.webhooks.endpoints import (
    CreatedEndpoint,
    WebhookEndpoint,
    create_endpoint,
    delete_endpoint,
    list_endpoints,
    update_endpoint,
)
from slotkeeper.webhooks.subscription import EndpointPatch, NewEndpoint

WebhookId = Annotated[UUID, PathParameter(name="id")]


@get("/", summary="List webhook endpoints", responses=problems(*READING))
async def list_webhooks(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> list[WebhookEndpoint]:
    async with services.pool.connection() as connection:
        return await list_endpoints(connection, caller.company_id)


@post("/", summary="Create a webhook endpoint", responses=problems(*WRITING, 406))
async def create_webhook(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewEndpoint]
) -> CreatedEndpoint:
    """The answer shows the `secret` that verifies signatures (Standard Webhooks), this once."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await create_endpoint(
            connection,
            services.vault,
            caller.company_id,
            data,
            allow_networks=services.settings.webhook_allow_networks,
        )


@patch("/{id:str}", summary="Change a webhook endpoint", responses=problems(*WRITING))
async def update_webhook(
    webhook_id: WebhookId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[EndpointPatch],
) -> WebhookEndpoint:
    """Members that are left out stay; `eventTypes` replaces the list; the secret stays."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await update_endpoint(
            connection, caller.company_id, webhook_id, data, allow_networks=services.settings.webhook_allow_networks
        )


@delete("/{id:str}", summary="Delete a webhook endpoint", responses=problems(*READING))
async def delete_webhook(
    webhook_id: WebhookId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    require_admin(caller)
    async with services.pool.connection() as connection:
        await delete_endpoint(connection, caller.company_id, webhook_id)


ROUTER = Router(
    "/",
    guards=[require_scope("account")],
    tags=["Webhooks"],
    route_handlers=[
        Router(path, route_handlers=[list_webhooks, create_webhook, update_webhook, delete_webhook])
        for path in ("/webhooks", "/v4/webhooks")
    ],
)
