"""Turns in the database: what the line says, and that two never take the same turn (docs/decisions/0060, 0061)."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID, uuid4

import pytest
from msgspec.structs import replace
from psycopg import errors
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.appointments.next_hosts import next_hosts
from slotkeeper.appointments.round_robin.choose import choose, turn_of
from slotkeeper.appointments.round_robin.line import Line, Taker
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection
from slotkeeper.db.queues import LOCK_QUEUE
from slotkeeper.errors import NotFound
from slotkeeper.queues.answers import Queue
from tests.support.desk import MONDAY, minutes

from ..availability.worlds import at
from .round_robin.history import History
from .turn_desk import READ, TurnDesk

ENTRIES = """
    SELECT turn, seat, user_id, group_id, released_at IS NULL FROM round_robin_entries
    WHERE company_id = %(company_id)s ORDER BY id
"""


@pytest.fixture
def desk(pool: "AsyncConnectionPool[Connection]", company: Bootstrapped) -> TurnDesk:
    return TurnDesk(pool, company)


async def test_parallel_bookings_never_take_the_same_turn_and_share_them_exactly(desk: TurnDesk) -> None:
    _, members = await desk.queue_of(4)
    await asyncio.gather(*(desk.take(MONDAY + minutes(30 * n)) for n in range(60)))
    entries = await desk.rows(ENTRIES)
    turns = [turn for turn, *_ in entries]
    assert turns == list(range(turns[0], turns[0] + 60))
    assert [user_id for _, _, user_id, *_ in entries] == [members[n % 4] for n in range(60)]


async def test_parallel_bookings_of_equal_distribution_end_within_one_of_each_other(desk: TurnDesk) -> None:
    _, members = await desk.queue_of(3, type="equalDistribution")
    booked = await asyncio.gather(*(desk.take(MONDAY + minutes(30 * n)) for n in range(20)))
    await asyncio.gather(
        *(desk.give_back(appointment_id) for appointment_id in booked[:9]),
        *(desk.take(MONDAY + minutes(30 * n)) for n in range(20, 29)),
    )
    await asyncio.gather(*(desk.take(MONDAY + minutes(30 * n)) for n in range(29, 49)))
    live = Counter(user_id for _, _, user_id, _, live in await desk.rows(ENTRIES) if live)
    assert live.total() == 40
    assert max(live.values()) - min(live[member] for member in members) <= 1


async def test_bookings_and_edits_of_one_queue_at_once_all_succeed(desk: TurnDesk) -> None:
    _, members = await desk.queue_of(3)
    await asyncio.gather(
        *(desk.take(MONDAY + minutes(30 * n)) for n in range(30)),
        *(desk.edit_queue(userCapacities=[{"userId": members[n % 3], "capacity": 1 + n % 4}]) for n in range(15)),
    )
    turns = [turn for turn, *_ in await desk.rows(ENTRIES)]
    assert len(set(turns)) == 30
    assert turns == sorted(turns)


@pytest.mark.parametrize("meanwhile", ["a turn was taken", "a member left", "a group came", "the queue is gone"])
async def test_a_turn_is_not_taken_in_a_line_that_changed_since_it_was_read(desk: TurnDesk, meanwhile: str) -> None:
    queue, members = await desk.queue_of(2)
    read = await desk.situation()
    if meanwhile == "a turn was taken":
        await desk.take()
    elif meanwhile == "a member left":
        await desk.edit_queue(userId=members[0])
    elif meanwhile == "a group came":
        await desk.add_group(queue, members)
    else:
        await desk.execute("UPDATE queues SET deleted_at = now() WHERE company_id = %(company_id)s")
    before = await everything(desk)
    async with desk.pool.connection() as connection:
        with pytest.raises(Stale):
            await desk.write(connection, read, choose_all(read.line), MONDAY)
    assert await everything(desk) == before


def choose_all(line: Line | None) -> Any:
    assert line is not None
    hosts = {host.id for taker in line.takers for host in taker.hosts}
    return choose(line, hosts, int(MONDAY.timestamp()))


async def everything(desk: TurnDesk) -> list[Any]:
    tables = ("queues", "round_robin_entries", "appointments", "host_calendars")
    return [await desk.rows(f"SELECT * FROM {table} WHERE company_id = %(company_id)s ORDER BY 2") for table in tables]


async def test_the_database_itself_refuses_a_turn_that_was_taken(desk: TurnDesk) -> None:
    queue, members = await desk.queue_of(2)
    appointment_id = await desk.take()
    again = """
        INSERT INTO round_robin_entries (
            company_id, queue_id, turn, seat, appointment_id, user_id, selection_reason, start_at, created_at
        )
        SELECT company_id, id, version, 0, %(appointment_id)s, %(user_id)s, 'rotation', now(), now()
        FROM queues WHERE company_id = %(company_id)s AND id = %(queue_id)s
    """
    with pytest.raises(errors.UniqueViolation):
        await desk.execute(again, appointment_id=appointment_id, user_id=members[1], queue_id=queue.id)


async def test_who_waits_for_the_queue_holds_no_host(desk: TurnDesk) -> None:
    """Everybody locks the queue before the hosts, so nobody waits in a circle."""
    queue, members = await desk.queue_of(1)
    read = await desk.situation()
    params = {"company_id": desk.company.company_id, "queue_id": queue.id}
    async with desk.pool.connection() as holder, desk.pool.connection() as waiting:
        async with holder.transaction():
            await holder.execute(LOCK_QUEUE, params)
            writing = asyncio.create_task(desk.write(waiting, read, choose_all(read.line), MONDAY))
            while not await desk.rows(WAITING, holder=holder.info.backend_pid, waiting=waiting.info.backend_pid):
                assert not writing.done()
            assert await desk.rows(FREE_HOSTS) == [(members[0],)]
        await writing


WAITING = "SELECT 1 WHERE %(company_id)s::uuid IS NOT NULL AND %(holder)s = ANY (pg_blocking_pids(%(waiting)s))"
FREE_HOSTS = "SELECT host_id FROM host_calendars WHERE company_id = %(company_id)s FOR UPDATE SKIP LOCKED"


async def test_without_a_queue_the_same_statement_books_and_takes_no_turn(desk: TurnDesk) -> None:
    read = await desk.situation()
    assert read.line is None
    async with desk.pool.connection() as connection:
        await desk.write(connection, read, None, MONDAY)
    assert await desk.rows(ENTRIES) == []
    assert len(await desk.rows("SELECT 1 FROM appointments WHERE company_id = %(company_id)s")) == 1


async def test_a_groups_turn_has_an_entry_for_each_of_its_hosts_and_counts_once(desk: TurnDesk) -> None:
    queue, members = await desk.queue_of(3, type="equalDistribution")
    group = await desk.add_group(queue, members, capacity=2, mainGroupHostId=members[2])
    await desk.edit_queue(users=[])
    await desk.take()
    assert [entry[1:] for entry in await desk.rows(ENTRIES)] == [
        (0, members[2], group.id, True),
        (1, members[0], group.id, True),
    ]
    [taker] = (await desk.line()).takers
    assert list(taker.turns.values()) == [1]
    await desk.take()
    assert [user_id for _, _, user_id, *_ in await desk.rows(ENTRIES)][2:] == [members[2], members[1]]


async def test_a_turn_that_is_given_back_counts_nowhere(desk: TurnDesk) -> None:
    await desk.queue_of(3, type="equalDistribution")
    await desk.take()
    before = (await desk.line()).takers
    await desk.give_back(await desk.take())
    assert (await desk.line()).takers == before


async def test_a_moved_appointment_keeps_its_turn_and_counts_in_its_new_period(desk: TurnDesk) -> None:
    await desk.queue_of(1, type="equalDistribution", distributionPeriod="week")
    appointment_id = await desk.take()
    before = await desk.line()
    await desk.move_turn(appointment_id, MONDAY + timedelta(days=7))
    after = await desk.line()
    assert (after.takers[0].last_turn, after.version) == (before.takers[0].last_turn, before.version)
    assert after.takers[0].turns == {}
    next_week = await desk.line(MONDAY + timedelta(days=7))
    assert list(next_week.takers[0].turns.values()) == [1]


async def test_a_hand_off_gives_the_turn_back_and_takes_another(desk: TurnDesk) -> None:
    _, members = await desk.queue_of(3)
    await desk.give_back(await desk.take())
    read = await desk.situation()
    assert read.line is not None
    async with desk.pool.connection() as connection:
        await desk.write(connection, read, turn_of(read.line, members[2], set(members), "reassigned"), MONDAY)
    assert [taker.last_turn > 0 for taker in (await desk.line()).takers] == [False, False, True]


@pytest.mark.parametrize(
    ("settings", "timezone"),
    [
        pytest.param({"type": "simpleRoundRobin"}, "UTC", id="simple"),
        pytest.param({"type": "advancedRoundRobin"}, "UTC", id="advanced"),
        pytest.param({"type": "equalDistribution", "distributionPeriod": "day"}, "Pacific/Auckland", id="per day"),
        pytest.param({"type": "equalDistribution", "distributionPeriod": "week"}, "America/Havana", id="per week"),
        pytest.param({"type": "equalDistribution"}, "Europe/Berlin", id="per month"),
    ],
)
async def test_the_line_that_is_read_is_the_one_that_follows_from_all_turns_ever_taken(
    desk: TurnDesk, settings: dict[str, Any], timezone: str
) -> None:
    random = Random(timezone)
    queue, members = await desk.queue_of(4, maxLeadThreshold=3, **settings)
    await desk.edit_queue(
        userCapacities=[{"userId": members[1], "capacity": 3}], userPriorities=[{"userId": members[2], "priority": 2}]
    )
    await desk.add_group(queue, members[1:], capacity=2, mainGroupHostId=members[3])
    await desk.execute("UPDATE companies SET timezone = %(timezone)s WHERE id = %(company_id)s", timezone=timezone)
    history, appointments = History(await desk.line()), []
    for _ in range(60):
        start = a_start(random)
        read = await desk.situation(start)
        assert await by_number(desk, read.line) == in_period(history.line(), start)
        free = frozenset(random.sample(members, 3))
        booked = history.take(free, int(start.timestamp()))
        assert booked is not None
        async with desk.pool.connection() as connection:
            appointments.append(await desk.write(connection, read, booked.turn, start))
        which = random.randrange(len(appointments))
        if history.booked[which].live and random.random() < 0.25:
            history.cancel(history.booked[which])
            await desk.give_back(appointments[which])
        elif history.booked[which].live and random.random() < 0.25:
            moved_to = a_start(random)
            history.move(history.booked[which], int(moved_to.timestamp()))
            await desk.move_turn(appointments[which], moved_to)


def a_start(random: Random) -> datetime:
    """Within three weeks around the end of a month, and of a year, by the half hour."""
    return MONDAY + timedelta(days=14, minutes=30 * random.randrange(21 * 48))


async def by_number(desk: TurnDesk, line: Line | None) -> tuple[Taker, ...]:
    """With the queue's first turn called 1, the second 2."""
    assert line is not None
    numbers = {0: 0, **dict(await desk.rows(NUMBERS))}
    return tuple(
        replace(
            taker,
            last_turn=numbers[taker.last_turn],
            place_turn=numbers[taker.place_turn],
            hosts=tuple(replace(host, last_turn=numbers[host.last_turn]) for host in taker.hosts),
        )
        for taker in line.takers
    )


