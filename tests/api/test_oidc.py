from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.api.oidc import COOL_DOWN, Issuer
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Unauthenticated
from slotkeeper.secrets import Vault

from .conftest import Opened, bearer
from .issuer import AUDIENCE, RSA, STRANGER, LocalIssuer, local_issuer

LONG_AGO = datetime.now(UTC) - timedelta(hours=1)
LATER = datetime.now(UTC) + timedelta(hours=1)


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with local_issuer() as running:
        yield running


@pytest.fixture
async def client(opened: Opened, issuer: LocalIssuer) -> httpx.AsyncClient:
    return await opened(oidc_issuer=issuer.url, oidc_audience=AUDIENCE)


@pytest.fixture
async def subject(connection: Connection, company: Bootstrapped) -> str:
    """The company's first user is bound to this subject."""
    bound = uuid4().hex
    await connection.execute(
        "UPDATE users SET oidc_subject = %s WHERE company_id = %s AND id = %s",
        (bound, company.company_id, company.user_id),
    )
    return bound


@pytest.fixture
async def email(connection: Connection, company: Bootstrapped) -> str:
    """A second user, bound to nothing yet, has this address."""
    address = f"{uuid4().hex}@example.com"
    await add_host(connection, company.company_id, email=address, timezone="UTC")
    return address


@pytest.mark.parametrize("key_id", ["rsa", "ec", "ed"])
async def test_a_jwt_acts_as_the_user_of_its_subject(
    client: httpx.AsyncClient, issuer: LocalIssuer, company: Bootstrapped, subject: str, key_id: str
) -> None:
    answer = await client.get("/test/me", headers=bearer(issuer.token(key_id, sub=subject)))
    assert answer.status_code == 200, answer.text
    assert answer.json()["userId"] == str(company.user_id)
    assert answer.json()["credential"] == "jwt"


async def test_a_jwt_may_name_its_own_user_and_nobody_else(
    client: httpx.AsyncClient, issuer: LocalIssuer, company: Bootstrapped, subject: str
) -> None:
    token = issuer.token(sub=subject)
    assert (await client.get("/test/me", headers=bearer(token, company.user_id))).status_code == 200
    assert (await client.get("/test/me", headers=bearer(token, uuid4()))).status_code == 403


@pytest.mark.parametrize(
    ("claims", "status"),
    [
        pytest.param({"email_verified": True}, 200, id="verified"),
        pytest.param({"email_verified": False}, 401, id="not verified"),
        pytest.param({"email_verified": "true"}, 401, id="a text that says verified"),
        pytest.param({}, 401, id="nothing said"),
    ],
)
async def test_only_a_verified_address_names_a_user(
    client: httpx.AsyncClient, issuer: LocalIssuer, email: str, claims: dict[str, Any], status: int
) -> None:
    token = issuer.token(sub=uuid4().hex, email=email.upper(), **claims)
    assert (await client.get("/test/me", headers=bearer(token))).status_code == status


async def test_an_address_of_two_companies_names_nobody(
    client: httpx.AsyncClient, issuer: LocalIssuer, connection: Connection, vault: Vault, email: str
) -> None:
    await bootstrap(connection, vault, company="Other", email=email, timezone="UTC")
    token = issuer.token(sub=uuid4().hex, email=email, email_verified=True)
    assert (await client.get("/test/me", headers=bearer(token))).status_code == 401


async def test_a_user_bound_to_one_subject_is_not_found_by_address_for_another(
    client: httpx.AsyncClient, issuer: LocalIssuer, connection: Connection, email: str
) -> None:
    await connection.execute("UPDATE users SET oidc_subject = %s WHERE email = %s", (uuid4().hex, email))
    token = issuer.token(sub=uuid4().hex, email=email, email_verified=True)
    assert (await client.get("/test/me", headers=bearer(token))).status_code == 401


