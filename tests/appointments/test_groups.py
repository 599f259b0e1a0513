import asyncio

import pytest

from slotkeeper.errors import Conflict, Malformed, NotFree
from slotkeeper.records.appointment import Appointment
from tests.support.desk import MONDAY, Desk, minutes

SPOTS = 3


@pytest.fixture
async def class_desk(desk: Desk) -> Desk:
    await desk.set_type(
        meeting_info={"name": "Class", "duration": 30, "groupBooking": True, "channel": "jitsi"}, spots=SPOTS
    )
    return desk


async def test_bookings_of_one_slot_share_one_appointment_until_its_seats_are_taken(class_desk: Desk) -> None:
    booked = [await class_desk.book(attendee=class_desk.attendee(email=f"a{n}@example.org")) for n in range(SPOTS)]
    assert len({appointment.id for appointment in booked}) == 1
    with pytest.raises(NotFree) as full:
        await class_desk.book()
    assert full.value.code == "slot-occupied"
    stored = (await class_desk.get(booked[0].id)).appointment
    assert {attendee.email for attendee in stored.attendees} == {f"a{n}@example.org" for n in range(SPOTS)}
    assert stored.sequence == SPOTS - 1


async def test_another_start_is_another_group(class_desk: Desk) -> None:
    first, second = await class_desk.book(), await class_desk.book(MONDAY + minutes(30))
    assert first.id != second.id


async def test_seats_are_those_of_the_time_of_booking(class_desk: Desk) -> None:
    first = await class_desk.book()
    await class_desk.set_type(spots=1)
    assert (await class_desk.book()).id == first.id


async def test_a_group_moves_as_a_whole_and_keeps_its_seats(class_desk: Desk) -> None:
    first = await class_desk.book()
    await class_desk.book(attendee=class_desk.attendee(email="b@example.org"))
    moved = (await class_desk.move(first.id, MONDAY + minutes(15))).stored.appointment
    assert len(moved.attendees) == 2
    assert (await class_desk.book(MONDAY + minutes(15))).id == first.id
    with pytest.raises(NotFree):
        await class_desk.book(MONDAY + minutes(15))


async def test_a_move_of_a_group_is_checked_against_other_appointments_not_against_its_own_attendees(
    class_desk: Desk,
) -> None:
    group = await class_desk.book()
    await class_desk.book(attendee=class_desk.attendee(email="b@example.org"))
    other = await class_desk.book(MONDAY + minutes(60))
    with pytest.raises(NotFree) as refused:
        await class_desk.move(group.id, MONDAY + minutes(45))
    assert {conflict.start for conflict in refused.value.conflicts} == {other.start}
    moved = (await class_desk.move(group.id, MONDAY + minutes(15))).stored.appointment
    assert (moved.seats, len(moved.attendees)) == (group.seats, 2)


async def test_a_group_can_be_named_to_be_joined_and_nothing_else_can(class_desk: Desk) -> None:
    first = await class_desk.book()
    assert (await class_desk.book(appointment_id=first.id)).id == first.id
    with pytest.raises(Malformed, match="appointmentId"):
        await class_desk.book(MONDAY + minutes(60), appointment_id=first.id)


async def test_many_at_once_never_take_more_seats_than_there_are(class_desk: Desk) -> None:
    async def one(n: int) -> Appointment | str:
        try:
            return await class_desk.book(attendee=class_desk.attendee(email=f"a{n}@example.org"))
        except Conflict as refusal:
            return refusal.code

    outcomes = await asyncio.gather(*(one(n) for n in range(12)))
    booked = [outcome for outcome in outcomes if isinstance(outcome, Appointment)]
    assert len({appointment.id for appointment in booked}) == 1
    assert len((await class_desk.get(booked[0].id)).appointment.attendees) == len(booked) <= SPOTS


async def test_a_cancelled_group_is_not_joined(class_desk: Desk) -> None:
    first = await class_desk.book()
    await class_desk.cancel(first.id, cancel_all=True)
    assert (await class_desk.book()).id != first.id
