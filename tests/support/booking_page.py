"""A meeting type's public page, as a browser without scripts asks for it."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.support.desk import MONDAY, Desk

ANN = {"firstname": "Ann", "lastname": "Example", "email": "ann@example.org", "policy": "true"}
_HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')
_START = re.compile(r'href="\?(?:[^"]*&amp;)?start=([^"&]+)')


class VisitedPage:
    def __init__(self, client: httpx.AsyncClient, desk: Desk, path: str) -> None:
        self.client = client
        self.desk = desk
        self.path = path

    async def get(self, language: str = "en", **query: str) -> httpx.Response:
        return await self.client.get(self.path, params=query, headers={"accept-language": language})

    async def form(self, start: str = f"{MONDAY:%Y-%m-%dT%H:%M:%SZ}", **query: str) -> dict[str, str]:
        """What the form of a time sends by itself."""
        answer = await self.get(start=start, **query)
        assert answer.status_code == 200, answer.text
        return hidden_in(answer.text)

    async def send(
        self, form: Mapping[str, str], typed: Mapping[str, str] = ANN, language: str = "en", **query: str
    ) -> httpx.Response:
        headers = {"accept-language": language}
        return await self.client.post(self.path, params=query, data={**form, **typed}, headers=headers)

    async def book(self, language: str = "en", **typed: str) -> httpx.Response:
        return await self.send(await self.form(), {**ANN, **typed}, language)

    async def appointments(self) -> list[Any]:
        return await self.desk.rows("SELECT id FROM appointments WHERE company_id = %(company_id)s")

    async def followed(self, answer: httpx.Response) -> httpx.Response:
        """The page that a booking leads to."""
        assert answer.status_code == 303, answer.text
        assert answer.next_request is not None
        return await self.client.get(urlsplit(str(answer.next_request.url)).path)


async def visited(client: httpx.AsyncClient, desk: Desk) -> VisitedPage:
    """That of the company's meeting type."""
    [[user, kind]] = await desk.rows(_SLUGS, id=desk.company.meeting_type_id)
    client.headers["accept"] = "text/html,application/xhtml+xml,*/*;q=0.8"
    return VisitedPage(client, desk, f"/{user}/{kind}")


@asynccontextmanager
async def nobody_counted(desk: Desk) -> AsyncIterator[None]:
    """All tests visit from one address: how often each did is forgotten before it and after it."""
    await desk.execute(_FORGET)
    yield
    await desk.execute(_FORGET)


async def attendee_of(desk: Desk) -> dict[str, Any]:
    """The one attendee that the company has."""
    [[attendee]] = await desk.rows("SELECT to_json(t) FROM attendees t WHERE company_id = %(company_id)s")
    return dict(attendee)


def hidden_in(text: str) -> dict[str, str]:
    return {name: unescape(value) for name, value in _HIDDEN.findall(text)}


def starts_in(text: str) -> list[str]:
    """The instants that a page offers."""
    return [unescape(start).replace("%3A", ":") for start in _START.findall(text)]


_FORGET = "DELETE FROM rate_limits WHERE company_id = '00000000-0000-0000-0000-000000000000'"

_SLUGS = """
    SELECT u.slug, t.slug FROM meeting_types t JOIN users u ON u.company_id = t.company_id AND u.id = t.user_id
    WHERE t.company_id = %(company_id)s AND t.id = %(id)s
"""
