from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault

from ..conftest import bearer

NEW = {"email": "anna@example.com", "givenName": "Anna", "familyName": "Groß", "timezone": "Europe/Vienna"}
USER = {
    "id",
    "isAdmin",
    "isScimDisabled",
    "familyName",
    "givenName",
    "fullName",
    "title",
    "email",
    "picture",
    "slug",
    "timezone",
    "language",
    "companyId",
    "userType",
    "anonymousBooking",
    "anonymousCalendarActivity",
    "showGettingStartedList",
    "recieveEmailMarketing",
    "personalPage",
    "createdAt",
    "updatedAt",
    "deletedAt",
}


@pytest.fixture
def platform(client: httpx.AsyncClient, company: Bootstrapped) -> httpx.AsyncClient:
    """With the company's key, acting as its admin."""
    client.headers.update(bearer(company.api_key, company.user_id))
    return client


@pytest.fixture
async def member(connection: Connection, company: Bootstrapped) -> UUID:
    return await add_host(
        connection, company.company_id, email="member@example.com", timezone="Europe/Paris", name="Mia Member"
    )


async def created(client: httpx.AsyncClient, **members: Any) -> Any:
    answer = await client.post("/v4/user", json={**NEW, **members})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def of(connection: Connection, sql: str, user_id: object) -> list[Any]:
    return await (await connection.execute(sql.encode(), {"id": user_id})).fetchall()


async def test_the_caller_is_shown_with_the_companys_plan(platform: httpx.AsyncClient, company: Bootstrapped) -> None:
    me = (await platform.get("/v4/user/me")).json()
    assert set(me) == {*USER, "firstName", "lastName", "company"}
    assert (me["id"], me["companyId"], me["isAdmin"]) == (str(company.user_id), str(company.company_id), True)
    assert (me["email"], me["firstName"], me["timezone"]) == ("host@example.com", "host", "Europe/Berlin")
    assert me["company"] == {
        "id": str(company.company_id),
        "name": "Praxis Dr. Weiß",
        "tier": "enterprise",
        "effectiveTier": "enterprise",
        "isInTrial": False,
        "featureAccess": {"knowledgePageLimit": 0, "maxWorkflows": 0},
    }


async def test_a_platform_key_that_names_no_user_is_the_owner_where_the_api_says_so(
    client: httpx.AsyncClient, company: Bootstrapped, member: UUID
) -> None:
    client.headers.update(bearer(company.api_key))
    assert (await client.get("/v4/user/me")).json()["id"] == str(company.user_id)
    assert (await client.post("/v4/user", json=NEW)).status_code == 201
    elsewhere = [
        await client.get("/v4/user"),
        await client.patch(f"/v4/user/{member}", json={"title": "Dr."}),
        await client.delete(f"/v4/user/{member}"),
        await client.get("/v4/personal-page/me"),
        await client.get("/v4/availability"),
    ]
    assert [(answer.status_code, answer.json()["errorCode"]) for answer in elsewhere] == [(400, "missing-header")] * 5


async def test_users_are_listed_page_by_page_in_the_order_of_their_creation(
    platform: httpx.AsyncClient, company: Bootstrapped, member: UUID
) -> None:
    anna = await created(platform)
    page = (await platform.get("/v4/user")).json()
    assert [user["id"] for user in page["users"]] == [str(company.user_id), str(member), anna["userId"]]
    assert all(set(user) == USER for user in page["users"])
    assert {name: page[name] for name in page if name != "users"} == {"total": 3, "limit": 50, "offset": 0, "count": 3}

    second = (await platform.get("/v4/user", params={"limit": 2, "offset": 2})).json()
    assert ([user["id"] for user in second.pop("users")], second) == (
        [anna["userId"]],
        {"total": 3, "limit": 2, "offset": 2, "count": 1},
    )
    beyond = (await platform.get("/v4/user", params={"offset": 9})).json()
    assert (beyond["users"], beyond["total"], beyond["count"]) == ([], 3, 0)
    standard = (await platform.get("/v4/user", params={"userType": "standard"})).json()
    assert (standard["total"], standard["count"]) == (2, 2)


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 101}, {"offset": -1}, {"userType": "robot"}, {"limit": "x"}])
async def test_a_wrong_page_is_named(platform: httpx.AsyncClient, query: dict[str, Any]) -> None:
    answer = await platform.get("/v4/user", params=query)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (400, *query)


