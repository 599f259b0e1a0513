"""Take a seat in a group's appointment: its time and its hosts stay as they are."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace
from psycopg.types.json import Jsonb

from slotkeeper.appointments.booking import Booked, Booking
from slotkeeper.appointments.recording import (
    ADD_ATTENDEE,
    INSERT_JOB,
    NEXT_VERSION_IF,
    WRITE_HISTORY,
    next_version,
    recording_params,
)
from slotkeeper.appointments.verdict import Verdict
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.ics.build import build_ics
from slotkeeper.meeting_types.one_time_links import LINK_IS_USED, USE_LINK
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change

_NOTHING = Verdict(refused=(), overridden=())


def joined(group: Appointment, request: Booking, now: datetime) -> Booked:
    """Pure."""
    after = replace(next_version(group, now), attendees=(*group.attendees, request.attendee))
    return Booked(appointment=after, attendee=request.attendee, verdict=_NOTHING, joined=True)


async def write_joined(
    connection: Connection, group: Appointment, booked: Booked, change: Change, used_link: UUID | None
) -> None:
    """The seat is there because the group is as it was read; a one-time link is used up. Raises ``Stale``."""
    after = booked.appointment
    params = {
        **recording_params(after.company_id, change),
        "version": group.version,
        "ics": build_ics(after),
        "now": after.updated_at,
        "used_link_id": used_link,
        "host_ids": [host.id for host in after.hosts],
        "attendee": Jsonb(msgspec.to_builtins(booked.attendee)),
    }
    if await (await execute(connection, _WRITE, params)).fetchone() is None:
        raise Stale


_WRITE = f"""
    WITH unchanged AS (SELECT unnest(%(host_ids)s::uuid[])), link AS ({USE_LINK}),
    changed AS ({NEXT_VERSION_IF.format(LINK_IS_USED)}),
    attending AS ({ADD_ATTENDEE}), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
