"""A mailed one-time link: whoever has it comes to the booking page."""

from datetime import datetime
from urllib.parse import quote

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection
from slotkeeper.meeting_types.one_time_links import open_link
from slotkeeper.web.page import BY_SECRET


@get("/o/{token:str}", status_code=302, include_in_schema=False)
async def open_one_time_link(
    token: FromPath[str], pool: NamedDependency[AsyncConnectionPool[Connection]], now: NamedDependency[datetime]
) -> Redirect:
    """Wherever the page is by now; ``oneTimeLink`` there is what a booking sends as ``oneTimeLinkId``."""
    async with pool.connection() as connection:
        opened = await open_link(connection, token, now)
    page = f"../{quote(opened.owner_slug)}/{quote(opened.slug)}"
    return Redirect(f"{page}?oneTimeLink={quote(token)}", headers=dict(BY_SECRET))
