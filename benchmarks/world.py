"""The company that the benchmarks move about in: one host and one moving appointment per client, among others."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec
from psycopg import AsyncConnection

from slotkeeper.accounts.bootstrap import Bootstrapped, add_host, bootstrap
from slotkeeper.appointments.book import book
from slotkeeper.appointments.booking import Booking
from slotkeeper.db.pool import Connection
from slotkeeper.records.caller import Caller
from slotkeeper.records.people import Attendee
from slotkeeper.secrets import Vault

SECRET_KEY = "benchmark"
CLIENTS = 32
OTHERS = 20
MONDAY = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


class World(msgspec.Struct, frozen=True, kw_only=True):
    """``appointments[n]`` belongs to client n and moves between the free starts of ``starts``."""

    company: Bootstrapped
    appointments: list[UUID]
    hosts: list[UUID]
    starts: list[datetime]


async def build_world(database_url: str) -> World:
    connection: Connection = await AsyncConnection.connect(database_url, autocommit=True)
    async with connection:
        company = await bootstrap(
            connection, Vault(SECRET_KEY), company="Bench", email="bench@example.com", timezone="Europe/London"
        )
        caller = _caller(company)
        hosts = [
            await add_host(connection, company.company_id, email=f"h{n}@example.com", timezone="Europe/London")
            for n in range(CLIENTS)
        ]
        for host in hosts:
            for n in range(OTHERS):
                day, slot = divmod(n, 4)
                await _book(connection, caller, company, host, MONDAY + timedelta(days=day, hours=4, minutes=30 * slot))
        appointments = [await _book(connection, caller, company, host, MONDAY) for host in hosts]
        await connection.execute("ANALYZE")
    starts = [MONDAY + timedelta(minutes=30 * n) for n in range(8)]
    return World(company=company, appointments=appointments, hosts=hosts, starts=starts)


def _caller(company: Bootstrapped) -> Caller:
    return Caller(
        company_id=company.company_id,
        user_id=company.user_id,
        user_name="Bench",
        email="bench@example.com",
        is_admin=True,
        override_by="hosts",
        credential="personal",
        link_key=b"k" * 32,
    )


async def _book(connection: Connection, caller: Caller, company: Bootstrapped, host: UUID, start: datetime) -> UUID:
    now = datetime.now(UTC)
    attendee = Attendee(id=uuid4(), email="ann@example.org", fullname="Ann Example", created_at=now, updated_at=now)
    request = Booking(meeting_type_id=company.meeting_type_id, start=start, attendee=attendee, host_ids=(host,))
    return (await book(connection, caller, request, now)).appointment.id
