"""Slots of a queue are those of any of its takers, except of who leads too far in equal distribution."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from slotkeeper.errors import NotFree
from tests.api.v4.conftest import Api
from tests.api.v4.listing import Listing
from tests.support.desk import MONDAY, Desk, minutes


@pytest.fixture
def listing(api: Api) -> Listing:
    return Listing(api)


async def queue_of(desk: Desk, members: Sequence[UUID]) -> UUID:
    queue = uuid4()
    await desk.execute(QUEUE, id=queue)
    for position, member in enumerate(members):
        await desk.execute(MEMBER, queue=queue, user=member, position=position)
    return queue


async def test_a_slot_is_listed_while_one_of_the_queues_members_is_free(listing: Listing, desk: Desk) -> None:
    members = [await desk.add_host(), await desk.add_host()]
    queue = str(await queue_of(desk, members))
    for member in members:
        assert "10:00" in await listing.times(queueId=queue)
        await desk.book(MONDAY, host_ids=(member,))
    assert "10:00" not in await listing.times(queueId=queue)
    assert "10:00" in await listing.times()


async def test_without_hosts_and_queue_a_meeting_types_own_queue_is_meant(listing: Listing, desk: Desk) -> None:
    member = await desk.add_host()
    await desk.book(MONDAY, host_ids=(member,))
    await desk.set_type(queue_id=await queue_of(desk, [member]))
    listed = await listing.times()
    assert "10:00" not in listed
    assert listed == await listing.times(hostIds=str(member))
    assert "10:00" in await listing.times(hostIds=str(desk.company.user_id))


async def test_an_appointment_of_a_queue_moves_with_the_host_it_has(listing: Listing, desk: Desk) -> None:
    members = [await desk.add_host(), await desk.add_host()]
    queue = await queue_of(desk, members)
    await desk.set_type(queue_id=queue)
    booked = await desk.book(MONDAY, host_ids=(members[0],))
    await desk.execute(OFF_DUTY, user=members[0])
    assert await listing.times(queueId=str(queue))
    assert await listing.times(queueId=str(queue), existingAppointmentId=str(booked.id)) == []


async def test_a_queue_without_members_has_no_slots(listing: Listing, desk: Desk) -> None:
    content = await listing(queueId=str(await queue_of(desk, [])))
    assert (content["dates"], content["earliestAvailableDate"]) == ([], None)


async def test_of_a_queue_any_member_will_do_whatever_is_asked(listing: Listing, desk: Desk) -> None:
    members = [await desk.add_host(), await desk.add_host()]
    queue = str(await queue_of(desk, members))
    await desk.book(MONDAY, host_ids=(members[0],))
    assert "10:00" in await listing.times(queueId=queue, calculationMethod="everyone")


@pytest.mark.parametrize(
    ("leads", "taken", "listed"),
    [
        pytest.param(False, [], True, id="all are free"),
        pytest.param(False, [0], True, id="enough are free"),
        pytest.param(True, [0], False, id="the main host is taken"),
        pytest.param(False, [0, 1], False, id="too few are free"),
    ],
)
async def test_a_group_has_a_slot_while_it_can_fill_its_seats(
    listing: Listing, desk: Desk, leads: bool, taken: list[int], listed: bool
) -> None:
    hosts = [await desk.add_host() for _ in range(3)]
    queue = await queue_of(desk, [])
    await desk.set_type(queue_id=queue)
    await desk.execute(GROUP, id=(group := uuid4()), queue=queue, main=hosts[0] if leads else None)
    for position, host in enumerate(hosts):
        await desk.execute(OF_GROUP, group=group, user=host, position=position)
    for index in taken:
        await desk.book(MONDAY, host_ids=(hosts[index],))
    assert ("10:00" in await listing.times()) is listed
    if listed:
        assert len((await desk.book()).hosts) == 2
    else:
        with pytest.raises(NotFree) as refusal:
            await desk.book()
        assert refusal.value.suggestions


@pytest.fixture
async def ahead(desk: Desk) -> tuple[UUID, UUID]:
    """Two members of an equal distribution: the first has had a turn in the month, and the second has not.

    The second is taken at 10:00, where the first is free.
    """
    first, second = await desk.add_host(), await desk.add_host()
    queue = await queue_of(desk, [first, second])
    await desk.execute(EQUAL, queue=queue)
    await desk.set_type(queue_id=queue)
    assert (await desk.book(MONDAY + minutes(60))).main_host.id == first
    await desk.book(MONDAY, host_ids=(second,))
    return first, second


async def test_who_leads_too_far_is_neither_listed_nor_booked(
    listing: Listing, desk: Desk, ahead: tuple[UUID, UUID]
) -> None:
    assert "10:00" not in await listing.times()
    assert await listing.times() == await listing.times(hostIds=str(ahead[1]))
    with pytest.raises(NotFree) as refusal:
        await desk.book()
    assert refusal.value.code == "slot-occupied"
    assert [conflict.host_id for conflict in refusal.value.conflicts] == [ahead[1]]
    assert refusal.value.suggestions[0] == MONDAY - minutes(30)


async def test_an_attendee_may_choose_who_leads_too_far(desk: Desk, ahead: tuple[UUID, UUID]) -> None:
    [(queue,)] = await desk.rows("SELECT queue_id FROM meeting_types WHERE company_id = %(company_id)s")
    assert (await desk.book(host_ids=ahead[:1], queue_id=queue)).main_host.id == ahead[0]


async def test_a_lead_counts_in_its_own_period_and_while_somebody_else_has_time_in_it(
    listing: Listing, desk: Desk, ahead: tuple[UUID, UUID]
) -> None:
    next_month = MONDAY + timedelta(days=28)
    await desk.book(next_month, host_ids=(ahead[1],))
    assert (await desk.book(next_month)).main_host.id == ahead[0]
    await desk.execute(OFF_DUTY, user=ahead[1])
    assert "10:00" in await listing.times()
    assert (await desk.book()).main_host.id == ahead[0]


async def test_a_queue_that_prefers_near_times_lists_who_leads_where_there_is_nothing_else(
    listing: Listing, desk: Desk, ahead: tuple[UUID, UUID]
) -> None:
    assert MONDAY - desk.now == timedelta(days=14, hours=1)
    await desk.execute("UPDATE queues SET prioritize_near_term_availability = true WHERE company_id = %(company_id)s")
    for user in ahead:
        await desk.execute(AWAY, user=user, start=desk.now, end=MONDAY)
    assert "10:00" in await listing.times()
    assert (await desk.book()).main_host.id == ahead[0]
    await desk.execute("DELETE FROM availability_exceptions WHERE company_id = %(company_id)s")
    assert "10:00" not in await listing.times()


async def test_an_unknown_queue_is_not_found(listing: Listing) -> None:
    assert (await listing.answer(queueId=str(uuid4()))).status_code == 404
    assert (await listing.answer(queueId=str(uuid4()), troubleshoot="true")).status_code == 404


QUEUE = "INSERT INTO queues (company_id, id, name) VALUES (%(company_id)s, %(id)s, 'Sales')"
MEMBER = """
    INSERT INTO queue_members (company_id, queue_id, user_id, position)
    VALUES (%(company_id)s, %(queue)s, %(user)s, %(position)s)
"""
GROUP = """
    INSERT INTO queue_user_groups (company_id, id, queue_id, name, capacity, main_group_host_id)
    VALUES (%(company_id)s, %(id)s, %(queue)s, 'Group', 2, %(main)s)
"""
OF_GROUP = """
    INSERT INTO queue_user_group_members (company_id, group_id, user_id, position)
    VALUES (%(company_id)s, %(group)s, %(user)s, %(position)s)
"""
EQUAL = "UPDATE queues SET type = 'equalDistribution' WHERE company_id = %(company_id)s AND id = %(queue)s"
AWAY = """
    INSERT INTO availability_exceptions (company_id, owner_type, owner_id, available, start_at, end_at)
    VALUES (%(company_id)s, 'user', %(user)s, false, %(start)s, %(end)s)
"""
OFF_DUTY = "UPDATE availabilities SET schedule = '{}' WHERE company_id = %(company_id)s AND user_id = %(user)s"
