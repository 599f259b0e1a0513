import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault

from ..conftest import bearer

NINE_TO_FIVE = {"enabled": True, "hours": [{"start": "09:00", "end": "17:00"}]}
CLOSED: dict[str, Any] = {"enabled": False, "hours": []}
WEEKEND = ("saturday", "sunday")
WORKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")
OFFICE = {**dict.fromkeys(WORKDAYS, NINE_TO_FIVE), **dict.fromkeys(WEEKEND, CLOSED)}
MEMBERS = {
    "id",
    "name",
    "schedule",
    "timezone",
    "availabilityExceptions",
    "isDefault",
    "createdAt",
    "deletedAt",
    "useExplicitAvailability",
    "explicitAvailabilityEventTitle",
}


@pytest.fixture(params=["/availability", "/v4/availability"])
def path(request: pytest.FixtureRequest) -> Any:
    return request.param


@pytest.fixture
def admin(client: httpx.AsyncClient, company: Bootstrapped) -> httpx.AsyncClient:
    client.headers.update(bearer(company.token))
    return client


@pytest.fixture
async def colleague(connection: Connection, company: Bootstrapped) -> tuple[UUID, dict[str, str]]:
    """Who is no admin, and the headers of their requests."""
    user_id = await add_host(connection, company.company_id, email="c@example.com", timezone="Europe/Madrid")
    return user_id, bearer(await new_personal_token(connection, company.company_id, user_id, name="colleague"))


async def made(client: httpx.AsyncClient, **members: Any) -> Any:
    answer = await client.post("/availability", json={"name": "Evenings", **members})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def defaults(client: httpx.AsyncClient) -> list[str]:
    return [one["id"] for one in (await client.get("/availability")).json() if one["isDefault"]]


async def test_the_first_schedule_is_shown_whole_and_in_the_apis_shape(admin: httpx.AsyncClient, path: str) -> None:
    [first] = (await admin.get(path)).json()
    assert set(first) == MEMBERS
    assert (first["schedule"], first["timezone"], first["isDefault"]) == (OFFICE, "Europe/Berlin", True)
    assert (first["availabilityExceptions"], first["deletedAt"]) == ([], None)
    assert (await admin.get(f"{path}/{first['id']}")).json() == first


async def test_a_schedule_is_created_changed_member_by_member_and_deleted(admin: httpx.AsyncClient, path: str) -> None:
    body = {
        "name": "Evenings",
        "timezone": "America/New_York",
        "schedule": {"monday": {"enabled": True, "hours": [{"start": "18:00", "end": "24:00"}]}},
        "useExplicitAvailability": True,
        "explicitAvailabilityEventTitle": "Office hours",
    }
    created = await admin.post(path, json=body)
    assert created.status_code == 201, created.text
    evenings = {**dict.fromkeys((*WORKDAYS, *WEEKEND), CLOSED), **body["schedule"]}  # type: ignore[dict-item]
    assert {name: created.json()[name] for name in body} == {**body, "schedule": evenings}
    assert created.json()["isDefault"] is False

    one = f"{path}/{created.json()['id']}"
    weekly = {"useExplicitAvailability": False, "explicitAvailabilityEventTitle": None}
    changed = await admin.patch(one, json={"name": "Late", **weekly})
    assert changed.status_code == 200, changed.text
    expected = {**created.json(), "name": "Late", **weekly}
    assert changed.json() == expected == (await admin.get(one)).json()

    week = await admin.patch(one, json={"schedule": {"friday": NINE_TO_FIVE}, "timezone": "UTC"})
    assert week.json()["schedule"] == {**dict.fromkeys((*WORKDAYS, *WEEKEND), CLOSED), "friday": NINE_TO_FIVE}

    gone = await admin.delete(one)
    assert (gone.status_code, gone.content) == (204, b"")
    assert [(await admin.request(method, one, json={})).status_code for method in ("GET", "PATCH", "DELETE")] == [
        404
    ] * 3


