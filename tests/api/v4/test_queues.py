"""Queues and their groups over HTTP: shapes, who may, and what is refused (meetergo-v4-api.md 2.8, 4.5)."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.add_meeting_type import add_meeting_type
from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault

from ...appointments.turn_desk import TurnDesk
from ..conftest import bearer
from .conftest import Api


@pytest.fixture
def of_type(company: Bootstrapped) -> str:
    return f"/v4/queue/meeting-type/{company.meeting_type_id}"


@pytest.fixture
async def colleague(connection: Connection, company: Bootstrapped) -> UUID:
    return await add_host(
        connection, company.company_id, email="c@example.com", name="Col League", timezone="Europe/Berlin"
    )


async def token_of(connection: Connection, company: Bootstrapped, user_id: UUID, **given: Any) -> dict[str, str]:
    return bearer(await new_personal_token(connection, company.company_id, user_id, name="test", **given))


async def edited(api: Api, of_type: str, **edit: Any) -> Any:
    answer = await api.client.patch(of_type, json=edit)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_the_first_edit_creates_the_meeting_types_queue_and_later_ones_change_it(
    api: Api, company: Bootstrapped, of_type: str, colleague: UUID
) -> None:
    queue = await edited(api, of_type, userId=str(colleague))
    shown = {name: value for name, value in queue.items() if name not in ("id", "createdAt", "updatedAt")}
    summary = {"id": str(colleague), "givenName": "Col", "familyName": "League", "userType": "standard"}
    assert shown == {
        "name": "30-minute meeting",
        "companyId": str(company.company_id),
        "workspaceId": None,
        "type": "simpleRoundRobin",
        "maxLeadThreshold": None,
        "distributionPeriod": "month",
        "prioritizeNearTermAvailability": False,
        "users": [{**summary, "slug": queue["users"][0]["slug"], "picture": None}],
        "userIds": [str(colleague)],
        "userCapacities": [{"userId": str(colleague), "capacity": 1}],
        "userPriorities": [{"userId": str(colleague), "priority": 0}],
        "userCustomLinks": [],
        "userGroups": [],
        "meetingTypeIds": [str(company.meeting_type_id)],
        "deletedAt": None,
    }
    meeting_type = (await api.client.get(f"/v4/meeting-type/{company.meeting_type_id}")).json()
    assert meeting_type["queueId"] == queue["id"]

    changed = await edited(api, of_type, type="equalDistribution", maxLeadThreshold=2, distributionPeriod="week")
    assert (changed["id"], changed["userIds"]) == (queue["id"], queue["userIds"])
    assert (changed["type"], changed["maxLeadThreshold"], changed["distributionPeriod"]) == (
        "equalDistribution",
        2,
        "week",
    )


@pytest.mark.parametrize(
    ("edit", "shown"),
    [
        pytest.param({"type": "advancedRoundRobin"}, {"type": "advancedRoundRobin"}, id="type"),
        pytest.param({"maxLeadThreshold": 3}, {"maxLeadThreshold": 3}, id="threshold"),
        pytest.param({"maxLeadThreshold": None}, {"maxLeadThreshold": None}, id="no threshold"),
        pytest.param({"distributionPeriod": "day"}, {"distributionPeriod": "day"}, id="period"),
        pytest.param(
            {"prioritizeNearTermAvailability": True}, {"prioritizeNearTermAvailability": True}, id="near times"
        ),
        pytest.param({"name": "Sales"}, {"name": "Sales"}, id="name"),
        pytest.param({}, {"maxLeadThreshold": 2, "type": "equalDistribution"}, id="nothing: all stays"),
        pytest.param({"type": None, "distributionPeriod": None}, {"type": "equalDistribution"}, id="null: all stays"),
        pytest.param({"madeUp": 1}, {"type": "equalDistribution"}, id="unknown members are ignored"),
    ],
)
async def test_a_setting_is_changed_by_its_name(
    api: Api, of_type: str, edit: dict[str, Any], shown: dict[str, Any]
) -> None:
    await edited(api, of_type, type="equalDistribution", maxLeadThreshold=2)
    changed = await edited(api, of_type, **edit)
    assert {name: changed[name] for name in shown} == shown
    assert (await api.client.get(f"/v4/queue/{changed['id']}")).json() == changed


async def test_a_user_is_assigned_and_deassigned_and_keeps_capacity_stars_and_link_meanwhile(
    api: Api, company: Bootstrapped, of_type: str, colleague: UUID
) -> None:
    me, other = str(company.user_id), str(colleague)
    await edited(api, of_type, userId=me)
    await edited(
        api,
        of_type,
        userId=other,
        userCapacities=[{"userId": other, "capacity": 2}],
        userPriorities=[{"userId": other, "priority": 3}],
        userCustomLinks=[{"userId": other, "link": "https://meet.example.com/c"}],
    )
    queue = await edited(api, of_type, userId=me)
    assert queue["userCapacities"] == [{"userId": other, "capacity": 2}]
    assert queue["userPriorities"] == [{"userId": other, "priority": 3}]
    assert queue["userCustomLinks"] == [{"userId": other, "link": "https://meet.example.com/c"}]
    assert (await edited(api, of_type, userId=me))["userIds"] == [other, me]


async def test_older_clients_give_users_with_weights(
    api: Api, company: Bootstrapped, of_type: str, colleague: UUID
) -> None:
    users = [{"userId": str(colleague), "weight": 2}, {"userId": str(company.user_id), "weight": 1}]
    queue = await edited(api, of_type, users=users)
    assert [(c["userId"], c["capacity"]) for c in queue["userCapacities"]] == [
        (str(colleague), 2),
        (str(company.user_id), 1),
    ]
    assert (await edited(api, of_type, users=users[1:]))["userIds"] == [str(company.user_id)]


@pytest.mark.parametrize(
    ("edit", "field"),
    [
        pytest.param({"type": "roundRobin"}, "type", id="unknown type"),
        pytest.param({"maxLeadThreshold": 0}, "maxLeadThreshold", id="threshold of nothing"),
        pytest.param({"maxLeadThreshold": 2**40}, "maxLeadThreshold", id="huge threshold"),
        pytest.param({"distributionPeriod": "year"}, "distributionPeriod", id="unknown period"),
        pytest.param({"userId": "me"}, "userId", id="no id"),
        pytest.param({"userId": str(uuid4())}, "userId", id="nobody of this company"),
        pytest.param({"users": [{"userId": str(uuid4())}]}, "users[0].userId", id="nobody among users"),
        pytest.param({"users": [{"weight": 1}]}, "users[0].userId", id="a weight of nobody"),
        pytest.param(
            {"userCapacities": [{"userId": str(uuid4()), "capacity": 1}]}, "userCapacities[0].userId", id="no member"
        ),
        pytest.param(
            {"userCapacities": [{"userId": str(uuid4()), "capacity": 0}]}, "userCapacities[0].capacity", id="no place"
        ),
        pytest.param(
            {"userPriorities": [{"userId": str(uuid4()), "priority": 4}]}, "userPriorities[0].priority", id="4 stars"
        ),
        pytest.param(
            {"userCustomLinks": [{"userId": str(uuid4()), "link": "javascript:alert(1)"}]},
            "userCustomLinks[0].link",
            id="not a web address",
        ),
        pytest.param({"prioritizeNearTermAvailability": "yes"}, "prioritizeNearTermAvailability", id="no boolean"),
        pytest.param({"name": ""}, "name", id="no name"),
        pytest.param({"userCapacities": [{}] * 101}, "userCapacities", id="too many"),
    ],
)
async def test_a_wrong_edit_is_400_with_the_field_named_and_nothing_is_written(
    api: Api, of_type: str, edit: dict[str, Any], field: str
) -> None:
    answer = await api.client.patch(of_type, json={"name": "Never written", **edit})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"].startswith(field)
    assert (await api.client.get("/v4/queue")).json() == []


async def test_two_first_edits_at_once_make_one_queue_with_both_users(
    api: Api, company: Bootstrapped, of_type: str, colleague: UUID
) -> None:
    await asyncio.gather(*(edited(api, of_type, userId=str(user)) for user in (company.user_id, colleague)))
    [queue] = (await api.client.get("/v4/queue")).json()
    assert set(queue["userIds"]) == {str(company.user_id), str(colleague)}


async def test_a_workspace_lists_its_queues(api: Api, of_type: str) -> None:
    workspace = str(uuid4())
    queue = await edited(api, of_type, workspaceId=workspace)
    assert (await api.client.get(f"/v4/queue/workspace/{workspace}")).json() == [queue]
    assert (await api.client.get(f"/v4/queue/workspace/{uuid4()}")).json() == []


async def test_next_names_the_hosts_in_the_order_of_their_turns(
    api: Api, pool: "AsyncConnectionPool[Connection]", company: Bootstrapped, of_type: str, colleague: UUID
) -> None:
    await edited(api, of_type, userId=str(company.user_id))
    queue = await edited(api, of_type, userId=str(colleague))
    path = f"/v4/queue/{queue['id']}/next"
    assert (await api.client.get(path)).json() == {"nextHosts": queue["users"]}
    await TurnDesk(pool, company).take()
    assert (await api.client.get(path)).json() == {"nextHosts": queue["users"][::-1]}


async def test_an_appointment_shows_the_turn_that_it_took(
    api: Api, pool: "AsyncConnectionPool[Connection]", company: Bootstrapped, of_type: str
) -> None:
    queue = await edited(api, of_type, userId=str(company.user_id))
    appointment_id = await TurnDesk(pool, company).take()
    [entry] = (await api.client.get(f"/v4/appointment/{appointment_id}")).json()["roundRobinEntries"]
    assert isinstance(entry["id"], int)
    assert {name: value for name, value in entry.items() if name not in ("id", "createdAt")} == {
        "userId": str(company.user_id),
        "groupId": None,
        "appointmentId": str(appointment_id),
        "queueId": queue["id"],
        "selectionReason": "onlyAvailable",
    }


async def test_deleting_a_queue_leaves_the_meeting_type_to_its_owner(
    api: Api, company: Bootstrapped, of_type: str
) -> None:
    queue = await edited(api, of_type, userId=str(company.user_id))
    deleted = await api.client.delete(f"/v4/queue/{queue['id']}")
    assert (deleted.status_code, deleted.content) == (204, b"")
    assert (await api.client.get(f"/v4/meeting-type/{company.meeting_type_id}")).json()["queueId"] is None
    for path in ("", "/next"):
        assert (await api.client.get(f"/v4/queue/{queue['id']}{path}")).status_code == 404
    assert (await edited(api, of_type))["id"] != queue["id"]


class Callers:
    def __init__(self, **headers: dict[str, str]) -> None:
        self.headers = headers


@pytest.fixture
async def callers(connection: Connection, company: Bootstrapped, vault: Vault, colleague: UUID) -> Callers:
    owner = await add_host(connection, company.company_id, email="owner@example.com", timezone="UTC")
    stranger = await add_host(connection, company.company_id, email="stranger@example.com", timezone="UTC")
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    owned = "UPDATE meeting_types SET user_id = %s WHERE company_id = %s"
    await connection.execute(owned, (owner, company.company_id))
    return Callers(
        admin=bearer(company.token),
        owner=await token_of(connection, company, owner),
        member=await token_of(connection, company, colleague),
        stranger=await token_of(connection, company, stranger),
        other_company=bearer(other.token),
        narrow=await token_of(connection, company, company.user_id, scopes=["crm"]),
        nobody={"authorization": "Bearer rgo-unknown"},
    )


READS = {"admin": 200, "owner": 200, "member": 200, "stranger": 404, "other_company": 404, "narrow": 403, "nobody": 401}
EDITS = {**READS, "member": 403}
ROUTES = [
    pytest.param("GET", "/v4/queue/{queue}", None, READS, id="read a queue"),
    pytest.param("GET", "/v4/queue/{queue}/next", None, READS, id="read who is next"),
    pytest.param("DELETE", "/v4/queue/{queue}", None, EDITS, id="delete a queue"),
    pytest.param(
        "PATCH", "/v4/queue/meeting-type/{type}", {}, {**EDITS, "stranger": 403}, id="edit a meeting type's queue"
    ),
    pytest.param("GET", "/v4/queue-user-group?queueId={queue}", None, READS, id="list groups"),
    pytest.param("GET", "/v4/queue-user-group/{group}", None, READS, id="read a group"),
    pytest.param("POST", "/v4/queue-user-group", {"queueId": "{queue}", "name": "Mine"}, EDITS, id="create a group"),
    pytest.param("PATCH", "/v4/queue-user-group/{group}", {"name": "Mine"}, EDITS, id="edit a group"),
    pytest.param("DELETE", "/v4/queue-user-group/{group}", None, EDITS, id="delete a group"),
]


@pytest.mark.parametrize(("method", "path", "body", "statuses"), ROUTES)
@pytest.mark.parametrize("caller", list(READS))
async def test_admins_and_owners_edit_members_read_and_to_others_it_is_unknown(
    api: Api,
    company: Bootstrapped,
    of_type: str,
    colleague: UUID,
    callers: Callers,
    method: str,
    path: str,
    body: dict[str, str] | None,
    statuses: dict[str, int],
    caller: str,
) -> None:
    queue = await edited(api, of_type, userId=str(colleague))
    group = (await api.client.post("/v4/queue-user-group", json={"queueId": queue["id"], "name": "Team"})).json()
    ids = {"queue": queue["id"], "group": group["id"], "type": str(company.meeting_type_id)}
    content = body and {name: value.format(**ids) for name, value in body.items()}
    answer = await api.client.request(method, path.format(**ids), json=content, headers=callers.headers[caller])
    done = {"DELETE": 204, "POST": 201}.get(method, 200)
    assert answer.status_code == (done if statuses[caller] == 200 else statuses[caller])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v4/queue/{id}"),
        ("GET", "/v4/queue/{id}/next"),
        ("DELETE", "/v4/queue/{id}"),
        ("PATCH", "/v4/queue/meeting-type/{id}"),
        ("GET", "/v4/queue-user-group/{id}"),
        ("PATCH", "/v4/queue-user-group/{id}"),
        ("DELETE", "/v4/queue-user-group/{id}"),
    ],
)
async def test_an_unknown_id_is_404_and_a_malformed_one_400(api: Api, method: str, path: str) -> None:
    for some_id, status in ((str(uuid4()), 404), ("1", 400)):
        body: dict[str, str] | None = {} if method == "PATCH" else None
        answer = await api.client.request(method, path.format(id=some_id), json=body)
        assert answer.status_code == status


async def test_lists_show_what_the_caller_may_see(
    api: Api, connection: Connection, company: Bootstrapped, of_type: str, colleague: UUID, callers: Callers
) -> None:
    other_type = await add_meeting_type(connection, company.company_id, company.user_id)
    first = await edited(api, of_type, userId=str(colleague))
    second = await edited(api, f"/v4/queue/meeting-type/{other_type}")
    seen = {}
    for name in ("admin", "owner", "member", "stranger", "other_company"):
        listed = (await api.client.get("/v4/queue", headers=callers.headers[name])).json()
        seen[name] = [queue["id"] for queue in listed]
    assert seen == {
        "admin": [first["id"], second["id"]],
        "owner": [first["id"]],
        "member": [first["id"]],
        "stranger": [],
        "other_company": [],
    }


async def test_a_host_who_is_only_in_a_group_sees_the_queue(
    api: Api, of_type: str, colleague: UUID, callers: Callers
) -> None:
    queue = await edited(api, of_type)
    member = callers.headers["member"]
    assert (await api.client.get(f"/v4/queue/{queue['id']}", headers=member)).status_code == 404
    group = (await api.client.post("/v4/queue-user-group", json={"queueId": queue["id"], "name": "Team"})).json()
    await api.client.patch(f"/v4/queue-user-group/{group['id']}", json={"userId": str(colleague)})
    assert (await api.client.get(f"/v4/queue/{queue['id']}", headers=member)).status_code == 200


async def test_an_edit_that_names_another_companys_user_looks_like_one_that_names_nobody(
    api: Api, connection: Connection, vault: Vault, of_type: str
) -> None:
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    queue = await edited(api, of_type)
    group = (await api.client.post("/v4/queue-user-group", json={"queueId": queue["id"], "name": "Team"})).json()
    for path in (of_type, f"/v4/queue-user-group/{group['id']}"):
        answers = [await api.client.patch(path, json={"userId": str(some)}) for some in (other.user_id, uuid4())]
        assert [answer.status_code for answer in answers] == [400, 400]
        assert answers[0].json()["errors"] == answers[1].json()["errors"]
