"""A channel may have hours of its own: invariant 9 for each channel, for booking as for moving."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.types.json import Jsonb

from slotkeeper.appointments.free_slots import find_free_slots
from slotkeeper.appointments.slot_query import SlotQuery
from slotkeeper.errors import NotFree
from tests.support.desk import MONDAY, Desk, minutes

CHANNELS = ("phone", "zoom", "local")
DAY = MONDAY - timedelta(hours=9)
ASKED = [DAY + minutes(60 * n) for n in range(24)]

spans = st.tuples(st.integers(1, 12), st.integers(13, 23))


@settings(max_examples=5, deadline=None, suppress_health_check=list(HealthCheck))
@given(hours=st.dictionaries(st.sampled_from(CHANNELS), spans), own=spans)
async def test_a_booking_or_a_move_succeeds_if_and_only_if_the_slot_is_listed_for_its_channel(
    desk: Desk, hours: Mapping[str, tuple[int, int]], own: tuple[int, int]
) -> None:
    await desk.execute("DELETE FROM blocked_times WHERE company_id = %(company_id)s")
    schedules = {channel: str(await schedule(desk, span)) for channel, span in hours.items()}
    options = {"allowSelectChannel": True, "allowedChannels": list(CHANNELS), "channelAvailabilities": schedules}
    await desk.set_type(
        meeting_info={"name": "Call", "duration": 60, "channel": "phone"},
        meeting_options=options,
        timeslot_interval=60,
        availability_id=await schedule(desk, own),
    )
    for channel in CHANNELS:
        listed = await listed_for(desk, channel=channel)
        assert listed == {DAY + timedelta(hours=hour - 1) for hour in range(*hours.get(channel, own))}
        assert {start for start in ASKED if await bookable(desk, start, channel)} == listed
        booked = await desk.book(min(listed), channel=channel)
        assert await listed_for(desk, moved_id=booked.id) == listed
        assert {start for start in ASKED if await movable(desk, booked.id, start)} == listed
        await desk.cancel(booked.id)


async def schedule(desk: Desk, span: tuple[int, int]) -> UUID:
    """From one full hour to another of the Monday in Berlin, UTC+1."""
    start, end = (f"{hour:02}:00" for hour in span)
    monday = {"monday": {"enabled": True, "hours": [{"start": start, "end": end}]}}
    await desk.execute(SCHEDULE, id=(schedule_id := uuid4()), user=desk.company.user_id, schedule=Jsonb(monday))
    return schedule_id


async def listed_for(desk: Desk, **asked: object) -> set[datetime]:
    query = SlotQuery(
        meeting_type_id=desk.company.meeting_type_id,
        start=DAY,
        end=DAY + timedelta(days=1),
        look_ahead=False,
        **asked,  # type: ignore[arg-type]  # a table of fields of one query
    )
    async with desk.pool.connection() as connection:
        found = await find_free_slots(connection, desk.caller, query, desk.now)
    return {datetime.fromtimestamp(start, UTC) for start in found.starts}


async def bookable(desk: Desk, start: datetime, channel: str) -> bool:
    try:
        booked = await desk.book(start, channel=channel)
    except NotFree:
        return False
    await desk.cancel(booked.id)
    return True


async def movable(desk: Desk, appointment_id: UUID, start: datetime) -> bool:
    try:
        await desk.move(appointment_id, start)
    except NotFree:
        return False
    return True


async def test_who_takes_an_appointment_over_works_in_the_hours_of_its_channel(desk: Desk) -> None:
    """Another host's hours are never those that the meeting type names, which are its owner's."""
    other = await desk.add_host()
    evening = str(await schedule(desk, (20, 22)))
    await desk.set_type(
        meeting_options={
            "allowSelectChannel": True,
            "allowedChannels": ["zoom"],
            "channelAvailabilities": {"zoom": evening},
        }
    )
    booked = await desk.book(host_ids=(other,), channel="zoom")
    with pytest.raises(NotFree) as refusal:
        await desk.hand_off(booked.id, desk.company.user_id)
    assert refusal.value.code == "outside-working-hours"


SCHEDULE = """
    INSERT INTO availabilities (company_id, id, user_id, name, timezone, schedule)
    VALUES (%(company_id)s, %(id)s, %(user)s, 'Hours', 'Europe/Berlin', %(schedule)s)
"""
