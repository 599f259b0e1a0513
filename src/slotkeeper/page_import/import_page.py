"""Make a meeting type of each event type that a public booking page of another scheduler shows."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection
from slotkeeper.errors import Malformed, SlotkeeperError, Unavailable
from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.meeting_types.create import create_type
from slotkeeper.meeting_types.fields import NewMeetingType
from slotkeeper.outbound.client import Dialling, Response, request
from slotkeeper.page_import.page import MOST, Provider, Shown, page_address
from slotkeeper.page_import.providers.cal_com import CalCom
from slotkeeper.page_import.providers.calendly import Calendly
from slotkeeper.records.caller import Caller

PROVIDERS: tuple[Provider, ...] = (Calendly(), CalCom())
_DIALLING = Dialling(total_timeout=15.0, max_body=1024 * 1024)

Ask = Callable[[str, Mapping[str, str]], Awaitable[Response]]


class Made(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    slug: str
    duration: int


class NotMade(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    reason: str


class Imported(msgspec.Struct, frozen=True, kw_only=True):
    provider: str
    created: tuple[Made, ...]
    failed: tuple[NotMade, ...]


async def over_the_internet(url: str, headers: Mapping[str, str]) -> Response:
    """Public addresses only."""
    return await request("GET", url, headers=headers, content=b"", allow_networks=(), dialling=_DIALLING)


async def import_page(
    pool: "AsyncConnectionPool[Connection]", caller: Caller, url: str, now: datetime, ask: Ask = over_the_internet
) -> Imported:
    """Each type by itself: one that cannot be made stops no other. Nothing is changed there.

    Raises ``Malformed`` for a page that cannot be read, ``Unavailable`` where it does not answer.
    """
    address = page_address(url)
    provider = _provider_of(address.host)
    found = [one for one in await _shown(provider, address.owner, ask) if address.slug in (None, one.slug)]
    if not found:
        raise Malformed.field("url", "leads to no public event type")
    made = [await _made(pool, caller, one, now) for one in found[:MOST]]
    created = tuple(one for one in made if isinstance(one, Made))
    return Imported(
        provider=provider.name, created=created, failed=tuple(one for one in made if isinstance(one, NotMade))
    )


def _provider_of(host: str) -> Provider:
    for provider in PROVIDERS:
        if host in provider.hosts:
            return provider
    known = ", ".join(host for provider in PROVIDERS for host in provider.hosts)
    raise Malformed.field("url", f"must be a page at one of {known}")


async def _shown(provider: Provider, owner: str, ask: Ask) -> list[Shown]:
    url, headers = provider.question(owner)
    try:
        answer = await ask(url, {"accept": "application/json", **headers})
    except (Later, PersonMustAct) as error:
        raise Unavailable(f"{provider.name} does not answer: {error}") from error
    if answer.status == 404:
        raise Malformed.field("url", f"is not known to {provider.name}")
    if answer.status != 200:
        raise Unavailable(f"{provider.name} answers {answer.status}")
    try:
        return provider.shown(answer.content)
    except msgspec.MsgspecError as error:
        raise Unavailable(f"{provider.name} answers in a way that is not understood: {error}") from error


async def _made(pool: "AsyncConnectionPool[Connection]", caller: Caller, one: Shown, now: datetime) -> Made | NotMade:
    if one.duration is None:
        return NotMade(name=one.name, reason="the page does not say how long it is")
    try:
        new = msgspec.convert({"meetingInfo": _info(one)}, NewMeetingType)
        meeting_type = (await create_type(pool, caller, new, now)).meeting_type
    except (msgspec.ValidationError, SlotkeeperError) as error:
        return NotMade(name=one.name, reason=str(error))
    return Made(id=meeting_type.id, name=meeting_type.meeting_info.name, slug=meeting_type.slug, duration=one.duration)


def _info(one: Shown) -> dict[str, Any]:
    """PostgreSQL cannot store NUL."""
    texts = {"name": one.name.replace("\0", ""), "description": one.description.replace("\0", "")}
    info = {**texts, "duration": one.duration}
    return info if one.channel is None else {**info, "channel": one.channel}
