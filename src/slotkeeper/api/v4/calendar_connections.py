"""The way to connect a calendar in a browser (the tag «Calendar Auth V4»)."""

from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter

from slotkeeper.api.auth import require_admin, require_scope
from slotkeeper.api.openapi import READING, problems
from slotkeeper.api.services import Services
from slotkeeper.integrations.connect_link import LIFETIME, ConnectLink, origin_of, sign_link
from slotkeeper.integrations.registry import form_of
from slotkeeper.records.caller import Caller

Provider = Annotated[str, PathParameter(name="provider", max_length=50)]
RedirectUrl = Annotated[
    str | None,
    QueryParameter(name="redirectUrl", description="Where the browser goes on, the outcome in its query"),
]
UserId = Annotated[UUID | None, QueryParameter(name="userId", description="For this user; for admins")]
AsSync = Annotated[
    bool, QueryParameter(name="setAsCalendarSync", description="Whether new events are made in this calendar")
]


class AuthUrlJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    auth_url: str
    provider: str


@get(
    "/auth/{provider:str}/url",
    tags=["Calendar Auth V4"],
    summary="Get the address where a calendar is connected",
    responses=problems(*READING, 409),
)
async def get_calendar_auth_url(
    provider: Provider,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    redirect_url: RedirectUrl = None,
    user_id: UserId = None,
    set_as_calendar_sync: AsSync = True,
) -> AuthUrlJson:
    """For a quarter of an hour; open it in the browser of whoever has the account. Afterwards the browser goes to
    `redirectUrl` with `provider`, `connection_id` and `success=true`, or with `error` and `success=false`.
    """
    form_of(provider)
    if redirect_url is not None:
        origin_of(redirect_url)
    if user_id not in (None, caller.user_id):
        require_admin(caller)
    link = ConnectLink(
        company_id=caller.company_id,
        user_id=user_id or caller.user_id,
        provider=provider,
        writes=set_as_calendar_sync,
        redirect_url=redirect_url,
        expires_at=services.clock() + LIFETIME,
    )
    async with services.pool.connection() as connection:
        signed = await sign_link(connection, services.vault, link)
    return AuthUrlJson(auth_url=f"{services.settings.public_url}/connect/{signed}", provider=provider)


ROUTER = Router("/v4/calendar-connections", guards=[require_scope("account")], route_handlers=[get_calendar_auth_url])
