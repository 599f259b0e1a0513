"""Slots of a queue are those of any of its members."""

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from tests.api.v4.conftest import Api
from tests.api.v4.listing import Listing
from tests.support.desk import MONDAY, Desk


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


async def test_an_unknown_queue_is_not_found(listing: Listing) -> None:
    assert (await listing.answer(queueId=str(uuid4()))).status_code == 404
    assert (await listing.answer(queueId=str(uuid4()), troubleshoot="true")).status_code == 404


QUEUE = "INSERT INTO queues (company_id, id, name) VALUES (%(company_id)s, %(id)s, 'Sales')"
MEMBER = """
    INSERT INTO queue_members (company_id, queue_id, user_id, position)
    VALUES (%(company_id)s, %(queue)s, %(user)s, %(position)s)
"""
OFF_DUTY = "UPDATE availabilities SET schedule = '{}' WHERE company_id = %(company_id)s AND user_id = %(user)s"
