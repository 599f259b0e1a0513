"""A company's front desk: books, moves and cancels through the operations themselves, at a time that the test sets."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.appointments.add_guest import AddGuest, add_guest
from slotkeeper.appointments.book import book
from slotkeeper.appointments.booking import Booking
from slotkeeper.appointments.cancel import Cancel, cancel
from slotkeeper.appointments.hand_off import hand_off
from slotkeeper.appointments.reschedule import Decision, Reschedule, reschedule
from slotkeeper.appointments.stored import Stored, get_stored
from slotkeeper.appointments.who_takes_over import HandOff
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection, open_pool
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Caller
from slotkeeper.records.people import Attendee
from slotkeeper.secrets import Vault

MONDAY = datetime(2037, 12, 7, 9, 0, tzinfo=UTC)
"""10:00 in Berlin, on a working day some weeks ahead of ``NOW``. Both lie ahead of the real clock, by which the queue
puts jobs off: what is to be tried again later waits until the test says so."""
NOW = datetime(2037, 11, 23, 8, 0, tzinfo=UTC)
LINK_KEY = b"k" * 32


class Desk:
    def __init__(self, pool: "AsyncConnectionPool[Connection]", company: Bootstrapped) -> None:
        self.pool = pool
        self.company = company
        self.now = NOW
        self.caller = self.caller_for(company.user_id, is_admin=True)

    def caller_for(self, user_id: UUID, *, is_admin: bool = False, **other: Any) -> Caller:
        fields = {"company_id": self.company.company_id, "override_by": "hosts", **other}
        return Caller(
            user_id=user_id,
            user_name="Dr. Weiß",
            email="host@example.com",
            is_admin=is_admin,
            credential="personal",
            link_key=LINK_KEY,
            **fields,
        )

    async def book(self, start: datetime = MONDAY, **fields: Any) -> Appointment:
        attendee = fields.pop("attendee", None) or self.attendee()
        meeting_type_id = fields.pop("meeting_type_id", self.company.meeting_type_id)
        request = Booking(meeting_type_id=meeting_type_id, start=start, attendee=attendee, **fields)

        async def attempt(connection: Connection, locked: bool) -> Appointment:
            return (await book(connection, self.caller, request, self.now, locked=locked)).appointment

        return await in_attempts(self.pool, attempt)

    def attendee(self, **fields: Any) -> Attendee:
        given = {"email": "ann@example.org", "fullname": "Ann Example", "timezone": "America/New_York", **fields}
        return Attendee(id=uuid4(), created_at=self.now, updated_at=self.now, **given)

    async def move(
        self, appointment_id: UUID, start: datetime, caller: Caller | None = None, **fields: Any
    ) -> Decision:
        request = Reschedule(appointment_id=appointment_id, start=start, **fields)

        async def attempt(connection: Connection, locked: bool) -> Decision:
            return await reschedule(connection, caller or self.caller, request, self.now, locked=locked)

        return await in_attempts(self.pool, attempt)

    async def cancel(self, appointment_id: UUID, reason: str | None = None, **fields: Any) -> Stored:
        request = Cancel(appointment_id=appointment_id, reason=reason, **fields)

        async def attempt(connection: Connection, locked: bool) -> Stored:
            return await cancel(connection, self.caller, request, self.now)

        return await in_attempts(self.pool, attempt)

    async def hand_off(self, appointment_id: UUID, to_id: UUID | None = None, **fields: Any) -> Stored:
        request = HandOff(appointment_id=appointment_id, to_id=to_id, **fields)

        async def attempt(connection: Connection, locked: bool) -> Stored:
            return await hand_off(connection, self.caller, request, self.now, locked=locked)

        return await in_attempts(self.pool, attempt)

    async def add_guest(self, appointment: Appointment, email: str) -> Stored:
        request = AddGuest(appointment_id=appointment.id, attendee_id=appointment.attendees[0].id, email=email)

        async def attempt(connection: Connection, locked: bool) -> Stored:
            return await add_guest(connection, self.caller, request, self.now)

        return await in_attempts(self.pool, attempt)

    async def get(self, appointment_id: UUID) -> Stored:
        async with self.pool.connection() as connection:
            return await get_stored(connection, self.company.company_id, appointment_id)

    async def add_host(self, timezone: str = "Europe/Berlin") -> UUID:
        async with self.pool.connection() as connection:
            email = f"{uuid4().hex[:8]}@example.com"
            return await add_host(connection, self.company.company_id, email=email, timezone=timezone)

    async def set_type(self, **columns: Any) -> None:
        """Edit the meeting type's columns directly, as its settings page would."""
        values = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in columns.items()}
        assignments = ", ".join(f"{name} = %({name})s" for name in values)
        sql = f"UPDATE meeting_types SET {assignments} WHERE company_id = %(company_id)s AND id = %(id)s"
        await self.execute(sql, **values, id=self.company.meeting_type_id)

    async def execute(self, sql: str, **params: Any) -> None:
        async with self.pool.connection() as connection:
            await connection.execute(sql.encode(), {"company_id": self.company.company_id, **params})

    async def rows(self, sql: str, **params: Any) -> list[Any]:
        async with self.pool.connection() as connection:
            cursor = await connection.execute(sql.encode(), {"company_id": self.company.company_id, **params})
            return await cursor.fetchall()


@asynccontextmanager
async def new_company(database_url: str, secret_key: str, timezone: str) -> AsyncIterator[Desk]:
    """The desk of a new company, by the real clock: for what then runs real servers over the database."""
    async with open_pool(database_url, 2) as pool:
        async with pool.connection() as connection:
            vault = Vault(secret_key)
            company = await bootstrap(
                connection, vault, company="Praxis Dr. Weiß", email="host@example.com", timezone=timezone
            )
        desk = Desk(pool, company)
        desk.now = datetime.now(UTC)
        yield desk


def a_monday(weeks: int) -> datetime:
    """By the real clock: nine in UTC, on the Monday of so many weeks ahead."""
    today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return today + timedelta(weeks=weeks, days=-today.weekday())


def minutes(n: int) -> timedelta:
    return timedelta(minutes=n)
