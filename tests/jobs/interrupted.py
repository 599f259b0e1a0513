"""The queue's own connector, with something that happens right after its next question."""

from collections.abc import Awaitable, Callable
from typing import Any, LiteralString

from procrastinate import PsycopgConnector


class Interrupted(PsycopgConnector):
    then: Callable[[], Awaitable[None]] | None = None

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        await self._interrupt()
        return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
        await self._interrupt()
        return rows

    async def _interrupt(self) -> None:
        then, self.then = self.then, None
        if then:
            await then()