def in_period(line: Line, start: datetime) -> tuple[Taker, ...]:
    """Only equal distribution needs to know how many there are, and only of the period that it is asked for."""
    period = line.period_of(int(start.timestamp())) if line.type == "equalDistribution" else None
    return tuple(
        replace(taker, turns={day: n for day, n in taker.turns.items() if day == period}) for taker in line.takers
    )


NUMBERS = """
    SELECT id, dense_rank() OVER (ORDER BY turn) FROM round_robin_entries WHERE company_id = %(company_id)s
"""


@pytest.mark.parametrize("period", ["day", "week", "month"])
@pytest.mark.parametrize("fold", [0, 1])
async def test_a_turn_in_an_hour_after_midnight_that_comes_twice_is_counted(
    desk: TurnDesk, period: str, fold: int
) -> None:
    """In Havana 2037-11-01 begins, and an hour later begins again."""
    await desk.queue_of(1, type="equalDistribution", distributionPeriod=period)
    await desk.execute("UPDATE companies SET timezone = 'America/Havana' WHERE id = %(company_id)s")
    await desk.take(datetime.fromtimestamp(at("2037-11-01 00:30", "America/Havana", fold), UTC))
    line = await desk.line(datetime.fromtimestamp(at("2037-11-01 12:00", "America/Havana"), UTC))
    assert line.takers[0].turns == {line.period_of(at("2037-11-01 00:30", "America/Havana", fold)): 1}


