"""Where a host decides who follows a mailed link: a booking that waits for their word, or an attendee's offer.

Opening it changes nothing. There is no cookie, so nothing that another site could make a browser send.
"""

from datetime import datetime
from typing import Any

from litestar import MediaType, Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.by_host_link import SeenByHost, appointment_by_host_link
from slotkeeper.appointments.provisional import Word, confirm, decline
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.emails.language import locale_of
from slotkeeper.emails.when import when
from slotkeeper.errors import Conflict, Malformed
from slotkeeper.secrets import Vault
from slotkeeper.web.failure import failure_page
from slotkeeper.web.form import Typed, text_of, typed_form
from slotkeeper.web.negotiation import Reader, negotiation
from slotkeeper.web.negotiation_form import press
from slotkeeper.web.page import page, see_other

Pool = NamedDependency[AsyncConnectionPool[Connection]]


@get("/", media_type=MediaType.HTML, include_in_schema=False)
async def host_page(
    link: FromPath[str], pool: Pool, vault: NamedDependency[Vault], now: NamedDependency[datetime]
) -> Response[str]:
    async with pool.connection() as connection:
        seen = await appointment_by_host_link(connection, vault, link)
        return await _page(connection, seen, now)


@post("/", status_code=200, media_type=MediaType.HTML, include_in_schema=False)
async def host_decided(
    request: Request[Any, Any, Any],
    link: FromPath[str],
    pool: Pool,
    vault: NamedDependency[Vault],
    now: NamedDependency[datetime],
) -> Response[str]:
    typed = await typed_form(request)
    async with pool.connection() as connection:
        seen = await appointment_by_host_link(connection, vault, link)

    async def attempt(connection: Connection, locked: bool) -> None:
        await _press(connection, seen, typed, now, locked=locked)

    try:
        await in_attempts(pool, attempt)
    except (Conflict, Malformed) as refused:
        async with pool.connection() as connection:
            seen = await appointment_by_host_link(connection, vault, link)
            return await _page(connection, seen, now, refused)
    return see_other(link)


async def _press(connection: Connection, seen: SeenByHost, typed: Typed, now: datetime, *, locked: bool) -> None:
    company_id, appointment_id = seen.appointment.company_id, seen.appointment.id
    word = Word(side="host", actor=seen.actor, through="host link")
    match text_of(typed, "do"):
        case "confirm":
            await confirm(connection, company_id, appointment_id, word, now)
        case "decline":
            await decline(connection, company_id, appointment_id, word, text_of(typed, "reason"), now)
        case _:
            await press(connection, seen.caller, appointment_id, typed, now, locked=locked)


async def _page(
    connection: Connection, seen: SeenByHost, now: datetime, refused: Conflict | Malformed | None = None
) -> Response[str]:
    appointment, host = seen.appointment, seen.host
    reader = Reader(mover=seen.caller, timezone=host.timezone, locale=locale_of(host.language))
    return page(
        "host.html",
        reader.locale,
        status=refused.status if refused else 200,
        form_action="'self'",
        appointment=appointment,
        people=", ".join(attendee.display_name for attendee in appointment.attendees),
        when=when(appointment.start, appointment.end, reader.timezone, reader.locale),
        asked=seen.is_asked(now),
        refused=refused,
        talks=await negotiation(connection, reader, appointment, now),
    )


ROUTER = Router("/h/{link:str}", route_handlers=[host_page, host_decided], exception_handlers={Exception: failure_page})
