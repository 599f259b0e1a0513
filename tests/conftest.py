"""Fixtures on real parts: one PostgreSQL for the run, one database per test process, one company per test."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from filelock import FileLock
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped, bootstrap
from slotkeeper.db.embedded import embedded_postgres
from slotkeeper.db.migrate import migrate
from slotkeeper.db.pool import Connection, open_pool
from slotkeeper.secrets import Vault

TEST_SECRET_KEY = "a key for tests only"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Iterator[str]:
    """``TEST_DATABASE_URL`` if set (CI runs once on Debian's 15), else one embedded server for all test processes."""
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    with FileLock(shared / "postgres.lock"):
        server = embedded_postgres(Path(shared) / "data")
        url = server.__enter__()
    yield url
    server.__exit__(None, None, None)


@pytest.fixture(scope="session")
def database_url(postgres_url: str, worker_id: str) -> str:
    name = f"slotkeeper_{worker_id}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    url = psycopg.conninfo.make_conninfo(postgres_url, dbname=name)
    migrate(url)
    return url


@pytest.fixture
async def pool(database_url: str) -> AsyncIterator["AsyncConnectionPool[Connection]"]:
    async with open_pool(database_url, 10) as opened:
        yield opened


@pytest.fixture
async def connection(pool: "AsyncConnectionPool[Connection]") -> AsyncIterator[Connection]:
    async with pool.connection() as opened:
        yield opened


@pytest.fixture
def vault() -> Vault:
    return Vault(TEST_SECRET_KEY)


@pytest.fixture
async def company(connection: Connection, vault: Vault) -> Bootstrapped:
    """A fresh company in Berlin; every query is scoped to its company, so tests share a database without meeting."""
    return await bootstrap(
        connection, vault, company="Praxis Dr. Weiß", email="host@example.com", timezone="Europe/Berlin"
    )


def pytest_configure() -> None:
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")
