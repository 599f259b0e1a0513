"""Limits of single routes: over all server processes, whatever else is set."""

import random
from ipaddress import IPv6Address

import httpx
import pytest
from litestar import Litestar
from litestar.handlers import HTTPRouteHandler

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host
from slotkeeper.db.pool import Connection
from slotkeeper.main import ROUTES, create_app
from slotkeeper.settings import Settings
from tests.support.moved_clock import MovedClock

from .conftest import TEST_ROUTES, Opened, bearer


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def limited(opened: Opened, clock: MovedClock) -> httpx.AsyncClient:
    return await opened(clock=clock)


async def _statuses(client: httpx.AsyncClient, headers: dict[str, str], count: int) -> list[int]:
    return [(await client.get("/test/twice", headers=headers)).status_code for _ in range(count)]


async def test_a_third_request_in_five_minutes_is_told_exactly_when_to_come_again(
    limited: httpx.AsyncClient, clock: MovedClock, company: Bootstrapped
) -> None:
    headers = bearer(company.token)
    assert await _statuses(limited, headers, 1) == [200]
    clock.move(seconds=100.5)
    assert await _statuses(limited, headers, 1) == [200]
    answer = await limited.get("/test/twice", headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (429, "200")
    assert (answer.json()["message"], answer.json()["error"]) == ("Too Many Requests", "Too Many Requests")
    clock.move(seconds=199)
    assert (await limited.get("/test/twice", headers=headers)).headers["retry-after"] == "1"
    clock.move(seconds=0.5)
    assert await _statuses(limited, headers, 1) == [200]
    assert (await limited.get("/test/twice", headers=headers)).headers["retry-after"] == "101"


async def test_what_was_refused_does_not_count(
    limited: httpx.AsyncClient, clock: MovedClock, company: Bootstrapped
) -> None:
    assert await _statuses(limited, bearer(company.token), 10) == [200, 200] + [429] * 8
    clock.move(minutes=5)
    assert await _statuses(limited, bearer(company.token), 3) == [200, 200, 429]


async def test_two_servers_count_together(opened: Opened, clock: MovedClock, company: Bootstrapped) -> None:
    one, other = await opened(clock=clock), await opened(clock=clock)
    answers = [await client.get("/test/twice", headers=bearer(company.token)) for client in (one, other, one, other)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]


async def test_users_are_counted_apart_and_a_users_credentials_together(
    limited: httpx.AsyncClient, connection: Connection, company: Bootstrapped
) -> None:
    assert await _statuses(limited, bearer(company.token), 2) == [200, 200]
    assert await _statuses(limited, bearer(company.api_key, company.user_id), 1) == [429]
    colleague = await add_host(connection, company.company_id, email="colleague@example.com", timezone="Europe/Berlin")
    assert await _statuses(limited, bearer(company.api_key, colleague), 1) == [200]


async def test_who_does_not_know_a_credential_cannot_use_up_its_requests(
    limited: httpx.AsyncClient, company: Bootstrapped
) -> None:
    assert await _statuses(limited, bearer("rgo-" + "x" * 32), 5) == [401] * 5
    assert await _statuses(limited, bearer(company.token), 2) == [200, 200]


async def _once(app: Litestar, address: str) -> int:
    transport = httpx.ASGITransport(app, client=(address, 1))  # type: ignore[arg-type] # its own ASGI types
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        return (await client.get("/open/once")).status_code


def _v4() -> str:
    return ".".join(str(random.randint(1, 250)) for _ in range(4))


def _v6() -> IPv6Address:
    """The first of its network."""
    return IPv6Address(random.getrandbits(64) << 64)


async def test_without_a_caller_the_address_is_counted(limited: httpx.AsyncClient) -> None:
    app = limited._transport.app  # type: ignore[attr-defined] # an ASGITransport's
    one, other = _v4(), _v4()
    assert [await _once(app, address) for address in (one, one, other)] == [200, 429, 200]


async def test_an_address_and_the_same_mapped_into_ipv6_are_one_and_no_others(limited: httpx.AsyncClient) -> None:
    app = limited._transport.app  # type: ignore[attr-defined] # an ASGITransport's
    one, other = _v4(), _v4()
    assert [await _once(app, f"::ffff:{address}") for address in (one, other)] == [200, 200]
    assert await _once(app, one) == 429


async def test_of_ipv6_the_network_is_counted(limited: httpx.AsyncClient) -> None:
    app = limited._transport.app  # type: ignore[attr-defined] # an ASGITransport's
    network = _v6()
    assert [await _once(app, str(network + n)) for n in (1, 2**63)] == [200, 429]
    assert await _once(app, str(network + 2**64)) == 200


async def test_every_limited_route_documents_that_it_may_answer_429() -> None:
    app = create_app(Settings(database_url="", secret_key="k"), routes=(*ROUTES, *TEST_ROUTES))
    limited = [handler for handler in _handlers(app) if any("at_most" in g.__qualname__ for g in handler.guards or ())]
    assert len(limited) >= 2
    assert [str(handler) for handler in limited if 429 not in (handler.responses or {})] == []


def _handlers(app: Litestar) -> list[HTTPRouteHandler]:
    return [handler for route in app.routes for handler in getattr(route, "route_handlers", ())]