@pytest.mark.parametrize(
    ("claims", "message"),
    [
        pytest.param({"exp": LONG_AGO}, "API key has expired", id="expired"),
        pytest.param({"nbf": LATER}, "Invalid API key", id="not valid yet"),
        pytest.param({"exp": None}, "Invalid API key", id="never expires"),
        pytest.param({"iss": "https://elsewhere.example.com"}, "Invalid API key", id="another issuer"),
        pytest.param({"iss": None}, "Invalid API key", id="no issuer"),
        pytest.param({"aud": "another"}, "Invalid API key", id="another audience"),
        pytest.param({"aud": None}, "Invalid API key", id="no audience"),
        pytest.param({"sub": None}, "Invalid API key", id="no subject"),
        pytest.param({"sub": "unknown"}, "Invalid API key", id="nobody's subject"),
    ],
)
async def test_a_jwt_with_wrong_claims_is_refused(
    client: httpx.AsyncClient, issuer: LocalIssuer, subject: str, claims: dict[str, Any], message: str
) -> None:
    answer = await client.get("/test/me", headers=bearer(issuer.token(**{"sub": subject, **claims})))
    assert (answer.status_code, answer.json()["message"]) == (401, message)


@pytest.mark.parametrize(
    ("key", "algorithm", "key_id"),
    [
        pytest.param(STRANGER, "RS256", "rsa", id="signed by somebody else"),
        pytest.param(STRANGER, "RS256", "unknown", id="a key that is not published"),
        pytest.param(RSA, "RS256", None, id="no key id"),
        pytest.param("x" * 64, "HS256", "rsa", id="a shared secret"),
        pytest.param(None, "none", "rsa", id="not signed"),
        pytest.param(RSA, "RS512", "rsa", id="an algorithm outside the list"),
        pytest.param(RSA, "PS256", "rsa", id="another algorithm than the key's own"),
    ],
)
async def test_a_jwt_with_a_wrong_signature_is_refused(
    client: httpx.AsyncClient, issuer: LocalIssuer, subject: str, key: object, algorithm: str, key_id: str | None
) -> None:
    token = issuer.signed(key, algorithm, key_id, sub=subject)
    answer = await client.get("/test/me", headers=bearer(token))
    assert (answer.status_code, answer.json()["message"]) == (401, "Invalid API key")


@pytest.mark.parametrize("token", ["a", "a.b.c", "..", "eyJhbGciOiJSUzI1NiJ9..", "\u00fc.\u00fc.\u00fc", "x" * 8000])
async def test_what_is_no_jwt_is_refused(client: httpx.AsyncClient, token: str) -> None:
    headers = {b"authorization": f"Bearer {token}".encode("latin-1")}
    assert (await client.get("/test/me", headers=headers)).status_code == 401


async def test_the_keys_are_fetched_once_and_an_invented_key_id_fetches_nothing(
    client: httpx.AsyncClient, issuer: LocalIssuer, subject: str
) -> None:
    for key_id in ("rsa", "rsa", "invented", "invented too"):
        await client.get("/test/me", headers=bearer(issuer.token(key_id, sub=subject)))
    assert issuer.fetches == 1


async def test_a_key_that_is_published_later_is_found_after_the_cool_down(
    issuer: LocalIssuer, connection: Connection, subject: str
) -> None:
    seconds = [1000.0]
    verifier = Issuer(issuer.url, AUDIENCE, monotonic=lambda: seconds[0])
    await verifier.verify(issuer.token(sub=subject))
    issuer.published["new"] = ("RS256", STRANGER)
    with pytest.raises(Unauthenticated):
        await verifier.verify(issuer.token("new", sub=subject))
    seconds[0] += COOL_DOWN
    assert (await verifier.verify(issuer.token("new", sub=subject))).subject == subject


async def test_an_issuer_that_does_not_answer_is_503(opened: Opened, issuer: LocalIssuer) -> None:
    client = await opened(oidc_issuer="http://127.0.0.1:9")
    answer = await client.get("/test/me", headers=bearer(issuer.token()))
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")


async def test_an_issuer_that_names_itself_differently_is_not_trusted(
    client: httpx.AsyncClient, issuer: LocalIssuer, subject: str
) -> None:
    issuer.named = "https://elsewhere.example.com"
    assert (await client.get("/test/me", headers=bearer(issuer.token(sub=subject)))).status_code == 503


async def test_without_a_configured_audience_any_is_accepted(opened: Opened, issuer: LocalIssuer, subject: str) -> None:
    client = await opened(oidc_issuer=issuer.url)
    token = issuer.token(sub=subject, aud="whoever")
    assert (await client.get("/test/me", headers=bearer(token))).status_code == 200
