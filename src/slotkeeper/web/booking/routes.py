"""The routes of a booking page. What is chosen stands in the address, what is typed in the form; no GET changes
anything."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.types import Guard
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.book_once import book_once
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, Forbidden, NotFree
from slotkeeper.records.caller import Visitor
from slotkeeper.secrets import Vault, id_of_key, link_secret
from slotkeeper.web.booking.booked import booked_page, leads_to
from slotkeeper.web.booking.form import Filled, asked_by, attendee_of, booking_of, fill, key_of
from slotkeeper.web.booking.one_time_link import open_one_time_link
from slotkeeper.web.booking.personal_page import personal_page
from slotkeeper.web.booking.shown import shown_form, shown_times
from slotkeeper.web.booking.visit import Visit, places_at, require_open_link, slots_between, starts_of, visit_of
from slotkeeper.web.failure import Answering, page_or
from slotkeeper.web.form import instant_in, typed_into
from slotkeeper.web.page import see_other

Pool = NamedDependency[AsyncConnectionPool[Connection]]
_ADDRESS = "/{user_slug:str}/{type_slug:str}"


@get(_ADDRESS, media_type=MediaType.HTML, include_in_schema=False)
async def booking_page(
    request: Request[Any, Any, Any],
    user_slug: FromPath[str],
    type_slug: FromPath[str],
    pool: Pool,
    now: NamedDependency[datetime],
) -> Response[str]:
    visit = await visit_of(request, pool, user_slug, type_slug, now)
    await require_open_link(pool, visit)
    start = instant_in(visit.query.get("start"))
    if start is None:
        return await shown_times(pool, visit)
    found = await slots_between(pool, visit, start, start + timedelta(seconds=1), ahead=False)
    if not starts_of(found):
        return await shown_times(pool, visit, status=409, alert="taken")
    return shown_form(visit, start, places=places_at(start, found, visit))


@post(_ADDRESS, status_code=200, media_type=MediaType.HTML, include_in_schema=False)
async def booking_submitted(
    request: Request[Any, Any, Any],
    user_slug: FromPath[str],
    type_slug: FromPath[str],
    pool: Pool,
    vault: NamedDependency[Vault],
    now: NamedDependency[datetime],
) -> Response[str]:
    """However often the same form is sent, it books once and leads to what it booked."""
    visit = await visit_of(request, pool, user_slug, type_slug, now)
    form = await typed_into(request)
    start = instant_in(form.get("start"))
    if start is None:
        return await shown_times(pool, visit, status=400, alert="choose")
    filled = fill(asked_by(visit.offer, visit.chosen), form)
    if filled.faults:
        return shown_form(visit, start, filled, status=400, alert="look")
    try:
        target = await _booked(pool, vault, visit, start, filled.typed)
    except (Conflict, Forbidden) as refused:
        return _refused(visit, start, filled, refused)
    return see_other(target)


async def _booked(
    pool: "AsyncConnectionPool[Connection]", vault: Vault, visit: Visit, start: datetime, typed: Mapping[str, str]
) -> str:
    """Where the browser goes on to."""
    link_key = vault.open(visit.offer.link_key)
    attendee_id = id_of_key(link_key, "booking form", key_of(typed))
    asked = asked_by(visit.offer, visit.chosen)
    attendee = attendee_of(asked, typed, attendee_id, visit.chosen.timezone, visit.locale.language, visit.now)
    request = booking_of(visit.offer, visit.chosen, start, asked, typed, attendee)
    visitor = Visitor(company_id=visit.offer.company_id, attendee_id=attendee_id, name=attendee.display_name)
    appointment = await book_once(pool, visitor, request, visit.now)
    return leads_to(appointment, attendee, link_secret(link_key, "attendee", attendee_id))


def _refused(visit: Visit, start: datetime, filled: Filled, refused: Conflict | Forbidden) -> Response[str]:
    """With the form as it was typed. Raises ``refused`` where another answer cannot help."""
    if isinstance(refused, NotFree):
        status, instead = refused.status, refused.suggestions
        return shown_form(visit, start, filled, status=status, alert="taken", instead=instead)
    if refused.code == "booking-password-wrong":
        wrong = msgspec.structs.replace(filled, faults={"password": "refused"})
        return shown_form(visit, start, wrong, status=refused.status, alert="look")
    if refused.code == "busy":
        return shown_form(visit, start, filled, status=refused.status, alert="busy")
    raise refused


def router(*, any_request: Sequence[Guard], booking: Sequence[Guard], problem: Answering) -> Router:
    """``any_request`` and ``booking`` limit all requests, and those that book; ``problem`` answers programs."""
    read = [personal_page, booking_page, booked_page, open_one_time_link]
    return Router(
        "/",
        route_handlers=[
            Router("/", route_handlers=read, guards=any_request),
            Router("/", route_handlers=[booking_submitted], guards=[*any_request, *booking]),
        ],
        exception_handlers={Exception: page_or(problem)},
    )
