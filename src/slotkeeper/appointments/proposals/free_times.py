"""The times that could be offered: those to which the appointment could move."""

from datetime import UTC, datetime, timedelta

from slotkeeper.appointments.moving import read_moving
from slotkeeper.appointments.proposals.propose import AROUND
from slotkeeper.availability.slots import free_slots
from slotkeeper.db.pool import Connection
from slotkeeper.records.appointment import Appointment

_FORTNIGHT = timedelta(days=14)


async def free_times(connection: Connection, appointment: Appointment, now: datetime) -> list[datetime]:
    """In the two weeks before and after its present time, but that one."""
    reach = _FORTNIGHT + AROUND
    moving = await read_moving(connection, appointment.company_id, appointment.id, appointment.start, now, reach=reach)
    first = max(now, appointment.start - _FORTNIGHT)
    last = appointment.start + _FORTNIGHT
    found = free_slots(*_seconds(first, last), moving.rules(now), moving.availability, int(now.timestamp()))
    starts = (datetime.fromtimestamp(start, UTC) for start in found)
    return [start for start in starts if start != appointment.start]


def _seconds(first: datetime, last: datetime) -> tuple[int, int]:
    return int(first.timestamp()), int(last.timestamp())
