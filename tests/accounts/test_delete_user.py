import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from slotkeeper.accounts.delete_user import delete_user
from slotkeeper.errors import Conflict, Malformed
from tests.support.desk import MONDAY, NOW, Desk

HALF_AN_HOUR = timedelta(minutes=30)


@pytest.fixture
async def host(desk: Desk) -> UUID:
    return await desk.add_host()


async def leave(desk: Desk, user_id: UUID) -> None:
    async with desk.pool.connection() as connection:
        await delete_user(connection, desk.company.company_id, user_id, desk.now)


async def refused(desk: Desk, user_id: UUID) -> Conflict:
    with pytest.raises(Conflict) as refusal:
        await leave(desk, user_id)
    return refusal.value


async def test_a_host_with_appointments_ahead_stays_and_is_told_which(desk: Desk, host: UUID) -> None:
    both = (desk.company.user_id, host)
    ahead = [await desk.book(MONDAY + timedelta(days=days), host_ids=both) for days in (0, 1)]
    conflict = await refused(desk, host)
    assert (conflict.code, "holds ahead: 2" in conflict.detail) == ("user-has-appointments", True)
    assert conflict.detail.endswith(f"{ahead[0].id}, {ahead[1].id}")
    assert await desk.rows("SELECT FROM users WHERE id = %(id)s AND deleted_at IS NULL", id=host)
    await desk.book(MONDAY + timedelta(days=2), host_ids=(host,))


async def test_appointments_that_ended_or_were_cancelled_keep_nobody(desk: Desk, host: UUID) -> None:
    past = await desk.book(host_ids=(host,))
    cancelled = await desk.book(MONDAY + timedelta(days=1), host_ids=(host,))
    await desk.cancel(cancelled.id)
    desk.now = MONDAY + timedelta(minutes=29)
    assert (await refused(desk, host)).code == "user-has-appointments"
    desk.now = MONDAY + HALF_AN_HOUR
    await leave(desk, host)
    assert [someone.id for someone in (await desk.get(past.id)).appointment.hosts] == [host]


@pytest.mark.parametrize(
    ("expires", "keeps"),
    [pytest.param(timedelta(minutes=5), True, id="live"), pytest.param(timedelta(0), False, id="expired")],
)
async def test_a_hold_keeps_a_host_until_it_expires(desk: Desk, host: UUID, expires: timedelta, keeps: bool) -> None:
    await desk.execute(
        """
        INSERT INTO blocked_times (
            company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, expires_at
        )
        VALUES (%(company_id)s, %(host)s, 'hold', %(id)s, %(id)s, %(start)s, %(end)s, %(expires)s)
        """,
        host=host,
        id=uuid4(),
        start=MONDAY,
        end=MONDAY + HALF_AN_HOUR,
        expires=NOW + expires,
    )
    if keeps:
        assert (await refused(desk, host)).code == "user-has-appointments"
    else:
        await leave(desk, host)


async def test_a_deleted_user_cannot_be_booked_by_name_or_as_the_owner_of_a_meeting_type(
    desk: Desk, host: UUID
) -> None:
    await leave(desk, host)
    for host_ids in ((host,), (desk.company.user_id, host)):
        with pytest.raises(Malformed) as refusal:
            await desk.book(host_ids=host_ids)
        assert [error.field for error in refusal.value.errors] == ["hostIds"]
    await desk.set_type(user_id=host)
    with pytest.raises(Malformed):
        await desk.book()


async def test_either_the_booking_or_the_deletion_comes_first(desk: Desk) -> None:
    """Never an appointment ahead with a host who is gone."""
    outcomes = set()
    for _ in range(8):
        host = await desk.add_host()
        booked, left = await asyncio.gather(desk.book(host_ids=(host,)), leave(desk, host), return_exceptions=True)
        gone = await desk.rows("SELECT FROM users WHERE id = %(id)s AND deleted_at IS NOT NULL", id=host)
        assert bool(gone) == (left is None) == isinstance(booked, Malformed), (booked, left)
        outcomes.add(bool(gone))
    assert outcomes


