"""How a program asks and reads: its headers, its way to write a query and a body, and strict decoding."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

import httpx
import msgspec

from slotkeeper.accounts.bootstrap import Bootstrapped
from tests.clients.shapes import Refusal

T = TypeVar("T")


class Program:
    def __init__(self, http: httpx.AsyncClient, company: Bootstrapped, headers: Mapping[str, str]) -> None:
        self.http = http
        self.company = company
        self.headers = headers
        self.meeting_type_id = str(company.meeting_type_id)
        self.user_id = str(company.user_id)

    async def send(self, method: str, path: str, query: Any = None, body: Any = None) -> httpx.Response:
        content = None if body is None else msgspec.json.encode(body)
        return await self.http.request(method, path, params=query, content=content, headers=self.headers)

    async def ask(self, shape: type[T], method: str, path: str, query: Any = None, body: Any = None) -> T:
        answer = await self.send(method, path, query, body)
        assert answer.is_success, answer.text
        return msgspec.json.decode(answer.content, type=shape)

    async def do(self, method: str, path: str, query: Any = None, body: Any = None) -> None:
        """What is answered by success alone."""
        answer = await self.send(method, path, query, body)
        assert (answer.is_success, answer.content) == (True, b""), answer.text

    async def refused(self, method: str, path: str, query: Any = None, body: Any = None) -> Refusal:
        answer = await self.send(method, path, query, body)
        assert answer.is_client_error, answer.text
        return msgspec.json.decode(answer.content, type=Refusal)


def in_javascript(at: datetime) -> str:
    """As ``Date.toISOString`` writes it: with milliseconds that are seldom zero."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.123Z")


def in_days(days: float) -> datetime:
    return datetime.now(UTC) + timedelta(days=days)
