"""Every route of hours and people against every kind of caller."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault

from .conftest import bearer

HOURS = {"name": "Evenings"}
DAY_OFF = {"start": "2026-12-24T08:00:00Z", "end": "2026-12-24T18:00:00Z"}
HOLIDAYS = {"year": 2026, "country": "DE"}
CALLERS = (
    "nobody",
    "expired",
    "member",
    "admin",
    "scheduling",
    "account",
    "crm",
    "other company",
    "key",
    "key as member",
    "key as admin",
    "key as stranger",
)
"""A personal token's: of a member, of an admin, limited to one group, of another company. Then the platform key's."""


def table(*columns: int) -> dict[str, int]:
    return dict(zip(CALLERS, columns, strict=True))


# nobody expired member admin scheduling account crm other | key: alone, as member, as admin, as another company's
OWN_HOURS = table(401, 401, 200, 200, 200, 403, 403, 200, 400, 200, 200, 403)
THE_ADMINS_HOURS = table(401, 401, 404, 200, 200, 403, 403, 404, 400, 404, 200, 403)
A_COLLEAGUES_HOURS = table(401, 401, 403, 200, 200, 403, 403, 200, 400, 403, 200, 403)
NEW_HOURS = table(401, 401, 201, 201, 201, 403, 403, 201, 400, 201, 201, 403)
NEW_HOURS_OF_THE_ADMIN = table(401, 401, 403, 201, 201, 403, 403, 400, 400, 403, 201, 403)
THE_COMPANYS_DAY_OFF = table(401, 401, 403, 201, 201, 403, 403, 201, 400, 403, 201, 403)
CHANGE_THE_COMPANYS_DAY_OFF = table(401, 401, 403, 200, 200, 403, 403, 404, 400, 403, 200, 403)
MYSELF = table(401, 401, 200, 200, 200, 200, 403, 200, 200, 200, 200, 403)
MY_PAGE = table(401, 401, 200, 200, 200, 200, 403, 200, 400, 200, 200, 403)
PEOPLE = table(401, 401, 403, 200, 403, 200, 403, 200, 400, 403, 200, 403)
NEW_PERSON = table(401, 401, 403, 403, 403, 403, 403, 403, 201, 403, 201, 403)
A_PERSON = table(401, 401, 403, 403, 403, 403, 403, 403, 400, 403, 200, 403)
A_PERSON_LEAVES = table(401, 401, 403, 403, 403, 403, 403, 403, 400, 403, 204, 403)
PERSON = {"email": "new@example.com", "givenName": "N", "familyName": "N"}

ROUTES = [
    ("GET", "{availability}", None, OWN_HOURS),
    ("GET", "{availability}?userId={admin}", None, A_COLLEAGUES_HOURS),
    ("POST", "{availability}", HOURS, NEW_HOURS),
    ("POST", "{availability}", {**HOURS, "userId": "{admin}"}, NEW_HOURS_OF_THE_ADMIN),
    ("GET", "{availability}/{hours}", None, THE_ADMINS_HOURS),
    ("PATCH", "{availability}/{hours}", HOURS, THE_ADMINS_HOURS),
    ("PATCH", "{availability}/{hours}/holiday-exceptions", HOLIDAYS, THE_ADMINS_HOURS),
    (
        "DELETE",
        "{availability}/{hours}",
        None,
        {**THE_ADMINS_HOURS, **dict.fromkeys(("admin", "scheduling", "key as admin"), 409)},
    ),
    ("GET", "{availability}-exception", None, OWN_HOURS),
    ("GET", "{availability}-exception?ownerId={admin}", None, A_COLLEAGUES_HOURS),
    ("POST", "{availability}-exception", DAY_OFF, NEW_HOURS),
    ("POST", "{availability}-exception", {**DAY_OFF, "ownerId": "{admin}"}, NEW_HOURS_OF_THE_ADMIN),
    ("POST", "{availability}-exception", {**DAY_OFF, "ownerType": "company"}, THE_COMPANYS_DAY_OFF),
    ("PATCH", "{availability}-exception/{day_off}", {"title": "x"}, THE_ADMINS_HOURS),
    ("PATCH", "{availability}-exception/{company_day_off}", {"title": "x"}, CHANGE_THE_COMPANYS_DAY_OFF),
    ("GET", "/v4/user/me", None, MYSELF),
    ("GET", "/v4/personal-page/me", None, MY_PAGE),
    ("PATCH", "/v4/personal-page/me", {}, MY_PAGE),
    ("GET", "/v4/user", None, PEOPLE),
    ("POST", "/v4/user", PERSON, NEW_PERSON),
    ("PATCH", "/v4/user/{other_member}", {"title": "Dr."}, A_PERSON),
    ("DELETE", "/v4/user/{other_member}", None, A_PERSON_LEAVES),
]


class World(dict[str, Any]):
    """Names to ids for paths and bodies, and ``headers`` by caller."""

    def filled(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self.filled(member) for name, member in value.items()}
        return value.format_map(self) if isinstance(value, str) else value


@pytest.fixture
async def world(client: httpx.AsyncClient, connection: Connection, vault: Vault, company: Bootstrapped) -> World:
    ours = company.company_id
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    member = await add_host(connection, ours, email="m@example.com", timezone="UTC")
    other_member = await add_host(connection, ours, email="n@example.com", timezone="UTC")

    async def token(user: Any = company.user_id, **fields: Any) -> dict[str, str]:
        return bearer(await new_personal_token(connection, ours, user, name="t", **fields))

    admin = bearer(company.token)
    [hours] = (await client.get("/availability", headers=admin)).json()
    day_off = (await client.post("/availability-exception", json=DAY_OFF, headers=admin)).json()
    of_company = {**DAY_OFF, "ownerType": "company"}
    company_day_off = (await client.post("/availability-exception", json=of_company, headers=admin)).json()
    headers: tuple[dict[str, str], ...] = (
        {},
        await token(expires_at=datetime.now(UTC) - timedelta(seconds=1)),
        await token(member),
        admin,
        await token(scopes=["scheduling"]),
        await token(scopes=["account"]),
        await token(scopes=["crm"]),
        bearer(other.token),
        bearer(company.api_key),
        bearer(company.api_key, member),
        bearer(company.api_key, company.user_id),
        bearer(company.api_key, other.user_id),
    )
    return World(
        admin=company.user_id,
        other_member=other_member,
        hours=hours["id"],
        day_off=day_off["id"],
        company_day_off=company_day_off["id"],
        headers=dict(zip(CALLERS, headers, strict=True)),
    )


def cases() -> Iterator[Any]:
    for method, path, body, expected in ROUTES:
        for prefix in ("/availability", "/v4/availability") if "{availability}" in path else ("",):
            own = sorted(set(body or ()) - set(DAY_OFF))
            yield pytest.param(prefix, method, path, body, expected, id=f"{method} {prefix} {path} {' '.join(own)}")


@pytest.mark.parametrize(("prefix", "method", "path", "body", "expected"), list(cases()))
async def test_each_caller_gets_what_they_may(
    client: httpx.AsyncClient, world: World, prefix: str, method: str, path: str, body: Any, expected: dict[str, int]
) -> None:
    """The callers come one after the other; who may not changes nothing, so the next finds it as it was."""
    world["availability"] = prefix
    found = {}
    for number, caller in enumerate(CALLERS):
        content = world.filled(body)
        if path == "/v4/user" and body:
            content = {**content, "email": f"new{number}@example.com"}
        request = {"json": content} if content is not None else {}
        answer = await client.request(method, world.filled(path), headers=world["headers"][caller], **request)
        found[caller] = answer.status_code
    assert found == expected


async def test_whom_a_403_speaks_of_cannot_be_told_from_nobody(client: httpx.AsyncClient, world: World) -> None:
    """A member asks for an admin's things, and for those of an id that is nobody's: the answers are alike."""
    for path in ("/availability?userId={}", "/availability-exception?ownerId={}"):
        answers = [
            await client.get(path.format(one), headers=world["headers"]["member"]) for one in (world["admin"], uuid4())
        ]
        assert answers[0].json() == answers[1].json()