@pytest.mark.parametrize("kind", ["simpleRoundRobin", "equalDistribution"])
async def test_reading_the_line_costs_no_more_the_longer_its_history(desk: TurnDesk, kind: str) -> None:
    """As many entries as there are places, and for equal distribution those of the period and a day on each side."""
    _, members = await desk.queue_of(5, type=kind)
    await desk.edit_queue(userCapacities=[{"userId": members[0], "capacity": 3}])
    appointment_id = await desk.take()
    await desk.execute(TEN_YEARS, appointment_id=appointment_id, members=members, now=desk.now)
    await desk.execute("ANALYZE round_robin_entries")
    async with desk.pool.connection() as connection:
        params = {"company_id": desk.company.company_id, "id": desk.company.meeting_type_id, "start": MONDAY}
        sql = b"EXPLAIN (ANALYZE, FORMAT JSON) " + READ.encode()
        [plan] = await (await connection.execute(sql, params)).fetchone() or []
    in_period = 0 if kind == "simpleRoundRobin" else 1 + (31 + 2) * 3
    assert 0 < entries_read(plan[0]["Plan"]) <= 7 + in_period


def entries_read(node: dict[str, Any]) -> int:
    own = node["Actual Rows"] * node["Actual Loops"] if node.get("Relation Name") == "round_robin_entries" else 0
    removed = node.get("Rows Removed by Filter", 0) if own else 0
    return int(own + removed) + sum(entries_read(child) for child in node.get("Plans", ()))


