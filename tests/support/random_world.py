"""A world of the pure tests (tests/availability/test_slots.py) put into the database, in a company of its own."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.availability.rules import HostAvailability
from tests.availability.test_slots import World
from tests.availability.worlds import MEETING_TYPE, MINUTE, busy_times
from tests.support.desk import Desk


async def settle(desk: Desk, world: World) -> list[UUID]:
    """The ids of the hosts, in the world's order. Of the booking window a meeting type has only the end."""
    desk.now = datetime.fromtimestamp(world.now, UTC)
    asked = world.rules
    ahead = None if asked.latest_start is None else max(0, asked.latest_start - world.now) // MINUTE
    await desk.set_type(
        meeting_info={
            "name": "Random",
            "duration": asked.duration // MINUTE,
            "bufferBefore": asked.buffer_before // MINUTE,
            "bufferAfter": asked.buffer_after // MINUTE,
            "bufferMustStayWithinWorkingHours": asked.buffer_must_stay_within_working_hours,
        },
        timeslot_interval=asked.slot_interval // MINUTE,
        booking_minimum=asked.minimum_notice // MINUTE,
        days_into_future={} if ahead is None else {"mode": "limit", "bookingLimit": ahead},
        booking_limits=dict(asked.limits),
    )
    return [await _host(desk, host) for host in world.hosts]


async def _host(desk: Desk, host: HostAvailability) -> UUID:
    host_id = await desk.add_host(host.timezone)
    await desk.execute(
        "UPDATE availabilities SET schedule = %(schedule)s WHERE company_id = %(company_id)s AND user_id = %(host)s",
        schedule=Jsonb(msgspec.to_builtins(host.schedule)),
        host=host_id,
    )
    for exception in host.exceptions:
        await desk.execute(
            EXCEPTION,
            owner=host_id,
            available=exception.available,
            start=exception.start,
            end=exception.end,
        )
    await _block(desk, host_id, host)
    return host_id


async def _block(desk: Desk, host_id: UUID, host: HostAvailability) -> None:
    calendar = uuid4()
    await desk.execute(CONNECTION, id=calendar, host=host_id)
    for busy in busy_times(host):
        times = {"start": datetime.fromtimestamp(busy.start, UTC), "end": datetime.fromtimestamp(busy.end, UTC)}
        if busy.source == "calendar":
            await desk.execute(OUTSIDE, id=calendar, host=host_id, **times)
            continue
        await desk.execute(
            BLOCKED,
            host=host_id,
            source=busy.source,
            id=uuid4(),
            type=desk.company.meeting_type_id if busy.meeting_type_id == MEETING_TYPE else uuid4(),
            before=busy.buffer_before // MINUTE,
            after=busy.buffer_after // MINUTE,
            **times,
        )


EXCEPTION = """
    INSERT INTO availability_exceptions (company_id, owner_type, owner_id, available, start_at, end_at)
    VALUES (%(company_id)s, 'user', %(owner)s, %(available)s, %(start)s, %(end)s)
"""
CONNECTION = """
    INSERT INTO connections (company_id, id, user_id, provider, kind)
    VALUES (%(company_id)s, %(id)s, %(host)s, 'caldav', 'calendar')
"""
OUTSIDE = """
    INSERT INTO external_busy_times (company_id, user_id, connection_id, start_at, end_at)
    VALUES (%(company_id)s, %(host)s, %(id)s, %(start)s, %(end)s)
"""
BLOCKED = """
    INSERT INTO blocked_times (
        company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, buffer_before, buffer_after,
        exclusive
    ) VALUES (
        %(company_id)s, %(host)s, %(source)s, %(id)s, %(type)s, %(start)s, %(end)s, %(before)s, %(after)s, false
    )
"""
