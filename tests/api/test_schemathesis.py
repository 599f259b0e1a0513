"""The document against the server: generated requests to every operation, and no answer that is not described."""

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
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
from ..integrations.conftest import acme, install
from ..support.desk import Desk
from ..support.server_thread import served
from .conftest import bearer

__all__ = ["acme", "install"]  # fixtures: a private calendar that takes one password

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 25
"""Of the generated kind, per operation; those at the borders of each schema (the coverage phase) come on top."""
LOOPBACK = parse_networks("127.0.0.0/8")


async def document() -> dict[str, Any]:
    """As served; that takes no database."""
    app = create_app(Settings(database_url="", secret_key=TEST_SECRET_KEY))
    transport = httpx.ASGITransport(app)  # type: ignore[arg-type] # its own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        found: dict[str, Any] = (await client.get("/openapi.json")).json()
        return found


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
SCHEMA = schemathesis.openapi.from_dict(asyncio.run(document()), config=CONFIG)


class Known:
    """What exists, to be put in place of what was generated: by path, and by member of a body."""

    def __init__(self, ids: Mapping[str, str], members: Mapping[str, Any], token: str) -> None:
        self.ids = ids
        self.members = members
        self.headers = bearer(token)

    def put_into(self, case: schemathesis.Case[Any]) -> None:
        """Some of it into each request; which, depends on what was generated, so that it is the same every time."""
        drawn = zlib.crc32(json.dumps([case.path_parameters, case.body], default=repr).encode())
        if drawn % 4 and "id" in case.path_parameters:
            case.path_parameters.update(self._ids_for(case.path))
        if drawn % 4 and "provider" in case.path_parameters:
            case.path_parameters["provider"] = "caldav"
        if isinstance(case.body, dict):
            known = [name for at, name in enumerate(self.members) if name in case.body and drawn >> 2 * at & 3]
            case.body.update({name: self.members[name] for name in known})

    def _ids_for(self, path: str) -> dict[str, str]:
        collection = path.removeprefix("/v4/").removeprefix("/").partition("/")[0]
        ids = {"id": self.ids[collection]}
        return {**ids, "effectId": self.ids["effect"]} if "{effectId}" in path else ids


@pytest.fixture(scope="module")
def url(database_url: str) -> Iterator[str]:
    given = Settings(database_url=database_url, secret_key=TEST_SECRET_KEY, webhook_allow_networks=LOOPBACK)
    with served(lambda _: create_app(given)) as url:
        yield url


@pytest.fixture
async def known(
    url: str, acme: None, pool: "AsyncConnectionPool[Connection]", company: Bootstrapped
) -> AsyncIterator[Known]:
    """One of each thing; the jobs that the requests leave behind are no other test's."""
    members = members_for(company)
    desk = Desk(pool, company)
    async with httpx.AsyncClient(base_url=url, headers=bearer(company.token)) as client:
        ids = {"meeting-type": str(company.meeting_type_id), "effect": str(uuid4())}
        for path, member in (("/webhooks", "id"), ("/connections", "id"), ("/v4/booking", "appointmentId")):
            answer = await client.post(path, json=members)
            assert answer.status_code == 201, answer.text
            ids[path.rpartition("/")[2]] = answer.json()[member]
    ids["appointment"] = ids["booking"]
    await desk.execute(EFFECT, id=ids["effect"], appointment_id=ids["appointment"])
    yield Known(ids, members, company.token)
    await desk.execute("DELETE FROM procrastinate_jobs WHERE args ->> 'company_id' = %(company_id)s::text")


def members_for(company: Bootstrapped) -> dict[str, Any]:
    """Values that are right, by the names that bodies have for them."""
    in_a_week = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
    return {
        "meetingTypeId": str(company.meeting_type_id),
        "start": in_a_week.isoformat(),
        "attendee": {"email": "ann@example.org"},
        "hostIds": [str(company.user_id)],
        "duration": 30,
        "ignoreAvailability": True,
        "attendeeId": None,
        "endpoint": "http://127.0.0.1:9/hook",
        "eventTypes": ["booking_created"],
        "provider": "acme",
        "credentials": {"password": "right"},
        "userId": str(company.user_id),
    }


@pytest.fixture
def statuses(request: pytest.FixtureRequest) -> Iterator[set[int]]:
    """Of an operation's answers: one at least must be the one that it is for."""
    seen: set[int] = set()
    yield seen
    assert any(200 <= status < 300 for status in seen), seen


@SCHEMA.parametrize()
@settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_as_the_document_says(
    case: schemathesis.Case[Any], url: str, known: Known, statuses: set[int]
) -> None:
    known.put_into(case)
    answer = case.call_and_validate(base_url=url, headers=known.headers, checks=CHECKS)
    statuses.add(answer.status_code)


EFFECT = """
    INSERT INTO effects (company_id, id, appointment_id, sequence, kind, target, state, error_code)
    VALUES (%(company_id)s, %(id)s, %(appointment_id)s, 0, 'email', 'ann@example.org', 'needs_person', 'no_address')
"""
