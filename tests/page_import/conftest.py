import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from tests.support.desk import Desk


@pytest.fixture
def desk(pool: "AsyncConnectionPool[Connection]", company: Bootstrapped) -> Desk:
    return Desk(pool, company)
