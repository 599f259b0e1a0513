"""The short form of ``make crash``: invariant 23."""

from collections.abc import Iterator

import psycopg
import pytest

from slotkeeper.db.migrate import migrate
from tests.crash.harness import survive


@pytest.fixture
def untouched_database_url(postgres_url: str, worker_id: str) -> Iterator[str]:
    """Without jobs that other tests left: a real worker would run them, and tell of what this test does not know."""
    name = f"crash_{worker_id}"
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        connection.execute(f'CREATE DATABASE "{name}"')
    url = psycopg.conninfo.make_conninfo(postgres_url, dbname=name)
    migrate(url)
    yield url
    with psycopg.connect(postgres_url, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


async def test_killing_the_server_and_the_worker_loses_no_effect_and_invents_none(untouched_database_url: str) -> None:
    outcome = await survive(untouched_database_url, kills=8, seed=7)
    assert outcome.faults == []
    assert sum(outcome.kills.values()) == 8
    assert outcome.moves > 0
    assert outcome.mails > 0
    assert outcome.webhooks > 0
