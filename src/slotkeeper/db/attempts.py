"""First optimistically, then with locks: how an operation that reads, decides and writes is run (docs/decisions/0010).

The first attempt takes no locks and no explicit transaction: one statement reads, one writes, and the write does
nothing if a host's calendar or the appointment changed in between. Later attempts lock the hosts first, in id order,
so that a busy host's callers queue up instead of racing.
"""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from psycopg import errors
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict

T = TypeVar("T")
Attempt = Callable[[Connection, bool], Awaitable[T]]
"""Given a connection and whether to lock before reading."""

ATTEMPTS = 5


class Stale(Exception):
    """What was read changed before it could be written; nothing was written."""


RETRYABLE = (Stale, errors.ExclusionViolation, errors.SerializationFailure, errors.DeadlockDetected)


async def in_attempts(pool: "AsyncConnectionPool[Connection]", attempt: Attempt[T]) -> T:
    """Run until it is written or refused: first without locks, then with. Raises as ``again_and_again``."""

    async def one(number: int) -> T:
        async with pool.connection() as connection:
            if number == 0:
                return await attempt(connection, False)
            async with connection.transaction():
                return await attempt(connection, True)

    return await again_and_again(one)


async def again_and_again(one: Callable[[int], Awaitable[T]]) -> T:
    """Raises ``Conflict`` (409) after five attempts that others got ahead of; never a database error."""
    for number in range(ATTEMPTS):
        try:
            return await one(number)
        except RETRYABLE:
            continue
    raise Conflict("too many changes at the same time; try again", code="busy")
