"""Invariant 9 from end to end: a slot is listed over HTTP if and only if booking it in the same snapshot succeeds."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from random import Random
from typing import get_args
from uuid import UUID
from zlib import crc32

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped, bootstrap
from slotkeeper.appointments.book import book
from slotkeeper.appointments.booking import Booking
from slotkeeper.db.pool import Connection
from slotkeeper.errors import NotFree
from slotkeeper.records.queue import QueueType
from slotkeeper.secrets import Vault
from tests.api.conftest import Opened, bearer
from tests.availability.test_slots import STEP, World, worlds
from tests.support.desk import NOW, Desk
from tests.support.random_queue import line_up, queues_of
from tests.support.random_world import settle

TRIED = 25
"""Of the starts that are not listed, and of those that are: each costs an attempt to book."""


class Clock:
    now = NOW


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(opened: Opened, clock: Clock) -> httpx.AsyncClient:
    return await opened(clock=lambda: clock.now)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(world=worlds())
@pytest.mark.parametrize("method", ["everyone", "anyone"])
async def test_a_slot_is_listed_if_and_only_if_booking_it_succeeds(
    pool: "AsyncConnectionPool[Connection]",
    vault: Vault,
    client: httpx.AsyncClient,
    clock: Clock,
    method: str,
    world: World,
) -> None:
    async with pool.connection() as connection:
        company = await bootstrap(connection, vault, company="W", email="w@example.com", timezone="Europe/Berlin")
    desk = Desk(pool, company)
    hosts = await settle(desk, world)
    clock.now = desk.now
    query = {"hostIds": ",".join(map(str, hosts)), "calculationMethod": method}
    listed = await listed_by(client, company, world, query)
    assert listed <= set(range(world.first, world.end, STEP))
    teams = [tuple(hosts)] if method == "everyone" else [(host,) for host in hosts]
    for start in sample(world, listed):
        assert (start in listed) is await bookable(desk, start, teams), datetime.fromtimestamp(start, UTC)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
@pytest.mark.parametrize("kind", get_args(QueueType))
async def test_a_slot_of_a_queue_is_listed_if_and_only_if_booking_it_succeeds(
    pool: "AsyncConnectionPool[Connection]",
    vault: Vault,
    client: httpx.AsyncClient,
    clock: Clock,
    kind: QueueType,
    data: st.DataObject,
) -> None:
    """With turns taken before, capacities, stars, a group, and in equal distribution leads that hide somebody."""
    world = data.draw(worlds(sizes=(2, 3)))
    queue = data.draw(queues_of(kind, len(world.hosts)))
    async with pool.connection() as connection:
        company = await bootstrap(connection, vault, company="Q", email="q@example.com", timezone="Europe/Berlin")
    desk = Desk(pool, company)
    hosts = await settle(desk, world)
    await line_up(desk, queue, hosts, world.first)
    clock.now = desk.now
    listed = await listed_by(client, company, world, {})
    for start in sample(world, listed):
        assert (start in listed) is await bookable(desk, start, [()]), datetime.fromtimestamp(start, UTC)


async def listed_by(
    client: httpx.AsyncClient, company: Bootstrapped, world: World, asked: Mapping[str, str]
) -> set[int]:
    query = {
        **asked,
        "meetingTypeId": str(company.meeting_type_id),
        "start": datetime.fromtimestamp(world.first, UTC).isoformat(),
        "end": datetime.fromtimestamp(world.end, UTC).isoformat(),
        "skipEarliestBookingCalculation": "true",
    }
    answer = await client.get("/v4/booking-availability", params=query, headers=bearer(company.token))
    assert answer.status_code == 200, answer.text
    starts = [spot["startTime"] for day in answer.json()["dates"] for spot in day["spots"]]
    assert len(set(starts)) == len(starts)
    return {int(datetime.fromisoformat(start).timestamp()) for start in starts}


def sample(world: World, listed: set[int]) -> list[int]:
    """The same for the same world; on the five-minute grid on which all that could matter lies."""
    draw = Random(crc32(repr((world, sorted(listed))).encode()))
    others = [start for start in range(world.first, world.end, STEP) if start not in listed]
    return [start for kind in (sorted(listed), others) for start in draw.sample(kind, min(TRIED, len(kind)))]


async def bookable(desk: Desk, start: int, teams: Sequence[tuple[UUID, ...]]) -> bool:
    """By any of the teams; what an attempt writes is rolled back."""
    for team in teams:
        request = Booking(
            meeting_type_id=desk.company.meeting_type_id,
            start=datetime.fromtimestamp(start, UTC),
            attendee=desk.attendee(),
            host_ids=team,
        )
        async with desk.pool.connection() as connection, connection.transaction(force_rollback=True):
            try:
                await book(connection, desk.caller, request, desk.now)
            except NotFree:
                continue
            return True
    return False
