"""Seats in groups, held times and outside calendars, as the list of slots shows them."""

import asyncio
from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from slotkeeper.records.appointment import Appointment
from tests.api.v4.conftest import Api
from tests.api.v4.listing import Listing, spots
from tests.support.desk import MONDAY, NOW, Desk, minutes

GROUP = {"name": "Class", "duration": 30, "groupBooking": True}
SEATS = 3


@pytest.fixture
def listing(api: Api) -> Listing:
    return Listing(api)


async def booked_group(
    desk: Desk, taken: int, start: datetime = MONDAY, host_ids: tuple[UUID, ...] = ()
) -> Appointment:
    """As many seats taken, and one that was given back."""
    await desk.set_type(meeting_info=GROUP, spots=SEATS)
    group = await desk.book(start, host_ids=host_ids)
    for number in range(taken - 1):
        await desk.execute(SEAT, id=uuid4(), appointment=group.id, deleted=None, name=f"n{number}")
    await desk.execute(SEAT, id=uuid4(), appointment=group.id, deleted=NOW, name="gone")
    return group


async def test_a_group_with_a_seat_left_is_a_slot_though_its_host_is_taken_by_it(listing: Listing, desk: Desk) -> None:
    group = await booked_group(desk, taken=2)
    listed = {spot["startTime"][11:16]: spot for spot in spots(await listing())}
    assert listed["10:00"]["appointment"] == {"id": str(group.id), "totalSpots": SEATS, "takenSpots": 2}
    assert listed["10:00"]["unavailabilityEvents"] == []
    assert "10:15" not in listed
    assert "appointment" not in listed["10:30"]


async def test_a_full_group_is_no_slot_and_hidden_ones_are_not_either(listing: Listing, desk: Desk) -> None:
    await booked_group(desk, taken=2)
    assert "10:00" not in await listing.times(hideGroupAppointments="true")
    await booked_group(desk, taken=SEATS, start=MONDAY + minutes(120))
    assert "12:00" not in await listing.times()


async def test_a_full_group_tells_why_it_is_no_slot_and_an_open_one_has_nothing_to_tell(
    listing: Listing, desk: Desk
) -> None:
    await booked_group(desk, taken=1)
    await booked_group(desk, taken=SEATS, start=MONDAY + minutes(120))
    told = {
        spot["startTime"][11:16]: spot["unavailabilityEvents"] for spot in spots(await listing(troubleshoot="true"))
    }
    assert told["10:00"] == []
    assert [event["rule"] for event in told["12:00"]] == ["slot-occupied"]


async def test_only_groups_of_the_asked_hosts_are_slots_where_hosts_are_named(listing: Listing, desk: Desk) -> None:
    other = await desk.add_host()
    group = await booked_group(desk, taken=1, host_ids=(other,))
    joined = [spot["appointment"]["id"] for spot in spots(await listing(hostIds=str(other))) if "appointment" in spot]
    assert joined == [str(group.id)]
    of_another = spots(await listing(hostIds=str(desk.company.user_id)))
    assert not [spot for spot in of_another if "appointment" in spot]


@pytest.mark.parametrize(
    "change",
    [
        pytest.param("UPDATE appointments SET status = 'cancelled'", id="cancelled"),
        pytest.param("UPDATE appointments SET deleted_at = now()", id="deleted"),
        pytest.param(
            """UPDATE appointments SET meeting_info = '{"name": "x"}'""", id="booked before it was for groups"
        ),
    ],
)
async def test_what_is_no_group_any_more_cannot_be_joined(listing: Listing, desk: Desk, change: str) -> None:
    await booked_group(desk, taken=1)
    await desk.execute(f"{change} WHERE company_id = %(company_id)s")
    assert not [spot for spot in spots(await listing()) if "appointment" in spot]


async def test_the_first_day_may_be_that_of_a_group_and_a_past_group_is_none(listing: Listing, desk: Desk) -> None:
    await booked_group(desk, taken=1)
    await desk.execute(NEVER_AT_WORK)
    content = await listing(start="2037-12-01", end="2037-12-02")
    assert content["earliestAvailableDate"] == "2037-12-07"
    await desk.execute(
        "UPDATE appointments SET start_at = %(past)s WHERE company_id = %(company_id)s", past=NOW - minutes(9)
    )
    assert (await listing(start="2037-11-01", end="2037-12-31"))["earliestAvailableDate"] is None


