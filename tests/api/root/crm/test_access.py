"""Who reaches the CRM: every route, taken from the router, against every kind of caller."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from tests.api.conftest import bearer
from tests.api.root.crm.conftest import Crm
from tests.api.root.crm.test_isolation import ID, ROUTES

EVERY = [pytest.param(method, ID.sub(str(uuid4()), path), id=f"{method} {path}") for method, path in ROUTES]


@pytest.mark.parametrize(("method", "path"), EVERY)
async def test_a_route_is_closed_without_the_group_crm(
    app: httpx.AsyncClient, connection: Connection, company: Bootstrapped, method: str, path: str
) -> None:
    scopes = ["scheduling", "account"]
    token = await new_personal_token(connection, company.company_id, company.user_id, name="narrow", scopes=scopes)
    for prefix in ("", "/v4"):
        assert (await app.request(method, prefix + path)).status_code == 401
        assert (await app.request(method, prefix + path, headers=bearer("rgo-wrong"))).status_code == 401
        assert (await app.request(method, prefix + path, headers=bearer(token))).status_code == 403


@pytest.mark.parametrize("scopes", [["crm"], None], ids=["a token for the crm", "a token for everything"])
async def test_a_token_that_reaches_the_crm_does(
    app: httpx.AsyncClient, connection: Connection, company: Bootstrapped, scopes: Any
) -> None:
    token = await new_personal_token(connection, company.company_id, company.user_id, name="x", scopes=scopes)
    assert (await app.get("/crm", headers=bearer(token))).status_code == 200


async def test_a_platform_key_acts_as_the_user_that_it_names(
    client: httpx.AsyncClient, company: Bootstrapped, member: Crm
) -> None:
    assert (await client.get("/crm", headers=bearer(company.api_key))).status_code == 400
    acting = bearer(company.api_key, acting_as=member.user_id)
    created = await client.post("/crm", json={"email": "ann@example.org"}, headers=acting)
    assert created.json()["item"]["accountOwnerId"] == member.user_id


async def test_a_member_keeps_the_whole_companys_crm(crm: Crm, member: Crm) -> None:
    contact, deal = await crm.contact(), await crm.deal()
    assert (await member.patch(f"/crm/{contact['id']}", notes="Seen"))["notes"] == "Seen"
    assert (await member.patch(f"/crm/deals/{deal['id']}/won"))["wonAt"] is not None
    await member.delete(f"/crm/{contact['id']}")
    assert (await crm.get("/crm"))["total"] == 0
