from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault

from ...integrations.conftest import acme, install
from ..conftest import bearer

__all__ = ["acme", "install"]  # fixtures: a private calendar that takes one password

pytestmark = pytest.mark.usefixtures("acme")
CALENDARS = "/v4/calendar-connections/connections"


@pytest.fixture
async def member(connection: Connection, company: Bootstrapped) -> tuple[UUID, dict[str, str]]:
    """A colleague who is no admin, and the headers of their requests."""
    user_id = await add_host(connection, company.company_id, email="m@example.com", timezone="UTC")
    return user_id, bearer(await new_personal_token(connection, company.company_id, user_id, name="member"))


async def connect(client: httpx.AsyncClient, headers: dict[str, str], **members: Any) -> httpx.Response:
    body = {"provider": "acme", "credentials": {"password": "right"}, **members}
    return await client.post("/connections", json=body, headers=headers)


async def test_a_user_connects_lists_and_disconnects_a_calendar(
    client: httpx.AsyncClient, company: Bootstrapped, member: tuple[UUID, dict[str, str]]
) -> None:
    _, headers = member
    made = await connect(client, headers)
    assert made.status_code == 201, made.text
    assert "right" not in made.text
    assert (await client.get(CALENDARS, headers=headers)).json() == {"connections": [made.json()], "total": 1}
    assert (await client.get("/connections", headers=headers)).json() == [made.json()]

    gone = await client.delete(f"/connections/{made.json()['id']}", headers=headers)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await client.get(CALENDARS, headers=headers)).json() == {"connections": [], "total": 0}


async def test_credentials_that_do_not_work_are_named(client: httpx.AsyncClient, company: Bootstrapped) -> None:
    answer = await connect(client, bearer(company.token), credentials={"password": "wrong"})
    assert answer.status_code == 400
    assert answer.json()["errors"] == [{"field": "credentials", "message": "the password is wrong"}]


async def test_a_calendar_at_a_private_address_is_refused_naming_the_field(
    client: httpx.AsyncClient, company: Bootstrapped
) -> None:
    credentials = {"username": "host", "password": "secret"}
    settings = {"url": "http://127.0.0.1:5232/"}
    answer = await connect(client, bearer(company.token), provider="caldav", credentials=credentials, settings=settings)
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["url"]
    assert (await client.get("/connections", headers=bearer(company.token))).json() == []


async def test_a_provider_that_does_not_answer_is_503(client: httpx.AsyncClient, company: Bootstrapped) -> None:
    answer = await connect(client, bearer(company.token), credentials={"password": "asleep"})
    assert (answer.status_code, answer.json()["errorCode"]) == (503, "unavailable")


@pytest.mark.parametrize(
    ("provider", "status", "code"),
    [
        pytest.param("nobody", 400, "malformed-request", id="unknown"),
        pytest.param("hubspot", 409, "no-adapter", id="without an adapter"),
        pytest.param("jitsi", 409, "no-connection-needed", id="without accounts"),
    ],
)
async def test_what_cannot_be_connected_says_so(
    client: httpx.AsyncClient, company: Bootstrapped, provider: str, status: int, code: str
) -> None:
    answer = await connect(client, bearer(company.token), provider=provider)
    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)


async def test_an_admin_sees_and_ends_a_colleagues_connection(
    client: httpx.AsyncClient, company: Bootstrapped, member: tuple[UUID, dict[str, str]]
) -> None:
    user_id, headers = member
    made = (await connect(client, headers)).json()
    admin = bearer(company.token)
    listed = await client.get(CALENDARS, params={"userId": str(user_id)}, headers=admin)
    assert listed.json()["connections"] == [made]
    assert (await client.get(CALENDARS, headers=admin)).json()["total"] == 0
    assert (await client.delete(f"/connections/{made['id']}", headers=admin)).status_code == 204


async def test_a_member_manages_only_their_own(
    client: httpx.AsyncClient, company: Bootstrapped, member: tuple[UUID, dict[str, str]]
) -> None:
    _, headers = member
    admins = (await connect(client, bearer(company.token))).json()
    assert (await client.get("/connections", headers=headers)).json() == []
    assert (await client.get(CALENDARS, params={"userId": str(company.user_id)}, headers=headers)).status_code == 403
    assert (await connect(client, headers, userId=str(company.user_id))).status_code == 403
    assert (await connect(client, headers, userId=None)).status_code == 403
    assert (await client.delete(f"/connections/{admins['id']}", headers=headers)).status_code == 404


async def test_another_companys_connection_looks_like_an_unknown_one(
    client: httpx.AsyncClient, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    foreign = (await connect(client, bearer(other.token))).json()["id"]
    headers = bearer(company.token)
    statuses = [
        (await client.delete(f"/connections/{some}", headers=headers)).status_code for some in (foreign, uuid4())
    ]
    assert statuses == [404, 404]
