"""Who sees and who changes which meeting types."""

from uuid import uuid4

import pytest

from slotkeeper.accounts.bootstrap import bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from tests.api.conftest import bearer
from tests.api.v4.conftest import Api
from tests.api.v4.meeting_type_requests import INTRO, PATH, create, patch
from tests.support.desk import Desk


@pytest.fixture
async def colleague(desk: Desk, connection: Connection) -> dict[str, str]:
    """The headers of a user of the company who is no admin."""
    user_id = await desk.add_host()
    return bearer(await new_personal_token(connection, desk.company.company_id, user_id, name="colleague"))


async def test_a_colleague_sees_a_type_and_changes_nothing_of_it(api: Api, colleague: dict[str, str]) -> None:
    created = await create(api)
    one = f"{PATH}/{created['id']}"
    assert (await api.client.get(one, headers=colleague)).json()["id"] == created["id"]
    assert (await api.client.get(PATH, headers=colleague)).json() == []
    refused = [
        await api.client.patch(one, json={"spots": 2}, headers=colleague),
        await api.client.delete(one, headers=colleague),
        await api.client.get(PATH, params={"userId": str(api.company.user_id)}, headers=colleague),
        await api.client.post(PATH, json={**INTRO, "userId": str(api.company.user_id)}, headers=colleague),
    ]
    assert [(answer.status_code, answer.json()["errorCode"]) for answer in refused] == [(403, "forbidden")] * 4
    assert (await api.client.get(one)).json()["spots"] == 1


async def test_an_admin_manages_a_colleagues_types(api: Api, desk: Desk, colleague: dict[str, str]) -> None:
    mine = (await api.client.post(PATH, json=INTRO, headers=colleague)).json()
    user_id = mine["userId"]
    created = await create(api, userId=user_id)
    assert (created["userId"], created["createdById"]) == (user_id, str(api.company.user_id))
    listed = await api.client.get(PATH, params={"userId": user_id})
    assert [kind["id"] for kind in listed.json()] == [mine["id"], created["id"]]
    assert (await patch(api, mine["id"], enabled=False)).json()["enabled"] is False
    assert (await api.client.delete(f"{PATH}/{mine['id']}")).status_code == 204
    unknown = await api.client.post(PATH, json={**INTRO, "userId": str(uuid4())})
    assert (unknown.status_code, unknown.json()["errors"][0]["field"]) == (400, "userId")


async def test_another_companys_type_looks_like_an_unknown_one(api: Api, connection: Connection, vault: Vault) -> None:
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    answers = [
        (method, await api.client.request(method, f"{PATH}/{some}", json=body))
        for method, body in (("GET", None), ("PATCH", {"spots": 2}), ("DELETE", None))
        for some in (other.meeting_type_id, uuid4())
    ]
    shapes = [{**a.json(), "instance": "", "detail": "", "message": ""} for _, a in answers]
    assert [answer.status_code for _, answer in answers] == [404] * 6
    assert all(shape == shapes[0] for shape in shapes)
    theirs = await api.client.get(f"{PATH}/{other.meeting_type_id}", headers=bearer(other.token))
    assert theirs.json()["spots"] == 1
    named = await api.client.post(PATH, json={**INTRO, "userId": str(other.user_id)})
    assert named.json()["errors"] == [{"field": "userId", "message": "must name a user of this company"}]


async def test_a_token_without_the_group_scheduling_is_refused(api: Api, connection: Connection) -> None:
    token = await new_personal_token(
        connection, api.company.company_id, api.company.user_id, name="narrow", scopes=["crm"]
    )
    one = f"{PATH}/{api.company.meeting_type_id}"
    answers = [
        await api.client.request(method, path, headers=bearer(token), json={})
        for method, path in (("GET", PATH), ("POST", PATH), ("GET", one), ("PATCH", one), ("DELETE", one))
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
