"""Meeting types are edited while they are booked: no failure, and no appointment that is half of each."""

import asyncio
import json
from typing import Any

import msgspec

from slotkeeper.errors import Conflict
from slotkeeper.meeting_types.create import create_type
from slotkeeper.meeting_types.delete import delete_type
from slotkeeper.meeting_types.fields import MeetingTypeFields, NewMeetingType
from slotkeeper.meeting_types.meeting_type import MeetingType
from slotkeeper.meeting_types.update import update_type
from slotkeeper.records.appointment import Appointment
from tests.support.desk import MONDAY, NOW, Desk, minutes

SHORT = {"name": "Short", "duration": 15, "bufferAfter": 0, "channel": "phone"}
LONG = {"name": "Long", "duration": 45, "bufferAfter": 15, "channel": "zoom"}


async def edit(desk: Desk, **members: Any) -> MeetingType:
    given = msgspec.json.decode(json.dumps(members), type=MeetingTypeFields)
    return await update_type(desk.pool, desk.caller, desk.company.meeting_type_id, given)


async def test_every_appointment_that_is_booked_meanwhile_has_one_state_of_its_type(desk: Desk) -> None:
    await edit(desk, meetingInfo=SHORT)
    edits = [edit(desk, meetingInfo=LONG if n % 2 else SHORT, spots=1 + n) for n in range(10)]
    bookings = [desk.book(MONDAY.replace(day=7 + n)) for n in range(5)]
    done = await asyncio.gather(*edits, *bookings)
    booked = [result for result in done if isinstance(result, Appointment)]
    states = {(a.meeting_info.name, a.meeting_info.channel, a.duration, a.meeting_info.buffer_after) for a in booked}
    assert len(booked) == 5
    assert states <= {("Short", "phone", minutes(15), 0), ("Long", "zoom", minutes(45), 15)}


async def test_edits_of_different_members_at_once_are_all_kept(desk: Desk) -> None:
    await asyncio.gather(
        edit(desk, spots=7),
        edit(desk, meetingInfo={"duration": 50}),
        edit(desk, meetingInfo={"bufferBefore": 5}),
        edit(desk, metadata={"a": "1"}),
        edit(desk, metadata={"b": "2"}),
        edit(desk, bookingMinimum=30),
    )
    after = await edit(desk)
    assert (after.spots, after.meeting_info.duration, after.meeting_info.buffer_before) == (7, 50, 5)
    assert (after.metadata, after.booking_minimum) == ({"a": "1", "b": "2"}, 30)


async def test_types_of_one_name_made_at_once_get_slugs_of_their_own(desk: Desk) -> None:
    new = msgspec.convert({"meetingInfo": {"name": "Intro"}}, NewMeetingType)
    made = await asyncio.gather(*(create_type(desk.pool, desk.caller, new, NOW) for _ in range(4)))
    assert sorted(created.meeting_type.slug for created in made) == ["intro", "intro-2", "intro-3", "intro-4"]


async def test_of_types_with_one_slug_made_at_once_one_is_made(desk: Desk) -> None:
    new = msgspec.convert({"meetingInfo": {"name": "Intro"}, "slug": "mine"}, NewMeetingType)
    made = await asyncio.gather(
        *(create_type(desk.pool, desk.caller, new, NOW) for _ in range(4)), return_exceptions=True
    )
    refused = [result for result in made if isinstance(result, BaseException)]
    assert [(type(refusal), getattr(refusal, "code", None)) for refusal in refused] == [(Conflict, "slug-exists")] * 3


async def test_a_booking_in_progress_does_not_hold_up_an_edit_or_a_delete(desk: Desk) -> None:
    async with desk.pool.connection() as connection, connection.transaction():
        await connection.execute(_AS_A_BOOKING_DOES, {"id": desk.company.meeting_type_id})
        async with asyncio.timeout(5):
            assert (await edit(desk, spots=9, slug="renamed")).spots == 9
            async with desk.pool.connection() as other:
                await delete_type(other, desk.caller, desk.company.meeting_type_id)


_AS_A_BOOKING_DOES = "SELECT FROM meeting_types WHERE id = %(id)s FOR KEY SHARE"
"""The lock of the appointment's foreign key."""
