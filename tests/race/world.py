"""Three hosts whose calendars are raced for, and the days to which everything is moved."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from uuid import UUID

import msgspec

from slotkeeper.accounts.add_meeting_type import add_meeting_type
from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.records.meeting_info import MeetingInfo
from tests.support.desk import Desk, a_monday, new_company

KEY = "race"
_APPOINTMENTS = 100
_ZONE = "UTC"  # so that no clock change lies between the appointments and where they are moved


class World(msgspec.Struct, frozen=True, kw_only=True):
    """Appointment ids: of one host in half-hour meetings, of one in hour-long meetings, and the only one of a third."""

    company: Bootstrapped
    half_hours: Sequence[str]
    hours: Sequence[str]
    alone: str

    def day(self, number: int) -> datetime:
        """Nine o'clock on a working day on which nothing is booked; another for each number."""
        return next(islice(_slots(a_monday(2) + timedelta(weeks=4), timedelta(hours=8)), number, None))


async def build_world(database_url: str) -> World:
    async with new_company(database_url, KEY, _ZONE) as desk:
        company = desk.company
        async with desk.pool.connection() as connection:
            hour = MeetingInfo(name="One hour", duration=60)
            hour_type = await add_meeting_type(connection, company.company_id, company.user_id, hour)
        half_hour_type = company.meeting_type_id
        return World(
            company=company,
            half_hours=await _host_with(desk, half_hour_type, timedelta(minutes=30), _APPOINTMENTS),
            hours=await _host_with(desk, hour_type, timedelta(hours=1), _APPOINTMENTS - 1),
            alone=(await _host_with(desk, half_hour_type, timedelta(minutes=30), 1))[0],
        )


async def _host_with(desk: Desk, meeting_type_id: UUID, each: timedelta, appointments: int) -> list[str]:
    """A new host whose days are full of appointments from the first Monday on."""
    host = await desk.add_host(_ZONE)
    starts = islice(_slots(a_monday(2), each), appointments)
    booked = [await desk.book(start, meeting_type_id=meeting_type_id, host_ids=(host,)) for start in starts]
    return [str(appointment.id) for appointment in booked]


def _slots(monday: datetime, each: timedelta) -> Iterator[datetime]:
    """One meeting after another, Monday to Friday from nine to five."""
    day = monday
    while True:
        if day.weekday() < 5:
            yield from (day + n * each for n in range(timedelta(hours=8) // each))
        day += timedelta(days=1)
