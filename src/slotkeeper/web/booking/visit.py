"""A request to a booking page: whose it is, what has been chosen, and in which language it is read."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from babel import Locale
from litestar import Request
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.booking_page import BookingPage, read_booking_page
from slotkeeper.appointments.free_slots import FreeSlots, find_free_slots
from slotkeeper.appointments.slot_query import SlotQuery
from slotkeeper.db.pool import Connection
from slotkeeper.meeting_types.one_time_links import open_link, unknown_link
from slotkeeper.records.caller import Visitor
from slotkeeper.web.accept_language import preferred
from slotkeeper.web.booking.choice import Chosen, chosen_of
from slotkeeper.web.page import BY_SECRET

Pool = AsyncConnectionPool[Connection]
FRESH: Mapping[str, str] = {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
"""For a page that anybody may find; the address of a choice may hold a one-time link."""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """``query`` is what the address says beside the choices: a month, a day, a start."""

    offer: BookingPage
    chosen: Chosen
    query: Mapping[str, str]
    locale: Locale
    now: datetime

    @property
    def headers(self) -> Mapping[str, str]:
        """Search engines find the page, and not each of its months."""
        return BY_SECRET if self.query else FRESH


async def visit_of(request: Request[Any, Any, Any], pool: Pool, user_slug: str, type_slug: str, now: datetime) -> Visit:
    """Raises ``NotFound``."""
    async with pool.connection() as connection:
        offer = await read_booking_page(connection, user_slug, type_slug)
    query = dict(request.query_params.items())
    return Visit(
        offer=offer,
        chosen=chosen_of(offer, query),
        query=query,
        locale=preferred(request.headers.get("accept-language")),
        now=now,
    )


async def require_open_link(pool: Pool, visit: Visit) -> None:
    """Where the visitor came by a one-time link. Raises as ``open_link``."""
    token = visit.chosen.one_time_link
    if token is None:
        return
    async with pool.connection() as connection:
        opened = await open_link(connection, token, visit.now)
    if opened.link.meeting_type_id != visit.offer.meeting_type_id:
        raise unknown_link()


async def slots_between(pool: Pool, visit: Visit, start: datetime, end: datetime, *, ahead: bool = True) -> FreeSlots:
    """What ``GET /v4/booking-availability`` lists for the same choices; ``ahead``: past an empty range too."""
    query = SlotQuery(
        meeting_type_id=visit.offer.meeting_type_id,
        start=start,
        end=end,
        duration=visit.chosen.duration,
        channel=visit.chosen.channel,
        host_ids=(visit.chosen.host.id,) if visit.chosen.host else (),
        look_ahead=ahead,
    )
    visitor = Visitor(company_id=visit.offer.company_id)
    async with pool.connection() as connection:
        return await find_free_slots(connection, visitor, query, visit.now)


def places_at(start: datetime, found: FreeSlots, visit: Visit) -> int | None:
    """How many seats a group has left, where its meeting type shows it."""
    info = visit.offer.offered.meeting_info
    if not (info.group_booking and info.show_available_slots):
        return None
    group = found.groups.get(int(start.timestamp()))
    return group.total - group.taken if group else visit.offer.offered.spots


def starts_of(found: FreeSlots) -> list[int]:
    """Seats in groups too; Unix seconds, sorted."""
    return sorted({*found.starts, *found.groups})