TEN_YEARS = """
    INSERT INTO round_robin_entries (
        company_id, queue_id, turn, seat, appointment_id, user_id, selection_reason, start_at, created_at
    )
    SELECT company_id, id, version + n, 0, %(appointment_id)s, (%(members)s::uuid[])[1 + n %% 5], 'rotation',
        %(now)s + (n / 3 - 3000) * interval '1 day', %(now)s
    FROM queues, generate_series(1, 10000) AS n
    WHERE company_id = %(company_id)s
"""


async def test_next_are_the_hosts_in_the_order_of_their_turns_each_once(desk: TurnDesk) -> None:
    queue, members = await desk.queue_of(3)
    team = await desk.add_host()
    await desk.add_group(queue, [members[2], team], capacity=2, mainGroupHostId=team)
    assert await shown_next(desk, queue) == [*members, team]
    await desk.take()
    assert await shown_next(desk, queue) == [members[1], members[2], team, members[0]]


async def test_next_in_an_unknown_queue_or_another_companys_is_not_found(
    desk: TurnDesk, connection: Connection
) -> None:
    queue, _ = await desk.queue_of(1)
    for company_id, queue_id in ((uuid4(), queue.id), (desk.company.company_id, uuid4())):
        with pytest.raises(NotFound):
            await next_hosts(connection, company_id, queue_id, desk.now)


async def test_a_deleted_user_takes_no_turns(desk: TurnDesk) -> None:
    queue, members = await desk.queue_of(3)
    await desk.add_group(queue, members[:2])
    gone = "UPDATE users SET deleted_at = now() WHERE company_id = %(company_id)s AND id = %(id)s"
    await desk.execute(gone, id=members[1])
    hosts = [[host.id for host in taker.hosts] for taker in (await desk.line()).takers]
    assert hosts == [[members[0]], [members[2]], [members[0]]]


async def shown_next(desk: TurnDesk, queue: Queue) -> list[UUID]:
    async with desk.pool.connection() as connection:
        return [user.id for user in await next_hosts(connection, desk.company.company_id, queue.id, desk.now)]
