"""A real server, an adapter that may reach it, and the account that a host has there."""

from ipaddress import ip_network
from uuid import UUID

import pytest
from tests.support.caldav_server import PASSWORD, USERNAME, CalDavServer, caldav_server

from slotkeeper.integrations.dav.calendar import DavCalendar
from slotkeeper.records.connection import Connection

__all__ = ["caldav_server"]


@pytest.fixture
def caldav() -> DavCalendar:
    return DavCalendar((ip_network("127.0.0.0/8"),))


@pytest.fixture
async def calendar_url(caldav_server: CalDavServer) -> str:
    return await caldav_server.make_calendar("work")


@pytest.fixture
def account(caldav_server: CalDavServer, calendar_url: str) -> Connection:
    return account_with({"url": caldav_server.url, "calendarUrl": calendar_url})


def account_with(settings: dict[str, object], *, username: str = USERNAME, password: str = PASSWORD) -> Connection:
    return Connection(
        id=UUID(int=7),
        company_id=UUID(int=1),
        provider="caldav",
        kind="calendar",
        settings=settings,
        credentials={"username": username, "password": password},
    )
