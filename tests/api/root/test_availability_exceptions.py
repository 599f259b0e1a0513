from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, bootstrap
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault

from ..conftest import bearer
from .test_availability import admin, colleague

__all__ = ["admin", "colleague"]  # fixtures

CHRISTMAS_EVE = {"start": "2026-12-24T08:00:00+01:00", "end": "2026-12-24T18:00:00+01:00"}
MEMBERS = {
    "id",
    "ownerId",
    "ownerType",
    "available",
    "start",
    "end",
    "title",
    "note",
    "createdAt",
    "deletedAt",
}


@pytest.fixture(params=["/availability-exception", "/v4/availability-exception"])
def path(request: pytest.FixtureRequest) -> Any:
    return request.param


async def made(client: httpx.AsyncClient, headers: dict[str, str] | None = None, **members: Any) -> Any:
    body = {**CHRISTMAS_EVE, **members}
    answer = await client.post("/availability-exception", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def ids(client: httpx.AsyncClient, headers: dict[str, str] | None = None, **query: str) -> list[int]:
    answer = await client.get("/availability-exception", params=query, headers=headers)
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()]


async def test_an_exception_is_created_listed_changed_and_deleted(
    admin: httpx.AsyncClient, company: Bootstrapped, path: str
) -> None:
    created = await admin.post(path, json={**CHRISTMAS_EVE, "title": "Christmas Eve"})
    assert created.status_code == 201, created.text
    day = created.json()
    assert set(day) == MEMBERS
    assert isinstance(day["id"], int)
    assert (day["ownerId"], day["ownerType"], day["available"]) == (str(company.user_id), "user", False)
    assert (day["start"], day["end"]) == ("2026-12-24T07:00:00Z", "2026-12-24T17:00:00Z")
    assert (await admin.get(path)).json() == [day]
    assert (await admin.get("/v4/availability")).json()[0]["availabilityExceptions"] == [day]

    one = f"{path}/{day['id']}"
    changed = await admin.patch(one, json={"end": "2026-12-25T00:00:00Z", "note": "closed", "title": None})
    assert changed.status_code == 200, changed.text
    assert changed.json() == {**day, "end": "2026-12-25T00:00:00Z", "note": "closed", "title": None}

    gone = await admin.delete(one)
    assert (gone.status_code, gone.content) == (204, b"")
    assert (await admin.get(path)).json() == []
    assert (await admin.get("/availability")).json()[0]["availabilityExceptions"] == []
    assert [(await admin.request(method, one, json={})).status_code for method in ("PATCH", "DELETE")] == [404, 404]


async def test_a_companys_exception_is_seen_by_everybody_and_changed_by_admins(
    admin: httpx.AsyncClient, company: Bootstrapped, colleague: tuple[UUID, dict[str, str]], path: str
) -> None:
    _, headers = colleague
    day = await made(admin, ownerType="company")
    assert (day["ownerId"], day["ownerType"]) == (str(company.company_id), "company")
    assert (await admin.get("/availability", headers=headers)).json()[0]["availabilityExceptions"] == [day]

    one = f"{path}/{day['id']}"
    refused = [
        await admin.post(path, json={**CHRISTMAS_EVE, "ownerType": "company"}, headers=headers),
        await admin.patch(one, json={"title": "mine"}, headers=headers),
        await admin.delete(one, headers=headers),
    ]
    assert [answer.status_code for answer in refused] == [403] * 3
    assert await ids(admin, headers) == [day["id"]]
    assert (await admin.patch(one, json={"available": True})).json()["available"] is True
    assert (await admin.delete(one)).status_code == 204


async def test_a_colleagues_exception_is_an_admins_to_change_and_unknown_to_others(
    admin: httpx.AsyncClient,
    connection: Connection,
    vault: Vault,
    company: Bootstrapped,
    colleague: tuple[UUID, dict[str, str]],
    path: str,
) -> None:
    user_id, headers = colleague
    theirs = await made(admin, ownerId=str(user_id))
    mine = await made(admin)
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    for asking, unseen in ((headers, mine["id"]), (bearer(other.token), mine["id"]), (headers, 2**50)):
        for method in ("PATCH", "DELETE"):
            answer = await admin.request(method, f"{path}/{unseen}", json={"title": "mine now"}, headers=asking)
            assert (answer.status_code, answer.json()["detail"]) == (404, "availability exception not found")
    assert (
        await admin.post(path, json={**CHRISTMAS_EVE, "ownerId": str(company.user_id)}, headers=headers)
    ).status_code == 403
    assert (await admin.get(path, params={"ownerId": str(company.user_id)}, headers=headers)).status_code == 403
    assert (await admin.get(path, params={"ownerId": str(uuid4())}, headers=headers)).status_code == 403

    assert await ids(admin, headers) == [theirs["id"]]
    assert (await admin.patch(f"{path}/{theirs['id']}", json={"title": "Off"})).status_code == 200
    assert (await admin.patch(f"{path}/{theirs['id']}", json={"title": "Off!"}, headers=headers)).status_code == 200


