"""Hosts with few and many appointments, near the asked range and far from it; and the same data for a bare sweep."""

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import chain
from uuid import UUID

import msgspec
from psycopg import AsyncConnection
from tests.support.desk import a_monday

from benchmarks.slot_predicate import WEEK, bare_sweep
from benchmarks.world import SECRET_KEY
from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.availability.intervals import Interval, merge
from slotkeeper.availability.working_hours import working_time
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault

ZONE = "Europe/Berlin"
MINUTE = 60
DURATION, INTERVAL = 30 * MINUTE, 15 * MINUTE
TEAM = 50
FIRST = a_monday(4).replace(hour=0)
"""A Monday in three to four weeks."""


class Case(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    path: str
    sweep: Callable[[], object]


class SlotWorld(msgspec.Struct, frozen=True, kw_only=True):
    token: str
    cases: list[Case]


async def build_slot_world(database_url: str) -> SlotWorld:
    connection: Connection = await AsyncConnection.connect(database_url, autocommit=True)
    async with connection:
        company = await bootstrap(connection, Vault(SECRET_KEY), company="B", email="b@example.com", timezone=ZONE)
        cases = [
            await _alone(connection, company, count, where)
            for where in ("in the 30 days", "over ten years")
            for count in (100, 1_000, 10_000)
        ]
        team = [await _host(connection, company, _strewn(n, 200, 60)) for n in range(TEAM)]
        await connection.execute("VACUUM ANALYZE")
    together = [_team(company, team, calculation) for calculation in ("everyone", "anyone")]
    return SlotWorld(token=company.token, cases=[*cases, *together])


async def _alone(connection: Connection, company: Bootstrapped, count: int, where: str) -> Case:
    busy = _strewn(count, count, 30) if where == "in the 30 days" else _over_ten_years(count)
    host_id, busy = await _host(connection, company, busy)
    working = list(working_time(WEEK, (), ZONE, *_range(30)))
    return Case(
        name=f"1 host, {count:,} {where}",
        path=_path(company, [host_id], 30, "everyone"),
        sweep=partial(bare_sweep, working, _near(busy, 30), DURATION, INTERVAL),
    )


def _team(company: Bootstrapped, team: Sequence[tuple[UUID, list[Interval]]], calculation: str) -> Case:
    working = list(working_time(WEEK, (), ZONE, *_range(60)))
    each = [_near(busy, 60) for _, busy in team]
    return Case(
        name=f"{TEAM} hosts, 60 days, {calculation}",
        path=_path(company, [host_id for host_id, _ in team], 60, calculation),
        sweep=partial(_of_all if calculation == "everyone" else _of_any, working, each),
    )


def _of_all(working: list[Interval], each: list[list[Interval]]) -> list[int]:
    return bare_sweep(working, merge(chain.from_iterable(each)), DURATION, INTERVAL)


def _of_any(working: list[Interval], each: list[list[Interval]]) -> list[int]:
    return sorted({start for busy in each for start in bare_sweep(working, busy, DURATION, INTERVAL)})


def _path(company: Bootstrapped, hosts: Sequence[UUID], days: int, calculation: str) -> str:
    first, end = (datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%SZ") for instant in _range(days))
    named = "".join(f"&hostIds={host_id}" for host_id in hosts)
    query = f"meetingTypeId={company.meeting_type_id}&start={first}&end={end}&calculationMethod={calculation}{named}"
    return f"/v4/booking-availability?{query}"


def _range(days: int) -> Interval:
    return int(FIRST.timestamp()), int((FIRST + timedelta(days=days)).timestamp())


def _strewn(seed: int, count: int, days: int) -> list[Interval]:
    """Of 5 minutes, anywhere in the range; they may overlap, as appointments that were moved by override do."""
    first, end = _range(days)
    starts = sorted(random.Random(seed).choices(range(first, end, MINUTE), k=count))
    return [(start, start + 5 * MINUTE) for start in starts]


def _over_ten_years(count: int) -> list[Interval]:
    """Of half an hour, the last ten years and the coming 60 days: evenly, so that most are history."""
    end = _range(60)[1]
    step = 3_650 * 86_400 // count // MINUTE * MINUTE
    return sorted((end - n * step, end - n * step + 30 * MINUTE) for n in range(1, count + 1))


def _near(busy: Sequence[Interval], days: int) -> list[Interval]:
    first, end = _range(days)
    return [(since, until) for since, until in busy if until > first and since < end]


async def _host(connection: Connection, company: Bootstrapped, busy: list[Interval]) -> tuple[UUID, list[Interval]]:
    email = f"{random.getrandbits(64):x}@example.com"
    host_id = await add_host(connection, company.company_id, email=email, timezone=ZONE)
    params = {
        "company_id": company.company_id,
        "host_id": host_id,
        "meeting_type_id": company.meeting_type_id,
        "starts": [datetime.fromtimestamp(since, UTC) for since, _ in busy],
        "ends": [datetime.fromtimestamp(until, UTC) for _, until in busy],
    }
    await connection.execute(_BLOCK, params)
    return host_id, busy


_BLOCK = """
    INSERT INTO blocked_times (
        company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, exclusive
    )
    SELECT %(company_id)s, %(host_id)s, 'appointment', gen_random_uuid(), %(meeting_type_id)s, b.start_at, b.end_at,
        false
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) AS b (start_at, end_at)
"""
