"""Whose turn it is in a queue takes an appointment over; the old turn is given back."""

import asyncio
from collections import Counter
from uuid import UUID, uuid4

import pytest

from slotkeeper.errors import Malformed, NotFound, NotFree
from tests.support.desk import MONDAY, Desk, minutes


@pytest.fixture
async def team(desk: Desk) -> list[UUID]:
    return [await desk.add_host() for _ in range(3)]


@pytest.fixture
async def queue(desk: Desk, team: list[UUID]) -> UUID:
    """The meeting type's own, of the three."""
    await desk.execute(QUEUE, id=(queue := uuid4()), members=team)
    await desk.set_type(queue_id=queue)
    return queue


async def turns(desk: Desk, appointment_id: UUID) -> list[tuple[UUID, str, bool]]:
    return [tuple(row) for row in await desk.rows(TURNS, id=appointment_id)]


async def test_the_next_of_the_queue_takes_it_and_the_old_turn_is_given_back(
    desk: Desk, team: list[UUID], queue: UUID
) -> None:
    booked = await desk.book()
    handed = await desk.hand_off(booked.id, queue_id=queue)
    assert [host.id for host in handed.appointment.hosts] == [team[1]]
    assert await turns(desk, booked.id) == [(team[0], "rotation", True), (team[1], "reassigned", False)]
    assert (await desk.book()).main_host.id == team[0]


async def test_who_is_not_free_is_passed_over_and_with_nobody_free_it_stays(
    desk: Desk, team: list[UUID], queue: UUID
) -> None:
    booked = await desk.book()
    await desk.book(host_ids=(team[1],))
    handed = await desk.hand_off(booked.id, queue_id=queue)
    assert handed.appointment.main_host.id == team[2]
    await desk.book(host_ids=(team[0],))
    with pytest.raises(NotFree):
        await desk.hand_off(booked.id, queue_id=queue)


async def test_a_named_member_takes_a_turn_of_the_appointments_queue(desk: Desk, team: list[UUID], queue: UUID) -> None:
    booked = await desk.book()
    await desk.hand_off(booked.id, team[2])
    assert (await turns(desk, booked.id))[-1] == (team[2], "reassigned", False)
    stranger = await desk.add_host()
    with pytest.raises(Malformed, match="member of the queue"):
        await desk.hand_off(booked.id, stranger, queue_id=queue)
    await desk.hand_off(booked.id, stranger)
    assert all(released for _, _, released in await turns(desk, booked.id))


async def test_a_group_takes_it_and_gives_it_back_as_one(desk: Desk, team: list[UUID], queue: UUID) -> None:
    pair = [await desk.add_host() for _ in range(2)]
    await desk.execute(GROUP, id=(group := uuid4()), queue=queue, members=pair)
    booked = await desk.book()
    handed = await desk.hand_off(booked.id, group_id=group)
    assert [host.id for host in handed.appointment.hosts] == pair
    for host in pair:
        with pytest.raises(NotFree):
            await desk.book(host_ids=(host,))
    handed = await desk.hand_off(booked.id, queue_id=queue)
    assert [host.id for host in handed.appointment.hosts] == team[:1]
    await desk.book(host_ids=tuple(pair))


async def test_parallel_hand_offs_never_take_the_same_turn(desk: Desk, team: list[UUID], queue: UUID) -> None:
    owner = desk.company.user_id
    booked = [await desk.book(MONDAY + minutes(30 * n), host_ids=(owner,)) for n in range(3)]
    handed = await asyncio.gather(*(desk.hand_off(one.id, queue_id=queue) for one in booked))
    assert Counter(each.appointment.main_host.id for each in handed) == Counter(team)


async def test_an_unknown_queue_or_group_is_not_found(desk: Desk) -> None:
    booked = await desk.book()
    with pytest.raises(NotFound, match="queue"):
        await desk.hand_off(booked.id, queue_id=uuid4())
    with pytest.raises(NotFound, match="group"):
        await desk.hand_off(booked.id, group_id=uuid4())


QUEUE = """
    WITH queue AS (INSERT INTO queues (company_id, id, name) VALUES (%(company_id)s, %(id)s, 'Team'))
    INSERT INTO queue_members (company_id, queue_id, user_id, position)
    SELECT %(company_id)s, %(id)s, m.id, m.position FROM unnest(%(members)s::uuid[]) WITH ORDINALITY AS m (id, position)
"""
GROUP = """
    WITH "group" AS (
        INSERT INTO queue_user_groups (company_id, id, queue_id, name, capacity)
        VALUES (%(company_id)s, %(id)s, %(queue)s, 'Group', 2)
    )
    INSERT INTO queue_user_group_members (company_id, group_id, user_id, position)
    SELECT %(company_id)s, %(id)s, m.id, m.position FROM unnest(%(members)s::uuid[]) WITH ORDINALITY AS m (id, position)
"""
TURNS = """
    SELECT user_id, selection_reason, released_at IS NOT NULL FROM round_robin_entries
    WHERE company_id = %(company_id)s AND appointment_id = %(id)s ORDER BY id
"""
