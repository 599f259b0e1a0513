"""The pool of connections, and the two ways to ask: one row as a value, or all rows as values.

Queries build one JSON document per row, and msgspec decodes it straight into the frozen struct that is asked for: one
decode instead of a row of conversions, typed, with instants in UTC.
"""

from collections.abc import Mapping
from typing import TypeVar

import msgspec
from psycopg import AsyncConnection
from psycopg.rows import TupleRow, scalar_row
from psycopg_pool import AsyncConnectionPool

Connection = AsyncConnection[TupleRow]
T = TypeVar("T")
Params = Mapping[str, object]


def open_pool(database_url: str, size: int) -> "AsyncConnectionPool[Connection]":
    """A pool of autocommit connections; open it with ``async with``. A statement alone is a transaction of its own."""
    return AsyncConnectionPool(
        database_url,
        min_size=min(2, size),
        max_size=size,
        open=False,
        check=None,
        kwargs={"autocommit": True, "prepare_threshold": 1, "options": "-c timezone=UTC -c jit=off"},
    )


async def fetch(connection: Connection, into: type[T], sql: str, params: Params) -> T | None:
    """The one row, or None. The statement selects one column: a JSON document as text."""
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(sql, params)
        document = await cursor.fetchone()
    return None if document is None else msgspec.json.decode(document, type=into)


async def fetch_all(connection: Connection, into: type[T], sql: str, params: Params) -> list[T]:
    async with connection.cursor(row_factory=scalar_row) as cursor:
        await cursor.execute(sql, params)
        return [msgspec.json.decode(document, type=into) for document in await cursor.fetchall()]
