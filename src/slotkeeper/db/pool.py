"""The pool of connections, and the three ways to ask: a statement, one row as a value, all rows as values.

Queries build one JSON document per row, and msgspec decodes it straight into the frozen struct that is asked for: one
decode instead of a row of conversions, typed, with instants in UTC.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from select import POLLIN, poll
from typing import Any, TypeVar

import msgspec
from psycopg import AsyncConnection, AsyncRawCursor
from psycopg.rows import AsyncRowFactory, TupleRow, scalar_row, tuple_row
from psycopg_pool import AsyncConnectionPool

Connection = AsyncConnection[TupleRow]
T = TypeVar("T")
Params = Mapping[str, object]

_SESSION = "-c timezone=UTC -c jit=off -c enable_seqscan=off"
"""Every statement goes by a key. A plan that was made while a table was small would read all of it for hours after it
has grown: measured, three times the cost of a move."""


def open_pool(database_url: str, size: int) -> "AsyncConnectionPool[Connection]":
    """A pool of autocommit connections; open it with ``async with``. A statement alone is a transaction of its own."""
    return AsyncConnectionPool(
        database_url,
        min_size=min(2, size),
        max_size=size,
        open=False,
        configure=_autocommit,
        check=_still_open,
        kwargs={"prepare_threshold": 1, "options": _SESSION},
    )


async def _autocommit(connection: Connection) -> None:
    """Not in the pool's arguments: procrastinate opens its listening connection with those and with its own."""
    await connection.set_autocommit(True)


async def _still_open(connection: Connection) -> None:
    """Without a round trip: an idle connection has something to read when its server has closed it, or had to say
    something. Only then it is asked, and replaced if it does not answer."""
    idle = poll()
    idle.register(connection.fileno(), POLLIN)
    if idle.poll(0):
        await AsyncConnectionPool.check_connection(connection)


async def execute(
    connection: Connection,
    sql: str,
    params: Params,
    row_factory: AsyncRowFactory[Any] = tuple_row,
) -> AsyncRawCursor[Any]:
    """``sql`` names its parameters ``%(name)s``. Quicker than psycopg's own way, which parses a long statement anew
    each time (it keeps none of over 4 KB)."""
    query, names = _positional(sql)
    cursor = AsyncRawCursor(connection, row_factory=row_factory)
    return await cursor.execute(query, [params[name] for name in names])


async def fetch(connection: Connection, into: type[T], sql: str, params: Params) -> T | None:
    """The one row, or None. The statement selects one column: a JSON document as text."""
    document = await (await execute(connection, sql, params, scalar_row)).fetchone()
    return None if document is None else msgspec.json.decode(document, type=into)


async def fetch_all(connection: Connection, into: type[T], sql: str, params: Params) -> list[T]:
    documents = await (await execute(connection, sql, params, scalar_row)).fetchall()
    return [msgspec.json.decode(document, type=into) for document in documents]


@lru_cache(maxsize=1024)
def _positional(sql: str) -> tuple[bytes, tuple[str, ...]]:
    """The statement with ``$1``, ``$2`` …, and the names in that order."""
    names = tuple(dict.fromkeys(_NAME.findall(sql)))
    numbered = _NAME.sub(lambda found: f"${names.index(found[1]) + 1}", sql)
    return numbered.replace("%%", "%").encode(), names


_NAME = re.compile(r"%\((\w+)\)s")
