"""Many at once: invariants 18, 19 and 22."""

import asyncio
from datetime import timedelta
from itertools import pairwise

import pytest

from slotkeeper.errors import Conflict, NotFree
from tests.support.desk import MONDAY, Desk, minutes


async def test_of_many_parallel_moves_into_one_slot_exactly_one_succeeds(desk: Desk) -> None:
    starts = [MONDAY + timedelta(days=day, minutes=30 * n) for day in range(2) for n in range(12)]
    booked = [await desk.book(start) for start in starts]
    target = MONDAY + timedelta(days=2)
    answers = await asyncio.gather(*(desk.move(a.id, target) for a in booked), return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert len(refused) == len(booked) - 1
    assert all(isinstance(answer, NotFree) and answer.code == "slot-occupied" for answer in refused)
    assert len(await desk.rows("SELECT 1 FROM changes WHERE company_id = %(company_id)s AND kind = 'rescheduled'")) == 1


async def test_of_parallel_moves_onto_overlapping_starts_no_two_succeed_that_overlap(desk: Desk) -> None:
    booked = [await desk.book(MONDAY + timedelta(minutes=30 * n)) for n in range(12)]
    day = MONDAY + timedelta(days=2)
    targets = [day + minutes(15 * (n % 3)) for n in range(12)]
    answers = await asyncio.gather(
        *(desk.move(a.id, target) for a, target in zip(booked, targets, strict=True)), return_exceptions=True
    )
    assert all(isinstance(answer, Conflict) for answer in answers if isinstance(answer, BaseException))
    taken = await desk.rows(
        "SELECT start_at FROM blocked_times WHERE company_id = %(company_id)s AND start_at >= %(day)s ORDER BY 1",
        day=day,
    )
    assert 1 <= len(taken) <= 2
    assert all(b[0] - a[0] >= minutes(30) for a, b in pairwise(taken))


async def test_buffers_hold_among_parallel_moves_although_no_constraint_knows_them(desk: Desk) -> None:
    await desk.set_type(meeting_info={"name": "Buffered", "duration": 30, "bufferBefore": 30, "bufferAfter": 30})
    booked = [await desk.book(MONDAY + timedelta(hours=n)) for n in range(7)]
    day = MONDAY + timedelta(days=2)
    await asyncio.gather(
        *(desk.move(a.id, day + minutes(30 * n)) for n, a in enumerate(booked)), return_exceptions=True
    )
    taken = await desk.rows(
        "SELECT start_at FROM blocked_times WHERE company_id = %(company_id)s AND start_at >= %(day)s ORDER BY 1",
        day=day,
    )
    assert len(taken) >= 1
    assert all(b[0] - a[0] >= minutes(60) for a, b in pairwise(taken))


async def test_a_limit_holds_among_parallel_moves(desk: Desk) -> None:
    booked = [await desk.book(MONDAY + timedelta(minutes=30 * n)) for n in range(6)]
    await desk.set_type(booking_limits={"day": 2})
    day = MONDAY + timedelta(days=2)
    await asyncio.gather(
        *(desk.move(a.id, day + minutes(60 * n)) for n, a in enumerate(booked)), return_exceptions=True
    )
    taken = await desk.rows(
        "SELECT 1 FROM blocked_times WHERE company_id = %(company_id)s AND start_at >= %(day)s", day=day
    )
    assert len(taken) == 2


async def test_the_old_time_can_be_booked_in_the_instant_the_move_commits(desk: Desk) -> None:
    booked = await desk.book()
    with pytest.raises(NotFree):
        await desk.book(MONDAY)
    await desk.move(booked.id, MONDAY + minutes(60))
    assert (await desk.book(MONDAY)).start == MONDAY
