"""Fixtures on real parts: one PostgreSQL for the run, one database per test process, one company per test."""

import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import hypothesis
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
def postgres_url(testrun_uid: str) -> Iterator[str]:
    """``TEST_DATABASE_URL`` if set (CI runs once on Debian's 15), else one embedded server for all test processes.

    Its directory lies outside pytest's own, which no other user may enter: as root, PostgreSQL runs as another one.
    """
    if url := os.environ.get("TEST_DATABASE_URL"):
        yield url
        return
    shared = Path(tempfile.gettempdir()) / f"slotkeeper-tests-{testrun_uid}"
    shared.mkdir(exist_ok=True)
    with ExitStack() as leaving:
        with FileLock(shared / "lock"):
            url = leaving.enter_context(embedded_postgres(shared / "data"))
        yield url
    if not (shared / "data" / "postgres" / "postmaster.pid").exists():
        shutil.rmtree(shared, ignore_errors=True)


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


@pytest.fixture
def public_url() -> str:
    """Where mailed links lead; tests with a server of their own say otherwise."""
    return "https://termine.example.com"


hypothesis.settings.register_profile("slotkeeper", deadline=None)
"""How long an example takes says more of the machine than of the code."""


def pytest_collection_modifyitems(items: list[pytest.Function]) -> None:
    """On another PostgreSQL only what reaches it can end otherwise; of a table of cases one is enough."""
    if "TEST_DATABASE_URL" in os.environ:
        reaching = [item for item in items if "postgres_url" in item.fixturenames]
        items[:] = {item.nodeid.partition("[")[0]: item for item in reversed(reaching)}.values()
        items.reverse()


def pytest_configure() -> None:
    hypothesis.settings.load_profile("slotkeeper")
    os.environ.setdefault("XDG_RUNTIME_DIR", "/tmp")
