"""A limit of single routes, over all server processes.

@post("/quick-mail", guards=[at_most(5, per=timedelta(minutes=5))], responses=problems(*WRITING))
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any, cast
from uuid import UUID

import msgspec
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from slotkeeper.api.services import services_of
from slotkeeper.db.pool import fetch
from slotkeeper.errors import TooManyRequests
from slotkeeper.outbound.public_addresses import unwrapped
from slotkeeper.records.caller import Mover

Connection = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Connection, BaseRouteHandler], Awaitable[None]]

_NOBODYS = UUID(int=0)
"""The company of requests without a caller."""


class _Taken(msgspec.Struct, frozen=True, kw_only=True):
    """``free_at`` None: it was free."""

    free_at: datetime | None


def at_most(times: int, *, per: timedelta) -> Guard:
    """A guard: at most so many requests of one caller in any stretch of that length, over all server processes.

    The caller is the user or attendee whom a guard before it found, else the address that the request comes from (of
    IPv6 its network). Its handler's ``responses`` name 429.
    """

    async def guard(connection: Connection, handler: BaseRouteHandler) -> None:
        services = services_of(connection.scope)
        now = services.clock()
        company_id, who = _who(connection)
        params = {
            "company_id": company_id,
            "who": who,
            "route": str(handler),
            "now": now,
            "per": per,
            "times": times,
        }
        async with services.pool.connection() as database:
            taken = await fetch(database, _Taken, _TAKE, params)
        if taken and taken.free_at:
            raise TooManyRequests(taken.free_at - now)

    return guard


def _who(connection: Connection) -> tuple[UUID, str]:
    if connection.scope.get("user") is not None:
        caller = cast("Mover", connection.scope["user"])
        return caller.company_id, str(caller.id)
    return _NOBODYS, network_of(connection)


def network_of(connection: Connection) -> str:
    """Where a request comes from. Whoever has one IPv6 address has the 2**64 of its network."""
    address = connection.client.host if connection.client else ""
    try:
        parsed = unwrapped(ip_address(address))
    except ValueError:  # a name, or a socket of this machine
        return address
    return str(IPv6Address(int(parsed) >> 64 << 64) if isinstance(parsed, IPv6Address) else parsed)


_RECENT = "ARRAY(SELECT t FROM unnest(l.taken) t WHERE t > %(now)s - %(per)s::interval ORDER BY t)"

_TAKE = f"""
    INSERT INTO rate_limits AS l (company_id, who, route, taken, refused, forget_at)
    VALUES (%(company_id)s, %(who)s, %(route)s, ARRAY[%(now)s::timestamptz], false, %(now)s + %(per)s::interval)
    ON CONFLICT (company_id, who, route) DO UPDATE SET
        refused = cardinality({_RECENT}) >= %(times)s,
        taken = CASE WHEN cardinality({_RECENT}) < %(times)s THEN {_RECENT} || %(now)s::timestamptz ELSE {_RECENT} END,
        forget_at = %(now)s + %(per)s::interval
    RETURNING json_build_object('free_at', CASE
        WHEN l.refused THEN l.taken[1 + cardinality(l.taken) - %(times)s] + %(per)s::interval
    END)::text
"""
