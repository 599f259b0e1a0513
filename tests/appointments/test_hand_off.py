from uuid import uuid4

import pytest

from slotkeeper.errors import Conflict, Forbidden, Malformed, NotFree
from tests.support.desk import MONDAY, Desk, minutes


async def test_the_old_hosts_time_is_free_and_the_new_hosts_is_taken(desk: Desk) -> None:
    new = await desk.add_host()
    booked = await desk.book()
    await desk.hand_off(booked.id, new)
    await desk.book()
    with pytest.raises(NotFree):
        await desk.book(host_ids=(new,))


async def test_a_host_who_is_taken_cannot_take_it_over_unless_that_is_overridden(desk: Desk) -> None:
    new = await desk.add_host()
    await desk.book(host_ids=(new,))
    booked = await desk.book()
    with pytest.raises(NotFree) as refusal:
        await desk.hand_off(booked.id, new)
    assert refusal.value.code == "slot-occupied"
    handed = await desk.hand_off(booked.id, new, overrides=frozenset({"conflicts", "buffers"}))
    assert [host.id for host in handed.appointment.hosts] == [new]
    [(overridden,)] = await desk.rows(LAST_CHANGE, id=booked.id)
    assert overridden == ["slot-occupied"]


async def test_notice_and_booking_window_are_not_asked_again(desk: Desk) -> None:
    new = await desk.add_host()
    booked = await desk.book()
    await desk.set_type(booking_minimum=525_600, days_into_future={"mode": "limit", "bookingLimit": 5})
    await desk.hand_off(booked.id, new)
    [(overridden,)] = await desk.rows(LAST_CHANGE, id=booked.id)
    assert overridden == []


async def test_of_several_hosts_the_named_one_gives_it_away(desk: Desk) -> None:
    second, third = await desk.add_host(), await desk.add_host()
    booked = await desk.book(host_ids=(desk.company.user_id, second))
    handed = await desk.hand_off(booked.id, third, from_id=second)
    assert [host.id for host in handed.appointment.hosts] == [desk.company.user_id, third]
    with pytest.raises(NotFree):
        await desk.book(MONDAY + minutes(15))


async def test_who_cannot_be_meant_is_named(desk: Desk) -> None:
    booked = await desk.book()
    new = await desk.add_host()
    with pytest.raises(Malformed, match="userId: must name"):
        await desk.hand_off(booked.id, uuid4())
    with pytest.raises(Malformed, match="fromUserId: must name"):
        await desk.hand_off(booked.id, new, from_id=uuid4())
    with pytest.raises(Malformed, match="userId: is a host of this appointment already"):
        await desk.hand_off(booked.id, desk.company.user_id)


async def test_a_cancelled_appointment_stays_with_its_host(desk: Desk) -> None:
    booked = await desk.book()
    await desk.cancel(booked.id)
    with pytest.raises(Conflict):
        await desk.hand_off(booked.id, await desk.add_host())


async def test_only_its_hosts_and_admins_hand_it_off(desk: Desk) -> None:
    booked = await desk.book()
    stranger = await desk.add_host()
    desk.caller = desk.caller_for(stranger)
    with pytest.raises(Forbidden):
        await desk.hand_off(booked.id, stranger)


async def test_an_appointment_of_a_deleted_meeting_type_can_still_be_handed_off(desk: Desk) -> None:
    booked = await desk.book()
    await desk.set_type(deleted_at=desk.now)
    await desk.hand_off(booked.id, await desk.add_host())


LAST_CHANGE = """
    SELECT overridden FROM changes WHERE company_id = %(company_id)s AND appointment_id = %(id)s
    ORDER BY sequence DESC LIMIT 1
"""