async def test_a_held_time_is_no_slot_until_the_hold_expires(listing: Listing, desk: Desk) -> None:
    for expires, held in ((NOW + minutes(10), False), (NOW, True)):
        await desk.execute(
            HOLD,
            host=desk.company.user_id,
            id=uuid4(),
            type=desk.company.meeting_type_id,
            start=MONDAY,
            end=MONDAY + minutes(30),
            expires=expires,
        )
        assert ("10:00" in await listing.times()) is held
        await desk.execute("DELETE FROM blocked_times WHERE company_id = %(company_id)s")


async def test_outside_busy_time_is_no_slot_and_the_answer_tells_how_old_it_is(listing: Listing, desk: Desk) -> None:
    read = [NOW - minutes(7), NOW - minutes(3)]
    calendars = [await connect(desk, at) for at in read]
    await desk.execute(
        OUTSIDE, host=desk.company.user_id, id=calendars[0], start=MONDAY, end=MONDAY + minutes(45), uid="dentist"
    )
    content = await listing()
    listed = [spot["startTime"][11:16] for spot in spots(content)]
    assert "09:30" in listed
    assert "10:45" in listed
    assert not {"09:45", "10:00", "10:15", "10:30"} & set(listed)
    assert datetime.fromisoformat(content["busyTimesReadAt"]) == read[0].astimezone(UTC)
    await connect(desk, None)
    assert (await listing())["busyTimesReadAt"] is None


async def test_whoever_asks_for_it_gets_outside_calendars_read_again_if_they_are_older_than_a_minute(
    listing: Listing, desk: Desk
) -> None:
    """The worker's part is done by hand: tests/side_effects/test_read_again.py has a real one."""
    calendar = await connect(desk, NOW - minutes(1))
    await listing(refreshCache="true")
    assert await desk.rows(JOB, id=calendar) == []
    await desk.execute(READ, at=NOW - minutes(2), id=calendar)
    asking = asyncio.create_task(listing(refreshCache="true"))
    while not await desk.rows(JOB, id=calendar):
        assert not asking.done()
    await desk.execute(READ, at=NOW, id=calendar)
    await desk.execute(DONE, id=calendar)
    assert datetime.fromisoformat((await asking)["busyTimesReadAt"]) == NOW


async def test_its_own_event_in_the_hosts_calendar_is_not_in_the_way_of_a_move(listing: Listing, desk: Desk) -> None:
    booked = await desk.book()
    calendar = await connect(desk, NOW)
    await desk.execute(
        OUTSIDE, host=desk.company.user_id, id=calendar, start=booked.start, end=booked.end, uid=booked.uid
    )
    assert "10:15" not in await listing.times()
    assert "10:15" in await listing.times(existingAppointmentId=str(booked.id))


async def connect(desk: Desk, read_at: datetime | None) -> UUID:
    calendar = uuid4()
    await desk.execute(CONNECTION, id=calendar, host=desk.company.user_id, read_at=read_at)
    return calendar


SEAT = """
    INSERT INTO attendees (
        company_id, id, appointment_id, email, language, timezone, created_at, updated_at, deleted_at
    ) VALUES (%(company_id)s, %(id)s, %(appointment)s, %(name)s, 'en', 'UTC', now(), now(), %(deleted)s)
"""
READ = "UPDATE connections SET busy_read_at = %(at)s WHERE company_id = %(company_id)s AND id = %(id)s"
JOB = "SELECT id FROM procrastinate_jobs WHERE args ->> 'connection_id' = %(id)s::text"
DONE = "DELETE FROM procrastinate_jobs WHERE args ->> 'connection_id' = %(id)s::text"
NEVER_AT_WORK = "UPDATE availabilities SET schedule = '{}' WHERE company_id = %(company_id)s"
HOLD = """
    INSERT INTO blocked_times (
        company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, expires_at
    ) VALUES (%(company_id)s, %(host)s, 'hold', %(id)s, %(type)s, %(start)s, %(end)s, %(expires)s)
"""
CONNECTION = """
    INSERT INTO connections (company_id, id, user_id, provider, kind, busy_read_at)
    VALUES (%(company_id)s, %(id)s, %(host)s, 'caldav', 'calendar', %(read_at)s)
"""
OUTSIDE = """
    INSERT INTO external_busy_times (company_id, user_id, connection_id, start_at, end_at, uid)
    VALUES (%(company_id)s, %(host)s, %(id)s, %(start)s, %(end)s, %(uid)s)
"""
