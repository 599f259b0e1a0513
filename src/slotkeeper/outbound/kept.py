"""Connections that stay open for a moment after their use, for whoever needs the same one next."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from types import TracebackType
from typing import Generic, Self, TypeVar

T = TypeVar("T")

IDLE = 2.0
"""Seconds. As long as Postfix keeps its own (``smtp_connection_cache_time_limit``), and shorter than servers wait."""


class Kept(Generic[T]):
    """Nothing is kept outside ``async with``. Between ``take`` and ``give_back`` a connection is one user's."""

    def __init__(self, close: Callable[[T], Awaitable[None]]) -> None:
        self._close = close
        self._idle: dict[Hashable, list[tuple[T, asyncio.TimerHandle]]] = {}
        self._closing: set[asyncio.Future[None]] = set()
        self._keeps = False

    async def __aenter__(self) -> Self:
        self._keeps = True
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._keeps = False
        for key in list(self._idle):
            while (connection := self.take(key)) is not None:
                await self._close(connection)
        await asyncio.gather(*self._closing)

    def take(self, key: Hashable) -> T | None:
        """The one that was used last, so that those which are too many grow old."""
        idle = self._idle.get(key)
        if not idle:
            return None
        connection, expiry = idle.pop()
        expiry.cancel()
        if not idle:
            del self._idle[key]
        return connection

    async def give_back(self, key: Hashable, connection: T) -> None:
        """Only what can be used again; whoever has another closes it."""
        if not self._keeps:
            await self._close(connection)
            return
        expiry = asyncio.get_running_loop().call_later(IDLE, self._expire, key)
        self._idle.setdefault(key, []).append((connection, expiry))

    def _expire(self, key: Hashable) -> None:
        """The oldest of this key."""
        idle = self._idle[key]
        connection, _ = idle.pop(0)
        if not idle:
            del self._idle[key]
        closing = asyncio.ensure_future(self._close(connection))
        self._closing.add(closing)
        closing.add_done_callback(self._closing.discard)