@pytest.mark.parametrize(
    ("query", "found"),
    [
        pytest.param({}, ["company", "day", "next"], id="none: one's own and the company's"),
        pytest.param({"ownerType": "company"}, ["company"], id="the company's"),
        pytest.param({"ownerType": "user"}, ["day", "next"], id="one's own"),
        pytest.param({"ownerId": "me"}, ["day", "next"], id="one's own by id"),
        pytest.param({"ownerId": "ours"}, ["company"], id="the company's by id"),
        pytest.param({"ownerId": "colleague"}, ["theirs"], id="a colleague's, for an admin"),
        pytest.param({"ownerId": "nobody"}, [], id="nobody's, for an admin"),
        pytest.param({"start": "2026-12-25T00:00:00Z"}, ["next"], id="that have not ended at start"),
        pytest.param({"end": "2026-12-24T07:00:00Z"}, ["company"], id="that begin before end"),
        pytest.param(
            {"start": "2026-12-24T07:00:00Z", "end": "2026-12-26T00:00:00Z"}, ["day", "next"], id="that overlap both"
        ),
        pytest.param({"start": "2026-12-24T17:00:00Z", "end": "2026-12-25T08:00:00Z"}, [], id="that only touch"),
    ],
)
async def test_exceptions_are_found_by_owner_and_time(
    admin: httpx.AsyncClient,
    company: Bootstrapped,
    colleague: tuple[UUID, dict[str, str]],
    query: dict[str, str],
    found: list[str],
) -> None:
    day_before: dict[str, Any] = {"start": "2026-12-23T00:00:00Z", "end": "2026-12-24T00:00:00Z"}
    names = {
        (await made(admin, ownerId=str(colleague[0])))["id"]: "theirs",
        (await made(admin))["id"]: "day",
        (await made(admin, start="2026-12-25T08:00:00Z", end="2026-12-25T09:00:00Z"))["id"]: "next",
        (await made(admin, ownerType="company", **day_before))["id"]: "company",
    }
    owners = {"me": company.user_id, "ours": company.company_id, "colleague": colleague[0], "nobody": uuid4()}
    asked = {name: str(owners.get(value, value)) for name, value in query.items()}
    assert [names[one] for one in await ids(admin, None, **asked)] == found


@pytest.mark.parametrize(
    ("members", "field"),
    [
        pytest.param({"start": None}, "start", id="no start"),
        pytest.param({"end": "2026-12-24T08:00:00+01:00"}, "end", id="an end that is the start"),
        pytest.param({"end": "2026-12-23T08:00:00+01:00"}, "end", id="an end before the start"),
        pytest.param({"start": "2026-12-24T08:00:00"}, "start", id="a time without a zone"),
        pytest.param({"start": "1999-12-24T08:00:00Z"}, "start", id="last century"),
        pytest.param({"end": "2026-12-24T18:00:00.5Z"}, "end", id="half a second"),
        pytest.param({"ownerType": "team"}, "ownerType", id="an unknown kind of owner"),
        pytest.param({"ownerId": str(uuid4())}, "ownerId", id="an unknown owner"),
        pytest.param({"ownerType": "company", "ownerId": str(uuid4())}, "ownerId", id="another company"),
        pytest.param({"available": 1}, "available", id="a number for a boolean"),
        pytest.param({"title": "x" * 201}, "title", id="a long title"),
        pytest.param({"note": "x" * 2001}, "note", id="a long note"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_is_written(
    admin: httpx.AsyncClient, path: str, members: dict[str, Any], field: str
) -> None:
    answer = await admin.post(path, json={**CHRISTMAS_EVE, **members})
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]
    assert await ids(admin) == []


async def test_a_change_that_would_end_before_it_starts_is_refused(admin: httpx.AsyncClient, path: str) -> None:
    day = await made(admin)
    answer = await admin.patch(f"{path}/{day['id']}", json={"start": "2027-01-01T00:00:00Z"})
    assert answer.json()["message"] == ["end must be after start"]
    assert (await admin.get(path)).json() == [day]


@pytest.mark.parametrize("one", ["x", "0", "-1", "1.5", "9007199254740992", "99999999999999999999"])
async def test_an_id_that_is_none_is_named(admin: httpx.AsyncClient, path: str, one: str) -> None:
    for method in ("PATCH", "DELETE"):
        answer = await admin.request(method, f"{path}/{one}", json={})
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, "id")
