from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from slotkeeper.appointments.holds import Hold, HoldRequest, hold, release
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, NotFound, NotFree
from tests.support.desk import MONDAY, Desk, minutes

TEN_MINUTES = timedelta(minutes=10)


async def held(desk: Desk, start: Any = MONDAY) -> Hold:
    request = HoldRequest(meeting_type_id=desk.company.meeting_type_id, start=start, lasting=TEN_MINUTES)

    async def attempt(connection: Connection, locked: bool) -> Hold:
        return await hold(connection, desk.company.company_id, request, desk.now, locked=locked)

    return await in_attempts(desk.pool, attempt)


async def test_a_held_time_is_taken_for_everyone_but_the_one_who_brings_the_hold(desk: Desk) -> None:
    taken = await held(desk)
    for start in (MONDAY, MONDAY + minutes(15)):
        with pytest.raises(NotFree):
            await desk.book(start)
    booked = await desk.book(hold_id=taken.id)
    assert booked.start == MONDAY


async def test_of_a_queue_only_whose_turn_it_is_is_held_and_the_booking_is_sure_of_its_place(desk: Desk) -> None:
    """Even if others are booked meanwhile, and who is held leads too far by then."""
    first, second = await desk.add_host(), await desk.add_host()
    await desk.execute(EQUAL_QUEUE, id=(queue := uuid4()), members=[first, second])
    await desk.set_type(queue_id=queue)
    taken = await held(desk)
    assert taken.host_ids == (first,)
    assert (await desk.book(host_ids=(second,))).main_host.id == second
    for n in (1, 2):
        assert (await desk.book(MONDAY + minutes(60 * n), host_ids=(first,), queue_id=queue)).main_host.id == first
    with pytest.raises(NotFree):
        await desk.book()
    assert (await desk.book(hold_id=taken.id)).main_host.id == first


async def test_a_hold_is_used_once(desk: Desk) -> None:
    taken = await held(desk)
    booked = await desk.book(hold_id=taken.id)
    await desk.cancel(booked.id)
    with pytest.raises(Conflict) as again:
        await desk.book(hold_id=taken.id)
    assert again.value.code == "hold-expired"


async def test_a_move_can_take_a_held_time(desk: Desk) -> None:
    booked = await desk.book()
    taken = await held(desk, MONDAY + minutes(60))
    with pytest.raises(NotFree):
        await desk.move(booked.id, MONDAY + minutes(60))
    await desk.move(booked.id, MONDAY + minutes(60), hold_id=taken.id)
    assert await desk.rows(HOLDS) == []


async def test_a_refused_move_keeps_the_hold(desk: Desk) -> None:
    booked, other = await desk.book(), await desk.book(MONDAY + minutes(120))
    taken = await held(desk, MONDAY + minutes(60))
    with pytest.raises(NotFree):
        await desk.move(booked.id, other.start, hold_id=taken.id)
    assert len(await desk.rows(HOLDS)) == 1


async def test_an_expired_hold_blocks_nobody_and_is_good_for_nothing(desk: Desk) -> None:
    taken = await held(desk)
    desk.now += TEN_MINUTES
    with pytest.raises(Conflict) as late:
        await desk.book(hold_id=taken.id)
    assert late.value.code == "hold-expired"
    await desk.book()


async def test_a_released_hold_frees_its_time(desk: Desk) -> None:
    taken = await held(desk)
    async with desk.pool.connection() as connection:
        await release(connection, desk.company.company_id, taken.id)
        with pytest.raises(NotFound):
            await release(connection, desk.company.company_id, taken.id)
    await desk.book()


async def test_two_holds_of_one_time_cannot_be(desk: Desk) -> None:
    await held(desk)
    with pytest.raises(NotFree):
        await held(desk, MONDAY + minutes(15))


async def test_another_companys_hold_opens_nothing(desk: Desk, other_desk: Desk) -> None:
    taken = await held(other_desk)
    for hold_id in (taken.id, uuid4()):
        with pytest.raises(Conflict):
            await desk.book(hold_id=hold_id)
    async with desk.pool.connection() as connection:
        with pytest.raises(NotFound):
            await release(connection, desk.company.company_id, taken.id)


HOLDS = "SELECT 1 FROM blocked_times WHERE company_id = %(company_id)s AND source = 'hold'"
EQUAL_QUEUE = """
    WITH queue AS (
        INSERT INTO queues (company_id, id, name, type) VALUES (%(company_id)s, %(id)s, 'Team', 'equalDistribution')
    )
    INSERT INTO queue_members (company_id, queue_id, user_id, position)
    SELECT %(company_id)s, %(id)s, m.id, m.position FROM unnest(%(members)s::uuid[]) WITH ORDINALITY AS m (id, position)
"""