async def test_a_schedule_without_hours_and_zone_is_in_the_companys_zone_and_open_on_no_day(
    admin: httpx.AsyncClient,
) -> None:
    bare = await made(admin)
    assert (bare["timezone"], set(map(str, bare["schedule"].values()))) == ("Europe/Berlin", {str(CLOSED)})


async def test_the_array_of_older_documents_is_taken_and_shown_as_an_object(
    admin: httpx.AsyncClient, path: str
) -> None:
    older = [{"dayOfWeek": day, "intervals": [{"from": "09:00", "to": "17:00"}]} for day in (1, 2, 3, 4, 5)]
    answer = await admin.post(path, json={"name": "Older", "schedule": older})
    assert answer.json()["schedule"] == OFFICE
    changed = await admin.patch(f"{path}/{answer.json()['id']}", json={"schedule": older[:1]})
    assert [day for day, hours in changed.json()["schedule"].items() if hours["enabled"]] == ["monday"]


@pytest.mark.parametrize(
    ("body", "fields"),
    [
        pytest.param({}, ["name"], id="no name"),
        pytest.param({"name": ""}, ["name"], id="an empty name"),
        pytest.param({"name": "x" * 201}, ["name"], id="a long name"),
        pytest.param({"name": "x", "timezone": "Mars/Olympus"}, ["timezone"], id="an unknown zone"),
        pytest.param({"name": "x", "timezone": "../etc/passwd"}, ["timezone"], id="a path for a zone"),
        pytest.param({"name": "x", "schedule": "mornings"}, ["schedule"], id="a text for a schedule"),
        pytest.param({"name": "x", "isDefault": "true"}, ["isDefault"], id="a text for a boolean"),
        pytest.param({"name": "x", "userId": str(uuid4())}, ["userId"], id="nobody's"),
        pytest.param(
            {"name": "x", "schedule": {"monday": {"hours": [{"start": "09:00", "end": "08:00"}]}}},
            ["schedule.monday.hours[0].end"],
            id="an end before its start",
        ),
        pytest.param(
            {"name": "x", "schedule": {"monday": {"hours": [{"start": "09:00"}]}}},
            ["schedule.monday.hours[0].end"],
            id="no end",
        ),
        pytest.param(
            {"name": "x", "schedule": [{"dayOfWeek": 8, "intervals": []}]},
            ["schedule[0].dayOfWeek"],
            id="an eighth day",
        ),
        pytest.param(
            {"name": "x", "schedule": {"monday": {"hours": [{"start": "09:00", "end": "09:10"}] * 51}}},
            ["schedule.monday.hours"],
            id="too many hours",
        ),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_written(
    admin: httpx.AsyncClient, path: str, body: dict[str, Any], fields: list[str]
) -> None:
    before = (await admin.get(path)).json()
    answer = await admin.post(path, json=body)
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == fields
    assert (await admin.get(path)).json() == before


async def test_a_wrong_change_is_named_and_nothing_is_written(admin: httpx.AsyncClient, path: str) -> None:
    [first] = (await admin.get(path)).json()
    body = {"name": "New", "schedule": {"monday": {"hours": [{"start": "9", "end": "17:00"}]}}}
    answer = await admin.patch(f"{path}/{first['id']}", json=body)
    assert answer.json()["message"] == [
        "schedule.monday.hours[0].start must be a time of the form HH:mm, at most 24:00",
    ]
    assert (await admin.get(path)).json() == [first]


async def test_the_default_is_taken_over_and_never_given_up(admin: httpx.AsyncClient, path: str) -> None:
    [first] = await defaults(admin)
    second = await made(admin, isDefault=True)
    assert await defaults(admin) == [second["id"]]

    assert (await admin.patch(f"{path}/{first}", json={"isDefault": True})).json()["isDefault"] is True
    assert await defaults(admin) == [first]

    refusals = (
        await admin.patch(f"{path}/{first}", json={"isDefault": False}),
        await admin.delete(f"{path}/{first}"),
    )
    assert [(answer.status_code, answer.json()["errorCode"]) for answer in refusals] == [
        (409, "availability-is-default")
    ] * 2
    assert (await admin.patch(f"{path}/{second['id']}", json={"isDefault": False})).status_code == 200
    assert await defaults(admin) == [first]


async def test_after_any_number_of_parallel_claims_there_is_one_default(admin: httpx.AsyncClient) -> None:
    ids = [(await made(admin))["id"] for _ in range(3)]
    claims = [admin.patch(f"/availability/{one}", json={"isDefault": True}) for one in ids * 2]
    creations = [admin.post("/availability", json={"name": "x", "isDefault": True}) for _ in range(2)]
    answers = await asyncio.gather(*claims, *creations)
    assert [answer.status_code for answer in answers] == [200] * 6 + [201] * 2
    assert len(await defaults(admin)) == 1


@pytest.mark.parametrize(
    "use",
    [
        pytest.param("availability_id = %(id)s", id="as its hours"),
        pytest.param(
            "meeting_options = jsonb_build_object('channelAvailabilities', jsonb_build_object('phone', %(id)s::uuid))",
            id="for one of its channels",
        ),
    ],
)
async def test_a_schedule_that_a_meeting_type_uses_cannot_be_deleted_until_the_type_is(
    admin: httpx.AsyncClient, connection: Connection, company: Bootstrapped, use: str
) -> None:
    one = (await made(admin))["id"]
    params = {"company_id": company.company_id, "id": one}
    await connection.execute(f"UPDATE meeting_types SET {use} WHERE company_id = %(company_id)s".encode(), params)
    refused = await admin.delete(f"/availability/{one}")
    assert (refused.status_code, refused.json()["errorCode"]) == (409, "availability-in-use")

    await connection.execute("UPDATE meeting_types SET deleted_at = now() WHERE company_id = %(company_id)s", params)
    assert (await admin.delete(f"/availability/{one}")).status_code == 204


async def test_an_admin_manages_a_colleagues_schedules_as_their_owner_sees_them(
    admin: httpx.AsyncClient, colleague: tuple[UUID, dict[str, str]], path: str
) -> None:
    user_id, headers = colleague
    created = await admin.post(path, json={"name": "For C", "userId": str(user_id), "timezone": "UTC"})
    assert created.status_code == 201, created.text
    one = f"{path}/{created.json()['id']}"
    await admin.patch(one, json={"name": "For the colleague"})
    names = [["Working hours", "For the colleague"]] * 2
    seen = await admin.get(path, params={"userId": str(user_id)}), await admin.get(path, headers=headers)
    assert [[listed["name"] for listed in answer.json()] for answer in seen] == names
    assert [listed["name"] for listed in (await admin.get(path)).json()] == ["Working hours"]
    assert (await admin.delete(one)).status_code == 204


async def test_a_colleagues_schedule_and_another_companys_answer_like_an_unknown_one(
    admin: httpx.AsyncClient,
    connection: Connection,
    vault: Vault,
    colleague: tuple[UUID, dict[str, str]],
    path: str,
) -> None:
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    [admins] = await defaults(admin)
    _, headers = colleague
    for asking, unseen in ((headers, admins), (bearer(other.token), admins), (headers, str(uuid4()))):
        for method, end in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("PATCH", "/holiday-exceptions")):
            body = {"year": 2026, "country": "DE"} if end else {"name": "Mine now"}
            answer = await admin.request(method, f"{path}/{unseen}{end}", json=body, headers=asking)
            assert answer.status_code == 404
            assert answer.json()["detail"] == f"availability {unseen} not found"
    assert [one["name"] for one in (await admin.get(path)).json()] == ["Working hours"]
