"""The document against the server: generated requests to every operation, and no answer that is not described."""

import asyncio
import os
import re
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import psycopg
import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from psycopg_pool import AsyncConnectionPool
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from slotkeeper.main import create_app
from slotkeeper.settings import Settings, parse_networks

from ..conftest import TEST_SECRET_KEY
from ..contract.document import served_document
from ..integrations.conftest import acme, install
from ..support.desk import Desk
from ..support.server_thread import served
from .known import Known, everything_in_crm, everything_of

__all__ = ["acme", "install"]  # fixtures: a private calendar that takes one password

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 25
"""Of the generated kind, per operation; those at the borders of each schema (the coverage phase) come on top."""
LOOPBACK = parse_networks("127.0.0.0/8")


CONFIG = schemathesis.config.SchemathesisConfig.from_dict(
    {
        "generation": {
            "max-examples": EXAMPLES,
            "deterministic": True,
            "database": "none",
            "with-security-parameters": False,
        }
    }
)
SCHEMA = schemathesis.openapi.from_dict(asyncio.run(served_document()), config=CONFIG)
SHARD, SHARDS = map(int, os.environ.get("SCHEMATHESIS_SHARD", "0/1").split("/"))
MINE = SCHEMA.include(lambda context: zlib.crc32(context.operation.label.encode()) % SHARDS == SHARD)
"""What is tried of an operation is generated when it is collected, half a second each; xdist would do it in each of its
processes, so processes share the operations instead (``make test``)."""


@pytest.fixture(scope="module")
def url(database_url: str) -> Iterator[str]:
    given = Settings(database_url=database_url, secret_key=TEST_SECRET_KEY, webhook_allow_networks=LOOPBACK)
    with served(lambda _: create_app(given)) as url:
        yield url


@pytest.fixture
async def known(
    request: pytest.FixtureRequest, url: str, acme: None, pool: "AsyncConnectionPool[Connection]", company: Bootstrapped
) -> AsyncIterator[Known]:
    """One of each thing; the jobs that the requests leave behind are no other test's."""
    desk = Desk(pool, company)
    about_crm = "/crm" in request.node.name
    of_host = ("by-secret" in request.node.name) != ("withdraw" in request.node.name)
    if about_crm:
        yield await everything_in_crm(company, url)
    else:
        yield await everything_of(company, desk, url, proposal_of="host" if of_host else "attendee")
    await desk.execute("DELETE FROM procrastinate_jobs WHERE args ->> 'company_id' = %(company_id)s::text")


@pytest.fixture
def forget_limits(request: pytest.FixtureRequest, database_url: str) -> Iterator[Callable[[], None]]:
    """Operations with limits of their own are tried more often than a caller may."""
    if not re.search("quick-mail|bulk|import|proposals", request.node.name):
        yield lambda: None
        return
    with psycopg.connect(database_url, autocommit=True) as connection:

        def forget() -> None:
            connection.execute("DELETE FROM rate_limits")

        yield forget


@pytest.fixture
def statuses(request: pytest.FixtureRequest) -> Iterator[set[int]]:
    """Of an operation's answers: one at least must be the one that it is for."""
    seen: set[int] = set()
    yield seen
    if "/v4/import" in request.node.name:  # its right answer comes from the outside
        return
    assert any(200 <= status < 300 for status in seen), seen


@MINE.exclude(path_regex="^/v4/crm").parametrize()  # the same handlers as under /crm
@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_the_document_says(
    case: schemathesis.Case[Any], url: str, known: Known, statuses: set[int], forget_limits: Callable[[], None]
) -> None:
    forget_limits()
    known.put_into(case)
    answer = case.call_and_validate(base_url=url, headers=known.headers, checks=CHECKS)
    if case.method == case.operation.method.upper():  # others are tried too, and an OPTIONS is always answered
        statuses.add(answer.status_code)