async def test_two_last_admins_who_delete_each_other_leave_one(desk: Desk) -> None:
    """Of a company that nobody owns."""
    await desk.execute("UPDATE companies SET owner_id = NULL WHERE id = %(company_id)s")
    admin = desk.company.user_id
    for _ in range(5):
        other = await desk.add_host()
        await desk.execute(
            "UPDATE users SET is_admin = true WHERE company_id = %(company_id)s AND id = %(id)s", id=other
        )
        outcomes = await asyncio.gather(leave(desk, admin), leave(desk, other), return_exceptions=True)
        assert [isinstance(outcome, Conflict) for outcome in outcomes].count(True) == 1, outcomes
        admin = other if outcomes[0] is None else admin
    left = await desk.rows("SELECT id FROM users WHERE company_id = %(company_id)s AND is_admin AND deleted_at IS NULL")
    assert left == [(admin,)]


async def test_connected_accounts_are_forgotten_with_their_credentials(desk: Desk, host: UUID) -> None:
    ids = {"mine": desk.company.user_id, "theirs": host}
    for name, user_id in ids.items():
        await desk.execute(
            """
            INSERT INTO connections (company_id, id, user_id, provider, kind, credentials)
            VALUES (%(company_id)s, %(id)s, %(user_id)s, %(name)s, 'calendar', 'sealed')
            """,
            id=uuid4(),
            user_id=user_id,
            name=name,
        )
    await leave(desk, host)
    kept = await desk.rows(
        "SELECT provider FROM connections WHERE company_id = %(company_id)s AND credentials IS NOT NULL"
    )
    assert kept == [("mine",)]


async def test_who_is_deleted_leaves_queues_and_groups_and_their_turns_stay(desk: Desk, host: UUID) -> None:
    other = await desk.add_host()
    await desk.execute(TEAM, id=(queue := uuid4()), group=uuid4(), members=[host, other], main=host)
    await desk.set_type(queue_id=queue)
    booked = await desk.book()
    assert booked.main_host.id == host
    desk.now = MONDAY + HALF_AN_HOUR
    [(before,)] = await desk.rows(VERSION, id=queue)
    await leave(desk, host)
    [(after,)] = await desk.rows(VERSION, id=queue)
    assert after == before + 1
    assert await desk.rows(LEFT, id=queue) == [(other, other, None)]
    assert [entry.user_id for entry in (await desk.get(booked.id)).round_robin_entries] == [host]
    assert (await desk.book(MONDAY + timedelta(days=1))).main_host.id == other


TEAM = """
    WITH queue AS (
        INSERT INTO queues (company_id, id, name) VALUES (%(company_id)s, %(id)s, 'Team')
    ), "group" AS (
        INSERT INTO queue_user_groups (company_id, id, queue_id, name, main_group_host_id)
        VALUES (%(company_id)s, %(group)s, %(id)s, 'Group', %(main)s)
    ), grouped AS (
        INSERT INTO queue_user_group_members (company_id, group_id, user_id, position)
        SELECT %(company_id)s, %(group)s, m.id, m.position
        FROM unnest(%(members)s::uuid[]) WITH ORDINALITY AS m (id, position)
    )
    INSERT INTO queue_members (company_id, queue_id, user_id, position)
    SELECT %(company_id)s, %(id)s, m.id, m.position FROM unnest(%(members)s::uuid[]) WITH ORDINALITY AS m (id, position)
"""
VERSION = "SELECT version FROM queues WHERE company_id = %(company_id)s AND id = %(id)s"
LEFT = """
    SELECT m.user_id, x.user_id, g.main_group_host_id
    FROM queue_members m
    JOIN queue_user_groups g ON g.company_id = m.company_id AND g.queue_id = m.queue_id
    JOIN queue_user_group_members x ON x.company_id = g.company_id AND x.group_id = g.id
    WHERE m.company_id = %(company_id)s AND m.queue_id = %(id)s
"""
