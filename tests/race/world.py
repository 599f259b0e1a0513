"""Three hosts whose calendars are raced for, and the days to which everything is moved."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from uuid import UUID, uuid4

import msgspec
from psycopg import AsyncConnection

from slotkeeper.accounts.add_meeting_type import add_meeting_type
from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.appointments.book import book
from slotkeeper.appointments.booking import Booking
from slotkeeper.db.pool import Connection
from slotkeeper.records.caller import Caller
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Attendee
from slotkeeper.secrets import Vault

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
        return next(islice(_slots(_monday() + timedelta(weeks=4), timedelta(hours=8)), number, None))


async def build_world(database_url: str) -> World:
    connection: Connection = await AsyncConnection.connect(database_url, autocommit=True)
    async with connection:
        company = await bootstrap(connection, Vault(KEY), company="Race", email="a@example.com", timezone=_ZONE)
        hour = MeetingInfo(name="One hour", duration=60)
        hour_type = await add_meeting_type(connection, company.company_id, company.user_id, hour)
        half_hour_type = company.meeting_type_id
        return World(
            company=company,
            half_hours=await _host_with(connection, company, half_hour_type, timedelta(minutes=30), _APPOINTMENTS),
            hours=await _host_with(connection, company, hour_type, timedelta(hours=1), _APPOINTMENTS - 1),
            alone=(await _host_with(connection, company, half_hour_type, timedelta(minutes=30), 1))[0],
        )


async def _host_with(
    connection: Connection, company: Bootstrapped, meeting_type_id: UUID, each: timedelta, appointments: int
) -> list[str]:
    """A new host whose days are full of appointments from the first Monday on."""
    host = await add_host(connection, company.company_id, email=f"{uuid4().hex[:8]}@example.com", timezone=_ZONE)
    starts = islice(_slots(_monday(), each), appointments)
    return [await _book(connection, company, meeting_type_id, host, start) for start in starts]


async def _book(
    connection: Connection, company: Bootstrapped, meeting_type_id: UUID, host: UUID, start: datetime
) -> str:
    now = datetime.now(UTC)
    attendee = Attendee(id=uuid4(), email="ann@example.org", fullname="Ann", created_at=now, updated_at=now)
    request = Booking(meeting_type_id=meeting_type_id, start=start, attendee=attendee, host_ids=(host,))
    return str((await book(connection, _caller(company), request, now)).appointment.id)


def _caller(company: Bootstrapped) -> Caller:
    return Caller(
        company_id=company.company_id,
        user_id=company.user_id,
        user_name="Race",
        email="a@example.com",
        is_admin=True,
        override_by="hosts",
        credential="personal",
        link_key=b"k" * 32,
    )


def _slots(monday: datetime, each: timedelta) -> Iterator[datetime]:
    """One meeting after another, Monday to Friday from nine to five."""
    day = monday
    while True:
        if day.weekday() < 5:
            yield from (day + n * each for n in range(timedelta(hours=8) // each))
        day += timedelta(days=1)


def _monday() -> datetime:
    today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return today + timedelta(days=14 - today.weekday())
