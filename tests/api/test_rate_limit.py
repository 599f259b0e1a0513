"""A credential's requests a minute: a burst of twice as many, then one at a time; meetergo-v4-api.md 1.5."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from uuid import uuid4

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host
from slotkeeper.accounts.tokens import new_personal_token
from slotkeeper.api.rate_limit import RateLimit
from slotkeeper.db.pool import Connection
from slotkeeper.errors import TooManyRequests
from tests.support.moved_clock import MovedClock

from .conftest import Opened, bearer
from .issuer import AUDIENCE, LocalIssuer, local_issuer

START = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
KEY = b"credential"


def wait_of(limit: RateLimit, now: datetime, credential: bytes = KEY) -> int:
    """Seconds to wait; 0 where the request was let through."""
    try:
        limit.take(credential, now)
    except TooManyRequests as error:
        return error.retry_after
    return 0


def test_a_burst_is_twice_the_limit_and_then_one_request_takes_its_share_of_a_minute() -> None:
    limit = RateLimit(100)
    assert [wait_of(limit, START) for _ in range(201)] == [0] * 200 + [1]
    assert wait_of(limit, START + timedelta(seconds=0.599999)) == 1
    assert wait_of(limit, START + timedelta(seconds=0.6)) == 0
    assert wait_of(limit, START + timedelta(seconds=0.6)) == 1


def test_after_a_pause_of_two_minutes_the_whole_burst_is_there_and_no_more() -> None:
    limit = RateLimit(5)
    for minutes in (0, 2, 60):
        now = START + timedelta(minutes=minutes)
        assert [wait_of(limit, now) for _ in range(11)] == [0] * 10 + [12]


def test_one_credential_uses_up_nothing_of_another() -> None:
    limit = RateLimit(1)
    assert [wait_of(limit, START, b"a") for _ in range(3)] == [0, 0, 60]
    assert wait_of(limit, START, b"b") == 0


def test_credentials_whose_tokens_are_all_there_are_not_remembered() -> None:
    limit = RateLimit(60)
    for n in range(5000):
        limit.take(n.to_bytes(8), START + timedelta(seconds=n))
    assert len(limit._full_at) <= 1001


@given(
    a_minute=st.integers(1, 1000),
    pauses=st.lists(st.timedeltas(timedelta(0), timedelta(seconds=90)), min_size=1, max_size=300),
)
def test_it_agrees_with_a_bucket_of_tokens_and_says_exactly_when_to_come_again(
    a_minute: int, pauses: list[timedelta]
) -> None:
    limit, now = RateLimit(a_minute), START
    tokens = Fraction(2 * a_minute)
    for pause in pauses:
        now += pause
        refill = Fraction(pause // timedelta(microseconds=1) * a_minute, 60_000_000)
        tokens = min(tokens + refill, Fraction(2 * a_minute))
        wait = wait_of(limit, now)
        if tokens >= 1:
            assert wait == 0
            tokens -= 1
        else:
            seconds = (1 - tokens) * 60 / a_minute
            assert wait - 1 < seconds <= wait


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def limited(opened: Opened, clock: MovedClock) -> httpx.AsyncClient:
    return await opened(clock=clock, rate_limit=2)


async def _statuses(client: httpx.AsyncClient, headers: dict[str, str], count: int) -> list[int]:
    return [(await client.get("/test/me", headers=headers)).status_code for _ in range(count)]


async def test_too_many_requests_are_answered_as_the_api_documents_it_and_as_a_problem(
    limited: httpx.AsyncClient, clock: MovedClock, company: Bootstrapped
) -> None:
    headers = bearer(company.token)
    assert await _statuses(limited, headers, 4) == [200] * 4
    answer = await limited.get("/test/me", headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "30")
    assert answer.headers["content-type"] == "application/problem+json"
    told = answer.json()
    assert {name: told[name] for name in ("statusCode", "message", "error", "errorCode", "title")} == {
        "statusCode": 429,
        "message": "Too Many Requests",
        "error": "Too Many Requests",
        "errorCode": "too-many-requests",
        "title": "Too Many Requests",
    }
    clock.move(seconds=29)
    assert (await limited.get("/test/me", headers=headers)).headers["retry-after"] == "1"
    clock.move(seconds=1)
    assert await _statuses(limited, headers, 2) == [200, 429]


async def test_without_a_setting_there_is_no_limit(client: httpx.AsyncClient, company: Bootstrapped) -> None:
    assert await _statuses(client, bearer(company.token), 20) == [200] * 20


async def test_the_limit_is_each_credentials_own(
    limited: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    assert 429 in await _statuses(limited, bearer(company.token), 5)
    other = await new_personal_token(connection, company.company_id, company.user_id, name="other")
    assert await _statuses(limited, bearer(other), 1) == [200]


async def test_a_platform_key_has_one_limit_whomever_it_acts_as(
    limited: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    colleague = await add_host(connection, company.company_id, email="colleague@example.com", timezone="Europe/Berlin")
    assert await _statuses(limited, bearer(company.api_key, company.user_id), 4) == [200] * 4
    assert await _statuses(limited, bearer(company.api_key, colleague), 1) == [429]


@pytest.fixture
def issuer() -> Iterator[LocalIssuer]:
    with local_issuer() as running:
        yield running


async def test_a_new_jwt_brings_no_new_requests(
    opened: Opened, connection: Connection, company: Bootstrapped, issuer: LocalIssuer
) -> None:
    subject = uuid4().hex
    await connection.execute(
        "UPDATE users SET oidc_subject = %s WHERE company_id = %s AND id = %s",
        (subject, company.company_id, company.user_id),
    )
    client = await opened(oidc_issuer=issuer.url, oidc_audience=AUDIENCE, rate_limit=1)
    tokens = [issuer.token("rsa", sub=subject, jti=uuid4().hex) for _ in range(3)]
    assert [(await client.get("/test/me", headers=bearer(token))).status_code for token in tokens] == [200, 200, 429]


async def test_who_does_not_know_a_credential_cannot_use_up_its_requests(
    limited: httpx.AsyncClient, company: Bootstrapped
) -> None:
    for wrong in ("rgo-" + "x" * 32, company.token[:-1], company.api_key + "x", "not.a.jwt"):
        assert await _statuses(limited, bearer(wrong, company.user_id), 20) == [401] * 20
    assert await _statuses(limited, bearer(company.token), 4) == [200] * 4
    assert await _statuses(limited, bearer(company.api_key, company.user_id), 4) == [200] * 4
