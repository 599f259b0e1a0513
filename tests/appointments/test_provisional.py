from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from slotkeeper.appointments.provisional import Word, confirm, decline, expire
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, NotFound, NotFree
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Actor
from tests.support.desk import MONDAY, Desk, minutes

OPT_IN = {"doubleOptIn": "enabled"}
HOST_CONFIRMS = {"requireHostConfirmation": "enabled"}
HOST = Word(side="host", actor=Actor(kind="host", name="Dr. Weiß"))
ATTENDEE = Word(side="attendee", actor=Actor(kind="attendee", name="Ann"), through="link")


async def given(desk: Desk, booked: UUID, word: Word) -> Appointment:
    async def attempt(connection: Connection, _: bool) -> Appointment:
        return (await confirm(connection, desk.company.company_id, booked, word, desk.now)).appointment

    return await in_attempts(desk.pool, attempt)


async def refused(desk: Desk, booked: UUID, reason: str | None = None) -> None:
    async with desk.pool.connection() as connection:
        await decline(connection, desk.company.company_id, booked, HOST, reason, desk.now)


@pytest.mark.parametrize(
    ("options", "waits_for"),
    [
        pytest.param(OPT_IN, "attendee", id="double opt-in"),
        pytest.param(HOST_CONFIRMS, "host", id="host confirmation"),
        pytest.param({**OPT_IN, **HOST_CONFIRMS}, "host", id="both: the host first"),
    ],
)
async def test_a_request_is_tentative_and_holds_its_time(desk: Desk, options: dict[str, str], waits_for: str) -> None:
    await desk.set_type(meeting_options=options)
    booked = await desk.book()
    assert (booked.status, booked.waiting_for) == ("tentative", waits_for)
    assert (await desk.get(booked.id)).reminder_ids == ()
    with pytest.raises(NotFree):
        await desk.book()


async def test_the_attendees_word_confirms_and_plans_the_reminders(desk: Desk) -> None:
    await desk.set_type(meeting_options=OPT_IN)
    booked = await desk.book()
    assert booked.attendees[0].double_opt_in == "pending"
    await given(desk, booked.id, ATTENDEE)
    stored = await desk.get(booked.id)
    assert (stored.appointment.status, stored.appointment.waiting_for) == ("confirmed", None)
    assert stored.appointment.attendees[0].double_opt_in == "confirmed"
    assert len(stored.reminder_ids) == 2
    assert "STATUS:CONFIRMED" in stored.ics


async def test_with_both_the_attendee_is_asked_after_the_host_has_agreed(desk: Desk) -> None:
    await desk.set_type(meeting_options={**OPT_IN, **HOST_CONFIRMS})
    booked = await desk.book()
    with pytest.raises(Conflict, match="waits for the host"):
        await given(desk, booked.id, ATTENDEE)
    asked = await given(desk, booked.id, HOST)
    assert (asked.status, asked.waiting_for) == ("tentative", "attendee")
    assert (await given(desk, booked.id, ATTENDEE)).status == "confirmed"


async def test_a_request_is_decided_once(desk: Desk) -> None:
    await desk.set_type(meeting_options=HOST_CONFIRMS)
    booked = await desk.book()
    await given(desk, booked.id, HOST)
    with pytest.raises(Conflict) as again:
        await refused(desk, booked.id)
    assert again.value.code == "already-decided"


async def test_a_declined_request_frees_its_time_and_keeps_the_reason(desk: Desk) -> None:
    await desk.set_type(meeting_options=HOST_CONFIRMS)
    booked = await desk.book()
    await refused(desk, booked.id, "we are on holiday")
    cancellation = (await desk.get(booked.id)).appointment.cancellation
    assert cancellation is not None
    assert cancellation.reason == "we are on holiday"
    assert await desk.rows(STATUS, id=booked.id) == [("declined_by_host",)]
    await desk.book()


async def test_a_request_that_nobody_answers_holds_its_time_for_a_day_and_not_longer(desk: Desk) -> None:
    await desk.set_type(meeting_options=HOST_CONFIRMS)
    booked = await desk.book()
    desk.now += timedelta(hours=24) - timedelta(seconds=1)
    with pytest.raises(NotFree):
        await desk.book()
    desk.now += timedelta(seconds=1)
    with pytest.raises(Conflict) as late:
        await given(desk, booked.id, HOST)
    assert late.value.code == "request-expired"
    await desk.book()


async def test_an_expired_request_is_cancelled_once_and_an_answered_one_never(desk: Desk) -> None:
    await desk.set_type(meeting_options=HOST_CONFIRMS)
    waiting, answered = await desk.book(), await desk.book(MONDAY + minutes(60))
    await given(desk, answered.id, HOST)
    desk.now += timedelta(hours=25)
    for booked in (waiting, answered, waiting):
        async with desk.pool.connection() as connection:
            await expire(connection, desk.company.company_id, booked.id, desk.now)
    assert (await desk.get(waiting.id)).appointment.sequence == 1
    assert (await desk.get(waiting.id)).appointment.status == "cancelled"
    assert (await desk.get(answered.id)).appointment.status == "confirmed"


async def test_a_confirmed_time_is_held_beyond_the_requests_end(desk: Desk) -> None:
    await desk.set_type(meeting_options=HOST_CONFIRMS)
    booked = await desk.book()
    await given(desk, booked.id, HOST)
    desk.now += timedelta(hours=48)
    with pytest.raises(NotFree):
        await desk.book()


async def test_a_cancelled_request_waits_no_longer(desk: Desk) -> None:
    await desk.set_type(meeting_options=OPT_IN)
    booked = await desk.book()
    await desk.cancel(booked.id)
    with pytest.raises(Conflict):
        await given(desk, booked.id, ATTENDEE)
    assert await desk.rows(STATUS, id=booked.id) == [("withdrawn",)]


async def test_a_moved_request_still_waits_and_is_still_confirmed_by_the_same_link(desk: Desk) -> None:
    await desk.set_type(meeting_options=OPT_IN)
    booked = await desk.book()
    moved = (await desk.move(booked.id, MONDAY + minutes(30))).stored
    assert (moved.appointment.status, moved.appointment.waiting_for) == ("tentative", "attendee")
    assert (await given(desk, booked.id, ATTENDEE)).start == MONDAY + minutes(30)


async def test_an_ordinary_appointment_is_no_request(desk: Desk) -> None:
    booked = await desk.book()
    with pytest.raises(NotFound):
        await given(desk, booked.id, HOST)


async def test_another_companys_request_is_unknown(desk: Desk, other_desk: Desk) -> None:
    await desk.set_type(meeting_options=OPT_IN)
    booked = await desk.book()
    with pytest.raises(NotFound):
        await given(other_desk, booked.id, ATTENDEE)


STATUS: Any = "SELECT status FROM provisional_bookings WHERE company_id = %(company_id)s AND id = %(id)s"
