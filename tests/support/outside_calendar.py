"""What a host has in outside calendars, and how these are connected."""

from datetime import datetime, timedelta
from uuid import UUID

from icalendar import Calendar, Event
from psycopg.types.json import Jsonb

from slotkeeper.integrations.connect import NewConnection, connect
from slotkeeper.integrations.connections import ConnectionSummary, connections_of
from tests.ics.reading import attendees_of
from tests.support.caldav_server import PASSWORD, USERNAME, CalDavServer
from tests.support.office import Office


class OutsideCalendar:
    """``url`` and ``connection`` are those of the calendar that was connected last."""

    url: str
    connection: ConnectionSummary

    def __init__(self, office: Office, server: CalDavServer) -> None:
        self.office = office
        self.server = server

    async def connect(self, name: str, user_id: UUID | None = None) -> None:
        """A new calendar of a host, as the one where new events are made."""
        self.url = await self.server.make_calendar(name)
        await self.office.execute(
            "UPDATE connections SET writes = false WHERE company_id = %(company_id)s AND user_id = %(user_id)s",
            user_id=user_id or self.office.company.user_id,
        )
        await self.connect_with(PASSWORD, user_id)

    async def connect_with(self, password: str, user_id: UUID | None = None) -> None:
        new = NewConnection(
            provider="caldav",
            credentials={"username": USERNAME, "password": password},
            settings={"url": self.server.url, "calendarUrl": self.url},
        )
        company, vault = self.office.company, self.office.outward.vault
        owner = user_id or company.user_id
        self.connection = await connect(self.office.pool, vault, company.company_id, owner, new)

    async def is_connected(self) -> bool:
        async with self.office.pool.connection() as connection:
            shown = await connections_of(connection, self.office.company.company_id)
        return next(c.is_connected for c in shown if c.id == self.connection.id)

    async def move_to(self, url: str) -> None:
        """Where the connection looks for its calendar from now on."""
        await self.office.execute(
            "UPDATE connections SET settings = settings || %(s)s WHERE company_id = %(company_id)s AND id = %(id)s",
            s=Jsonb({"calendarUrl": url}),
            id=self.connection.id,
        )

    async def events(self, url: str | None = None) -> list[tuple[str, str, datetime]]:
        """Address, UID and start of each event."""
        calendars = {href: await self.server.get(href) for href in await self.server.hrefs(url or self.url)}
        return [
            (href, str(event["UID"]), event.start)
            for href, ics in calendars.items()
            for event in Calendar.from_ical(ics).walk("VEVENT")
            if isinstance(event, Event) and isinstance(event.start, datetime)
        ]

    async def invite(self, href: str, address: str) -> None:
        """Somebody adds a person to the event, in the calendar itself."""
        ics = await self.server.get(href)
        await self.server.put(href, ics.replace("END:VEVENT", f"ATTENDEE:mailto:{address}\r\nEND:VEVENT"))

    async def schedule_agents(self, href: str) -> dict[str, str | None]:
        """Who sends the invitations (RFC 6638), by each attendee's address; None is the calendar's server."""
        people = attendees_of(await self.server.get(href))
        return {address: person.params.get("SCHEDULE-AGENT") for address, person in people.items()}

    async def block(
        self, start: datetime, length: timedelta, *, title: str = "Dentist", transparency: str = "OPAQUE"
    ) -> None:
        """An appointment that the host made elsewhere. Instants in UTC."""
        times = f"DTSTART:{start:%Y%m%dT%H%M%SZ}\nDTEND:{start + length:%Y%m%dT%H%M%SZ}"
        name = title.strip().lower()
        ics = _EVENT.format(times=times, name=name, title=title, transparency=transparency)
        await self.server.put(f"{self.url}{name}.ics", ics.replace("\n", "\r\n"))

    async def write_again(self, appointment_id: UUID, *, etag: str | None) -> None:
        """As after a crash between the calendar's answer and the ledger: what the last write left is not known.

        ``etag`` None: nor that there is an event at all.
        """
        forgotten = "etag = %(etag)s" if etag else "external_id = NULL, container = NULL, etag = NULL"
        await self.office.execute(
            f"UPDATE external_refs SET {forgotten} WHERE appointment_id = %(id)s AND record = 'event'",
            id=appointment_id,
            etag=etag,
        )
        await self.office.execute(_AGAIN, id=appointment_id)
        await self.office.work()


_EVENT = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//test//EN
BEGIN:VEVENT
UID:{name}
DTSTAMP:20370101T000000Z
{times}
SUMMARY:{title}
TRANSP:{transparency}
END:VEVENT
END:VCALENDAR
"""

_AGAIN = """
    WITH last AS (
        UPDATE effects SET state = 'pending', done_at = NULL
        WHERE appointment_id = %(id)s AND kind = 'calendar' AND sequence = (
            SELECT sequence FROM appointments WHERE id = %(id)s
        )
        RETURNING id
    )
    UPDATE procrastinate_jobs j SET status = 'todo' FROM last WHERE j.args ->> 'effect_id' = last.id::text
"""
