"""A mailed one-time link: whoever has it comes to the booking page."""

from typing import Annotated

from litestar import Router, get
from litestar.di import NamedDependency
from litestar.params import PathParameter
from litestar.response import Redirect

from slotkeeper.api.openapi import problems
from slotkeeper.api.services import Services
from slotkeeper.meeting_types.addresses import booking_address
from slotkeeper.meeting_types.one_time_links import open_link

Token = Annotated[str, PathParameter(max_length=100)]


@get(
    "/{token:str}",
    status_code=302,
    tags=["One Time Booking Link V4"],
    summary="Open a one-time link",
    responses=problems(404, 409, 500, 503),
    security=[],
)
async def open_one_time_link(token: Token, services: NamedDependency[Services]) -> Redirect:
    """To the booking page, wherever it is by now; `oneTimeLink` there is what a booking sends as `oneTimeLinkId`."""
    async with services.pool.connection() as connection:
        opened = await open_link(connection, token, services.clock())
    page = booking_address(services.settings.public_url, opened.owner_slug, opened.slug)
    headers = {"cache-control": "no-store", "referrer-policy": "no-referrer"}
    return Redirect(f"{page}?oneTimeLink={token}", headers=headers)


ROUTER = Router("/o", route_handlers=[open_one_time_link], include_in_schema=False)
