from collections.abc import AsyncIterator

import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from tests.api.conftest import Opened, built, opened
from tests.support.booking_page import VisitedPage, nobody_counted, visited
from tests.support.desk import Desk

__all__ = ["built", "opened"]


@pytest.fixture
def desk(pool: "AsyncConnectionPool[Connection]", company: Bootstrapped) -> Desk:
    return Desk(pool, company)


@pytest.fixture
async def visit(opened: Opened, desk: Desk) -> AsyncIterator[VisitedPage]:
    """At the desk's own time."""
    async with nobody_counted(desk):
        yield await visited(await opened(clock=lambda: desk.now), desk)
