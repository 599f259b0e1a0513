"""Where an attendee answers the times that the host offers, or offers some of their own.

Opening it changes nothing. There is no cookie, so nothing that another site could make a browser send.
"""

from datetime import datetime
from typing import Any

from litestar import MediaType, Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.by_secret import SeenByAttendee, appointment_by_secret
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.emails.language import locale_of
from slotkeeper.emails.when import when
from slotkeeper.errors import Conflict, Malformed
from slotkeeper.secrets import Vault
from slotkeeper.web.failure import failure_page
from slotkeeper.web.form import typed_form
from slotkeeper.web.negotiation import Reader, negotiation
from slotkeeper.web.negotiation_form import press
from slotkeeper.web.page import page, see_other

Pool = NamedDependency[AsyncConnectionPool[Connection]]


@get("/", media_type=MediaType.HTML, include_in_schema=False)
async def proposal_page(
    secret: FromPath[str], pool: Pool, vault: NamedDependency[Vault], now: NamedDependency[datetime]
) -> Response[str]:
    async with pool.connection() as connection:
        seen = await appointment_by_secret(connection, vault, secret)
        return await _page(connection, seen, secret, now)


@post("/", status_code=200, media_type=MediaType.HTML, include_in_schema=False)
async def proposal_answered(
    request: Request[Any, Any, Any],
    secret: FromPath[str],
    pool: Pool,
    vault: NamedDependency[Vault],
    now: NamedDependency[datetime],
) -> Response[str]:
    typed = await typed_form(request)
    async with pool.connection() as connection:
        seen = await appointment_by_secret(connection, vault, secret)

    async def attempt(connection: Connection, locked: bool) -> None:
        await press(connection, seen.caller, seen.appointment.id, typed, now, locked=locked)

    try:
        await in_attempts(pool, attempt)
    except (Conflict, Malformed) as refused:
        async with pool.connection() as connection:
            seen = await appointment_by_secret(connection, vault, secret)
            return await _page(connection, seen, secret, now, refused)
    return see_other("proposal")


async def _page(
    connection: Connection,
    seen: SeenByAttendee,
    secret: str,
    now: datetime,
    refused: Conflict | Malformed | None = None,
) -> Response[str]:
    appointment, attendee = seen.appointment, seen.attendee
    reader = Reader(mover=seen.caller, timezone=attendee.timezone, locale=locale_of(attendee.language))
    return page(
        "proposal.html",
        reader.locale,
        status=refused.status if refused else 200,
        form_action="'self'",
        appointment=appointment,
        people=", ".join(host.full_name for host in appointment.hosts),
        when=when(appointment.start, appointment.end, reader.timezone, reader.locale),
        back=f"../{secret}",
        refused=refused,
        talks=await negotiation(connection, reader, appointment, now),
    )


ROUTER = Router(
    "/a/{secret:str}/proposal",
    route_handlers=[proposal_page, proposal_answered],
    exception_handlers={Exception: failure_page},
)
