from typing import Any
from uuid import uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from slotkeeper.settings import parse_networks

from ..conftest import Opened, bearer

NEW = {"endpoint": "http://127.0.0.1:9/hook", "eventTypes": ["booking_rescheduled"], "description": "mine"}


@pytest.fixture
async def client(opened: Opened) -> httpx.AsyncClient:
    return await opened(webhook_allow_networks=parse_networks("127.0.0.0/8"))


@pytest.fixture(params=["/webhooks", "/v4/webhooks"])
def path(request: pytest.FixtureRequest) -> Any:
    return request.param


async def test_an_admin_creates_sees_changes_and_deletes_an_endpoint(
    client: httpx.AsyncClient, company: Bootstrapped, path: str
) -> None:
    client.headers.update(bearer(company.token))
    created = await client.post(path, json=NEW)
    assert created.status_code == 201
    assert created.json()["secret"].startswith("whsec_")
    one = f"{path}/{created.json()['id']}"

    [listed] = (await client.get(path)).json()
    assert listed == {name: value for name, value in created.json().items() if name != "secret"}

    changed = await client.patch(one, json={"eventTypes": ["booking_created"]})
    assert (changed.status_code, changed.json()["eventTypes"]) == (200, ["booking_created"])
    assert changed.json()["description"] == "mine"

    deleted = await client.delete(one)
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert (await client.get(path)).json() == []
    assert (await client.delete(one)).status_code == 404


async def test_a_seventh_endpoint_is_406(client: httpx.AsyncClient, company: Bootstrapped) -> None:
    client.headers.update(bearer(company.token))
    statuses = [(await client.post("/webhooks", json=NEW)).status_code for _ in range(7)]
    assert statuses == [201] * 6 + [406]


async def test_a_private_address_is_refused_by_name(opened: Opened, company: Bootstrapped) -> None:
    strict = await opened()
    answer = await strict.post("/webhooks", json=NEW, headers=bearer(company.token))
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == ["endpoint"]


async def test_a_member_may_look_and_not_touch(
    client: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    member = await add_host(connection, company.company_id, email="m@example.com", timezone="UTC")
    token = await new_personal_token(connection, company.company_id, member, name="member")
    client.headers.update(bearer(token))
    one = f"/webhooks/{uuid4()}"
    assert (await client.get("/webhooks")).status_code == 200
    assert (await client.post("/webhooks", json=NEW)).status_code == 403
    assert (await client.patch(one, json={})).status_code == 403
    assert (await client.delete(one)).status_code == 403


async def test_a_token_without_the_group_account_sees_nothing(
    client: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    token = await new_personal_token(
        connection, company.company_id, company.user_id, name="narrow", scopes=["scheduling"]
    )
    assert (await client.get("/webhooks", headers=bearer(token))).status_code == 403


async def test_somebody_elses_endpoint_looks_like_an_unknown_one(
    client: httpx.AsyncClient, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    foreign = (await client.post("/webhooks", json=NEW, headers=bearer(other.token))).json()["id"]
    client.headers.update(bearer(company.token))
    answers = [await client.patch(f"/webhooks/{some}", json={"description": "x"}) for some in (foreign, uuid4())]
    assert [answer.status_code for answer in answers] == [404, 404]
    shapes = [{**answer.json(), "instance": "", "detail": "", "message": ""} for answer in answers]
    assert shapes[0] == shapes[1]


async def test_a_bad_id_is_named(client: httpx.AsyncClient, company: Bootstrapped) -> None:
    answer = await client.delete("/webhooks/1", headers=bearer(company.token))
    assert answer.status_code == 400
    assert answer.json()["message"] == ["id is not a valid UUID"]
