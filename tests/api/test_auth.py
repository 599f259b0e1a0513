from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.accounts.tokens import list_tokens, new_personal_token, revoke_token
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault

from .conftest import Opened, bearer

IN_A_YEAR = datetime.now(UTC) + timedelta(days=365)


async def test_a_personal_token_acts_as_its_owner(client: httpx.AsyncClient, company: Bootstrapped) -> None:
    answer = await client.get("/test/me", headers=bearer(company.token))
    assert answer.status_code == 200
    assert answer.json() == {
        "userId": str(company.user_id),
        "companyId": str(company.company_id),
        "credential": "personal",
    }


async def test_a_personal_token_may_name_its_owner_and_nobody_else(
    client: httpx.AsyncClient, company: Bootstrapped
) -> None:
    assert (await client.get("/test/me", headers=bearer(company.token, company.user_id))).status_code == 200
    assert (await client.get("/test/me", headers=bearer(company.token, uuid4()))).status_code == 403


async def test_a_platform_key_acts_as_the_user_that_the_header_names(
    client: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    colleague = await add_host(connection, company.company_id, email="colleague@example.com", timezone="Europe/Berlin")
    answer = await client.get("/test/me", headers=bearer(company.api_key, colleague))
    assert answer.json()["userId"] == str(colleague)


async def test_a_platform_key_without_the_header_is_told_so_in_the_documented_words(
    client: httpx.AsyncClient, company: Bootstrapped
) -> None:
    answer = await client.get("/test/me", headers=bearer(company.api_key))
    assert answer.status_code == 400
    assert answer.json()["message"] == "Missing required header 'x-meetergo-api-user-id' for API key authentication"
    assert answer.json()["error"] == "Bad Request"


async def test_a_platform_key_acts_as_the_owner_where_the_route_is_exempt(
    client: httpx.AsyncClient, company: Bootstrapped
) -> None:
    answer = await client.get("/open/owner", headers=bearer(company.api_key))
    assert answer.json() == {"userId": str(company.user_id)}


async def test_a_platform_key_reaches_no_user_of_another_company(
    client: httpx.AsyncClient, connection: Connection, vault: Vault, company: Bootstrapped
) -> None:
    other = await bootstrap(connection, vault, company="Other", email="o@example.com", timezone="UTC")
    foreign = await client.get("/test/me", headers=bearer(company.api_key, other.user_id))
    unknown = await client.get("/test/me", headers=bearer(company.api_key, uuid4()))
    malformed = await client.get("/test/me", headers=bearer(company.api_key, "me"))
    assert (foreign.status_code, unknown.status_code, malformed.status_code) == (403, 403, 400)
    assert foreign.content == unknown.content


@pytest.mark.parametrize(
    ("headers", "message"),
    [
        pytest.param({}, "Missing authorization header", id="no header"),
        pytest.param({"authorization": "Basic abc"}, "Invalid API key", id="another scheme"),
        pytest.param({"authorization": "Bearer"}, "Invalid API key", id="no credential"),
        pytest.param(bearer("rgo-" + "x" * 32), "Invalid API key", id="unknown personal token"),
        pytest.param(bearer("ak_live:x:y"), "Invalid API key", id="malformed platform key"),
        pytest.param(bearer(f"ak_live:{uuid4()}:y", uuid4()), "Invalid API key", id="unknown platform key"),
        pytest.param(bearer("a.b.c"), "Invalid API key", id="a JWT without an issuer configured"),
    ],
)
async def test_a_wrong_credential_is_refused_in_the_documented_words(
    client: httpx.AsyncClient, headers: dict[str, str], message: str
) -> None:
    answer = await client.get("/test/me", headers=headers)
    assert answer.status_code == 401
    assert answer.json()["message"] == message
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_a_wrong_secret_of_a_right_platform_key_is_refused(
    client: httpx.AsyncClient, company: Bootstrapped
) -> None:
    answer = await client.get("/test/me", headers=bearer(company.api_key + "x", company.user_id))
    assert (answer.status_code, answer.json()["message"]) == (401, "Invalid API key")


async def test_an_expired_token_and_an_expired_key_say_so(
    opened: Opened, connection: Connection, company: Bootstrapped
) -> None:
    token = await new_personal_token(
        connection, company.company_id, company.user_id, name="short", expires_at=datetime.now(UTC) + timedelta(days=1)
    )
    client = await opened(clock=lambda: IN_A_YEAR)
    for headers in (bearer(token), bearer(company.api_key, company.user_id)):
        answer = await client.get("/test/me", headers=headers)
        assert (answer.status_code, answer.json()["message"]) == (401, "API key has expired")


async def test_a_revoked_token_is_refused_from_the_next_request_on(
    client: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    [token] = await list_tokens(connection, company.company_id)
    await revoke_token(connection, company.company_id, token.id)
    assert (await client.get("/test/me", headers=bearer(company.token))).status_code == 401


@pytest.mark.parametrize("column", ["deactivated_at", "revoked_at"])
async def test_a_deactivated_or_revoked_key_is_refused(
    client: httpx.AsyncClient, connection: Connection, company: Bootstrapped, column: str
) -> None:
    statement = f"UPDATE platform_keys SET {column} = now() WHERE company_id = %s"
    await connection.execute(statement.encode(), (company.company_id,))
    answer = await client.get("/test/me", headers=bearer(company.api_key, company.user_id))
    assert (answer.status_code, answer.json()["message"]) == (401, "Invalid API key")


async def test_the_tokens_of_a_removed_user_die_with_them(
    client: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    await connection.execute("UPDATE users SET deleted_at = now() WHERE company_id = %s", (company.company_id,))
    assert (await client.get("/test/me", headers=bearer(company.token))).status_code == 401


@pytest.mark.parametrize(
    ("scopes", "status"),
    [
        pytest.param(None, 200, id="unlimited"),
        pytest.param(["scheduling", "crm"], 200, id="within"),
        pytest.param(["crm"], 403, id="outside"),
        pytest.param([], 403, id="nothing"),
    ],
)
async def test_a_limited_token_is_refused_outside_its_groups(
    client: httpx.AsyncClient, connection: Connection, company: Bootstrapped, scopes: list[str] | None, status: int
) -> None:
    token = await new_personal_token(connection, company.company_id, company.user_id, name="limited", scopes=scopes)
    assert (await client.get("/test/me", headers=bearer(token))).status_code == status


async def test_an_unauthenticated_request_is_refused_before_its_body_is_read(client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/test/shift/{UUID(int=1)}", content=b"{not json")
    assert answer.status_code == 401
