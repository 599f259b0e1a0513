"""Book from a form: however often it is sent, one booking comes of it.

The form brings a key, of which the attendee's id is made (``secrets.id_of_key``), so that a second booking of the same
form would need an attendee who is there already: the primary key of ``attendees`` refuses it.
"""

from datetime import datetime

from psycopg.errors import UniqueViolation
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.book import book
from slotkeeper.appointments.booking import Booking
from slotkeeper.db.appointments import APPOINTMENT_JSON
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import SlotkeeperError
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Visitor


async def book_once(
    pool: "AsyncConnectionPool[Connection]", visitor: Visitor, request: Booking, now: datetime
) -> Appointment:
    """The appointment, also where it was booked by an earlier request of the same form. Raises as ``book`` does."""
    if booked := await _booked(pool, visitor):
        return booked

    async def attempt(connection: Connection, locked: bool) -> Appointment:
        return (await book(connection, visitor, request, now, locked=locked)).appointment

    try:
        return await in_attempts(pool, attempt)
    except (SlotkeeperError, UniqueViolation):
        if booked := await _booked(pool, visitor):
            return booked
        raise


async def _booked(pool: "AsyncConnectionPool[Connection]", visitor: Visitor) -> Appointment | None:
    params = {"company_id": visitor.company_id, "attendee_id": visitor.attendee_id}
    async with pool.connection() as connection:
        return await fetch(connection, Appointment, _BOOKED, params)


_BOOKED = f"""
    SELECT ({APPOINTMENT_JSON})::text
    FROM attendees mine
    JOIN appointments a ON a.company_id = mine.company_id AND a.id = mine.appointment_id
    JOIN companies c ON c.id = a.company_id
    WHERE mine.company_id = %(company_id)s AND mine.id = %(attendee_id)s
"""