async def test_a_user_is_changed_member_by_member(platform: httpx.AsyncClient, member: UUID) -> None:
    changes: dict[str, Any] = {
        "givenName": "Maja",
        "familyName": "Müller",
        "title": "Dr.",
        "email": "maja@example.com",
        "picture": "https://example.com/m.png",
        "slug": "maja",
        "timezone": "UTC",
        "language": "fr",
        "isAdmin": True,
        "isScimDisabled": True,
        "userType": "resource",
        "anonymousBooking": True,
        "anonymousCalendarActivity": True,
        "showGettingStartedList": False,
        "recieveEmailMarketing": True,
    }
    before = (await platform.get("/v4/user")).json()["users"][1]
    for name, value in changes.items():
        answer = await platform.patch(f"/v4/user/{member}", json={name: value})
        assert answer.status_code == 200, answer.text
        before = {**before, name: value, "updatedAt": answer.json()["updatedAt"], "fullName": answer.json()["fullName"]}
        assert answer.json() == before
    assert before["fullName"] == "Maja Müller"
    assert (await platform.patch(f"/v4/user/{member}", json={"title": None})).json()["title"] is None


async def test_users_change_their_own_profile_and_not_what_others_rely_on(
    client: httpx.AsyncClient, company: Bootstrapped, member: UUID
) -> None:
    client.headers.update(bearer(company.api_key, member))
    assert (await client.patch(f"/v4/user/{member}", json={"title": "Dr.", "slug": "mia"})).status_code == 200
    for forbidden in ({"isAdmin": True}, {"email": "x@example.com"}, {"userType": "partner"}, {"isScimDisabled": True}):
        answer = await client.patch(f"/v4/user/{member}", json={"title": "Prof.", **forbidden})
        assert answer.status_code == 403
    assert (await client.get("/v4/user/me")).json()["title"] == "Dr."
    for somebody in (company.user_id, uuid4()):
        assert (await client.patch(f"/v4/user/{somebody}", json={"title": "Prof."})).status_code == 403


async def test_the_owner_stays_an_admin(platform: httpx.AsyncClient, company: Bootstrapped, member: UUID) -> None:
    await platform.patch(f"/v4/user/{member}", json={"isAdmin": True})
    refused = await platform.patch(f"/v4/user/{company.user_id}", json={"isAdmin": False, "title": "Dr."})
    assert (refused.status_code, refused.json()["errorCode"]) == (409, "user-is-owner")
    assert (await platform.get("/v4/user/me")).json()["title"] is None
    assert (await platform.patch(f"/v4/user/{member}", json={"isAdmin": False})).json()["isAdmin"] is False


async def test_the_last_admin_stays_one_where_nobody_owns_the_company(
    platform: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    await connection.execute("UPDATE companies SET owner_id = NULL WHERE id = %s", (company.company_id,))
    for refused in (
        await platform.patch(f"/v4/user/{company.user_id}", json={"isAdmin": False}),
        await platform.delete(f"/v4/user/{company.user_id}"),
    ):
        assert (refused.status_code, refused.json()["errorCode"]) == (409, "last-admin")


async def test_another_companys_user_and_a_deleted_one_answer_like_an_unknown_one(
    platform: httpx.AsyncClient, connection: Connection, vault: Vault, member: UUID
) -> None:
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    assert (await platform.delete(f"/v4/user/{member}")).status_code == 204
    for unknown in (other.user_id, member, uuid4()):
        for method in ("PATCH", "DELETE"):
            answer = await platform.request(method, f"/v4/user/{unknown}", json={"title": "mine"})
            assert (answer.status_code, answer.json()["detail"]) == (404, f"user {unknown} not found")
    assert (await platform.get("/v4/user")).json()["total"] == 1


async def test_a_deleted_users_credentials_die_and_address_and_slug_are_free_again(
    platform: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    anna = (await created(platform, slug="anna"))["userId"]
    token = await new_personal_token(connection, company.company_id, UUID(anna), name="anna's")
    assert (await platform.get("/v4/user/me", headers=bearer(token, anna))).status_code == 200

    assert (await platform.delete(f"/v4/user/{anna}")).status_code == 204
    assert (await platform.get("/v4/user/me", headers=bearer(token, anna))).status_code == 401
    assert (await platform.get("/v4/user/me", headers=bearer(company.api_key, anna))).status_code == 403
    [[revoked]] = await of(connection, "SELECT revoked_at FROM personal_tokens WHERE user_id = %(id)s", anna)
    assert revoked is not None
    assert (await platform.post("/v4/user", json={**NEW, "slug": "anna"})).status_code == 201
