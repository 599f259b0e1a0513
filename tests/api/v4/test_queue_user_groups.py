"""Groups of a queue over HTTP (meetergo-v4-api.md 2.8, 4.5); who may is in test_queues.py."""

from typing import Any
from uuid import UUID, uuid4

import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host
from slotkeeper.db.pool import Connection

from .conftest import Api

GROUPS = "/v4/queue-user-group"


@pytest.fixture
async def colleague(connection: Connection, company: Bootstrapped) -> str:
    return str(await add_host(connection, company.company_id, email="c@example.com", timezone="Europe/Berlin"))


@pytest.fixture
async def queue_id(api: Api) -> str:
    answer = await api.client.patch(f"/v4/queue/meeting-type/{api.company.meeting_type_id}", json={})
    return str(answer.json()["id"])


async def created(api: Api, queue_id: str, name: str = "Team") -> Any:
    answer = await api.client.post(GROUPS, json={"queueId": queue_id, "name": name})
    assert answer.status_code == 201
    return answer.json()


async def edited(api: Api, group: Any, **edit: Any) -> Any:
    answer = await api.client.patch(f"{GROUPS}/{group['id']}", json=edit)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_a_new_group_is_empty_and_is_shown_in_its_queue(api: Api, queue_id: str) -> None:
    group = await created(api, queue_id)
    assert {name: value for name, value in group.items() if name not in ("id", "createdAt", "updatedAt")} == {
        "name": "Team",
        "capacity": 1,
        "users": [],
        "userIds": [],
        "queueId": queue_id,
        "mainGroupHost": None,
        "mainGroupHostId": None,
        "deletedAt": None,
    }
    assert (await api.client.get(f"{GROUPS}/{group['id']}")).json() == group
    assert (await api.client.get(f"/v4/queue/{queue_id}")).json()["userGroups"] == [group]
    assert (await api.client.get(GROUPS)).json() == [group]


async def test_users_are_assigned_and_deassigned_one_leads_and_what_is_left_out_stays(
    api: Api, company: Bootstrapped, queue_id: str, colleague: str
) -> None:
    me = str(company.user_id)
    group = await created(api, queue_id)
    await edited(api, group, userId=me)
    pair = await edited(api, group, userId=colleague, mainGroupHostId=colleague, capacity=2, name="Two")
    assert (pair["userIds"], pair["mainGroupHostId"], pair["capacity"]) == ([me, colleague], colleague, 2)
    assert pair["mainGroupHost"] == pair["users"][1]
    renamed = await edited(api, group, name="Pair")
    assert {**renamed, "updatedAt": ""} == {**pair, "name": "Pair", "updatedAt": ""}
    assert (await edited(api, group, mainGroupHostId=None))["mainGroupHost"] is None
    await edited(api, group, mainGroupHostId=colleague)
    alone = await edited(api, group, userId=colleague)
    assert (alone["userIds"], alone["mainGroupHostId"]) == ([me], None)


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        pytest.param({"capacity": 0}, "capacity", id="nobody would take part"),
        pytest.param({"capacity": 1.5}, "capacity", id="half a host"),
        pytest.param({"userId": str(uuid4())}, "userId", id="nobody of this company"),
        pytest.param({"mainGroupHostId": str(uuid4())}, "mainGroupHostId", id="a main host from outside"),
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"name": "x" * 201}, "name", id="a long name"),
    ],
)
async def test_a_wrong_edit_is_400_with_the_field_named_and_nothing_is_written(
    api: Api, queue_id: str, edit: dict[str, Any], field: str
) -> None:
    group = await created(api, queue_id)
    answer = await api.client.patch(f"{GROUPS}/{group['id']}", json={"name": "Never written", **edit})
    assert answer.status_code == 400
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert (await api.client.get(f"{GROUPS}/{group['id']}")).json() == group


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param({"name": "Team"}, 400, id="no queue"),
        pytest.param({"queueId": "1", "name": "Team"}, 400, id="no queue's id"),
        pytest.param({"queueId": str(uuid4()), "name": "Team"}, 404, id="an unknown queue"),
    ],
)
async def test_a_group_needs_a_queue(api: Api, body: dict[str, str], status: int) -> None:
    assert (await api.client.post(GROUPS, json=body)).status_code == status


async def test_a_deleted_group_is_unknown_and_takes_no_more_turns(
    api: Api, company: Bootstrapped, queue_id: str
) -> None:
    group = await created(api, queue_id)
    await edited(api, group, userId=str(company.user_id))
    assert len((await api.client.get(f"/v4/queue/{queue_id}/next")).json()["nextHosts"]) == 1
    deleted = await api.client.delete(f"{GROUPS}/{group['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert (await api.client.get(f"{GROUPS}/{group['id']}")).status_code == 404
    assert (await api.client.get(f"/v4/queue/{queue_id}/next")).json() == {"nextHosts": []}


async def test_the_groups_of_a_deleted_queue_are_unknown(api: Api, queue_id: str) -> None:
    group = await created(api, queue_id)
    await api.client.delete(f"/v4/queue/{queue_id}")
    assert (await api.client.get(f"{GROUPS}/{group['id']}")).status_code == 404
    assert (await api.client.get(GROUPS)).json() == []


async def test_a_51st_group_is_406(api: Api, queue_id: str) -> None:
    statuses = [
        (await api.client.post(GROUPS, json={"queueId": queue_id, "name": "Team"})).status_code for _ in range(51)
    ]
    assert statuses == [201] * 50 + [406]


async def test_groups_are_listed_by_queue(api: Api, connection: Connection, queue_id: str) -> None:
    group = await created(api, queue_id)
    assert (await api.client.get(GROUPS, params={"queueId": queue_id})).json() == [group]
    answer = await api.client.get(GROUPS, params={"queueId": str(UUID(int=1))})
    assert answer.status_code == 404
