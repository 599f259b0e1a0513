"""``GET /v4/calendar-connections/auth/{provider}/url`` (meetergo-v4-api.md 2.9)."""

from uuid import UUID, uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.db.pool import Connection
from slotkeeper.integrations.connect_link import LIFETIME, Invited, read_link
from slotkeeper.secrets import Vault

from ...integrations.conftest import acme, install
from ...support.desk import NOW
from ..conftest import bearer
from .conftest import Api

__all__ = ["acme", "install"]


async def ask(api: Api, provider: str = "caldav", **params: object) -> httpx.Response:
    path = f"/v4/calendar-connections/auth/{provider}/url"
    return await api.client.get(path, params={name: str(value) for name, value in params.items()})


async def invited(answer: httpx.Response, connection: Connection, vault: Vault) -> Invited:
    assert answer.status_code == 200, answer.text
    return await read_link(connection, vault, answer.json()["authUrl"].rpartition("/")[2])


@pytest.mark.parametrize("provider", ["caldav", "icloud"])
async def test_the_address_is_a_page_of_ours_that_knows_whom_it_is_for_and_for_how_long(
    api: Api, connection: Connection, vault: Vault, provider: str
) -> None:
    answer = await ask(api, provider, redirectUrl="https://app.example.com/done", setAsCalendarSync="false")
    assert set(answer.json()) == {"authUrl", "provider"}
    assert answer.json()["authUrl"].startswith("http://127.0.0.1:8000/connect/")
    link = (await invited(answer, connection, vault)).link
    assert (link.company_id, link.user_id) == (api.company.company_id, api.company.user_id)
    assert (link.provider, link.redirect_url, link.writes) == (provider, "https://app.example.com/done", False)
    assert link.expires_at == NOW + LIFETIME


async def test_new_events_are_made_in_it_unless_told_otherwise(api: Api, connection: Connection, vault: Vault) -> None:
    assert (await invited(await ask(api), connection, vault)).link.writes


@pytest.mark.usefixtures("acme")
@pytest.mark.parametrize(
    ("provider", "status", "code"),
    [
        pytest.param("google", 409, "no-adapter", id="without adapter"),
        pytest.param("acme", 409, "no-connect-page", id="without a page"),
        pytest.param("hubspot", 400, "malformed-request", id="no calendar"),
        pytest.param("nobody", 400, "malformed-request", id="unknown"),
    ],
)
async def test_a_provider_that_cannot_be_connected_so_is_refused(
    api: Api, provider: str, status: int, code: str
) -> None:
    answer = await ask(api, provider)
    assert (answer.status_code, answer.json()["errorCode"]) == (status, code)


@pytest.mark.parametrize(
    ("params", "field"),
    [
        pytest.param({"redirectUrl": "javascript:alert(1)"}, "redirectUrl", id="a script"),
        pytest.param({"userId": "me"}, "userId", id="no UUID"),
        pytest.param({"setAsCalendarSync": "perhaps"}, "setAsCalendarSync", id="no boolean"),
    ],
)
async def test_what_is_wrong_is_named(api: Api, params: dict[str, str], field: str) -> None:
    answer = await ask(api, **params)
    assert answer.status_code == 400, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


async def test_an_admin_asks_for_a_colleague_and_nobody_else_does(
    api: Api, connection: Connection, vault: Vault
) -> None:
    colleague = await add_host(connection, api.company.company_id, email="m@example.com", timezone="UTC")
    link = (await invited(await ask(api, userId=colleague), connection, vault)).link
    assert link.user_id == colleague
    token = await new_personal_token(connection, api.company.company_id, colleague, name="member")
    api.client.headers.update(bearer(token))
    assert (await ask(api, userId=api.company.user_id)).status_code == 403
    assert (await ask(api, userId=colleague)).status_code == 200


async def test_another_companys_user_looks_like_an_unknown_one(api: Api, connection: Connection, vault: Vault) -> None:
    other: Bootstrapped = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")

    async def answered(user_id: UUID) -> tuple[int, object]:
        answer = await ask(api, userId=user_id)
        return answer.status_code, answer.json()["detail"]

    assert await answered(other.user_id) == await answered(uuid4()) == (404, "user not found")
