import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped, bootstrap
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from tests.support.desk import Desk


@pytest.fixture
def desk(pool: "AsyncConnectionPool[Connection]", company: Bootstrapped) -> Desk:
    return Desk(pool, company)


@pytest.fixture
async def other_desk(pool: "AsyncConnectionPool[Connection]", vault: Vault) -> Desk:
    """Of another company."""
    async with pool.connection() as connection:
        other = await bootstrap(connection, vault, company="Other", email="o@example.net", timezone="Europe/Berlin")
    return Desk(pool, other)
