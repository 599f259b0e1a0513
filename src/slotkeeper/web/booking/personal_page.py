"""A user's personal page: who they are, and their meeting types, each with its booking page."""

from typing import Any
from urllib.parse import quote

import msgspec
from babel import Locale
from litestar import MediaType, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.public_page import ShownType, read_public_page
from slotkeeper.db.pool import Connection
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.web.accept_language import preferred
from slotkeeper.web.booking.head import length
from slotkeeper.web.booking.visit import FRESH
from slotkeeper.web.elsewhere import origin_of
from slotkeeper.web.page import page


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    description: str
    duration: str
    info: MeetingInfo
    link: str


@get("/{user_slug:str}", media_type=MediaType.HTML, include_in_schema=False)
async def personal_page(
    request: Request[Any, Any, Any], user_slug: FromPath[str], pool: NamedDependency[AsyncConnectionPool[Connection]]
) -> Response[str]:
    """The picture is the one thing that a page of ours fetches from elsewhere: the host put it there."""
    async with pool.connection() as connection:
        person = await read_public_page(connection, user_slug)
    locale = preferred(request.headers.get("accept-language"))
    seen_from = origin_of(person.picture)
    return page(
        "personal.html",
        locale,
        headers=FRESH,
        pictures_from=seen_from,
        person=person,
        picture=person.picture if seen_from else None,
        entries=[_entry(person.slug, each, locale) for each in person.shown_types],
    )


def _entry(user_slug: str, each: ShownType, locale: Locale) -> Entry:
    info = each.meeting_info
    return Entry(
        name=each.translations.name.get(locale.language) or info.name,
        description=each.translations.description.get(locale.language) or info.description,
        duration=length(info.duration, locale),
        info=info,
        link=f"{quote(user_slug)}/{quote(each.slug)}",
    )
