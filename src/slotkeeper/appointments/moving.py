"""What is known of an appointment that is to move: read in one statement."""

from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from slotkeeper.appointments.situation import (
    HOST_TIMES_JSON,
    MEETING_TYPE_RULES_JSON,
    REACH,
    HostTimes,
    MeetingTypeRules,
    booking_rules,
    hours_of,
)
from slotkeeper.appointments.stored import STORED_FROM, STORED_JSON, Stored
from slotkeeper.availability.rules import BookingRules, HostAvailability
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import Conflict, NotFound

NEARBY = timedelta(0)
"""As far around the new start as the rules look."""


class Moving(msgspec.Struct, frozen=True, kw_only=True):
    stored: Stored
    meeting_type: MeetingTypeRules
    hosts: tuple[HostTimes, ...]
    moves_by_attendees: int = 0
    hold_stands: bool = True

    def rules(self, now: datetime) -> BookingRules:
        appointment = self.stored.appointment
        seconds = int(appointment.duration.total_seconds())
        return booking_rules(self.meeting_type, appointment.meeting_info, seconds, self.hosts, now)

    @property
    def availability(self) -> list[HostAvailability]:
        return [host.availability for host in self.hosts]


async def lock_hosts(connection: Connection, company_id: UUID, appointment_id: UUID) -> None:
    await execute(connection, _LOCK, {"company_id": company_id, "id": appointment_id})


async def read_moving(
    connection: Connection,
    company_id: UUID,
    appointment_id: UUID,
    start: datetime,
    now: datetime,
    *,
    reach: timedelta = NEARBY,
    hold_id: UUID | None = None,
    ignored: Collection[UUID] = (),
) -> Moving:
    """Raises ``NotFound`` alike for an unknown id and another company's, ``Conflict`` for a hold that is gone."""
    params = {
        "company_id": company_id,
        "id": appointment_id,
        "start": start,
        "hold_id": hold_id,
        "ignored": [*ignored, *([hold_id] if hold_id else [])],
        "now": now,
        "reach": reach,
    }
    moving = await fetch(connection, Moving, READ_SQL, params)
    if moving is None:
        raise NotFound(f"appointment {appointment_id} not found")
    if not moving.hold_stands:
        raise Conflict("the hold has expired or was used", code="hold-expired")
    return moving


MOVES_BY_ATTENDEES = """(
    SELECT count(*) FROM changes m
    WHERE m.company_id = a.company_id AND m.appointment_id = a.id AND m.kind = 'rescheduled'
        AND m.actor ->> 'kind' = 'attendee' AND m.proposal_id IS NULL
)"""
"""Of the appointment ``a``, but those that a host had offered."""

HOLD_STANDS = """(
    %(hold_id)s::uuid IS NULL OR EXISTS (
        SELECT FROM blocked_times b
        WHERE b.company_id = t.company_id AND b.source_id = %(hold_id)s AND b.source = 'hold'
            AND b.expires_at > %(now)s
    )
)"""

_LOCK = """
    SELECT 1 FROM host_calendars
    WHERE company_id = %(company_id)s AND host_id = ANY (
        (SELECT host_ids FROM appointments WHERE company_id = %(company_id)s AND id = %(id)s)::uuid[]
    )
    ORDER BY host_id
    FOR UPDATE
"""

READ_SQL = f"""
    SELECT json_build_object(
        'stored', {STORED_JSON}, 'meeting_type', {MEETING_TYPE_RULES_JSON}, 'hosts', {HOST_TIMES_JSON},
        'moves_by_attendees', {MOVES_BY_ATTENDEES}, 'hold_stands', {HOLD_STANDS}
    )::text
    {STORED_FROM}
    {hours_of("a.meeting_info ->> 'channel'")}
    CROSS JOIN LATERAL (SELECT {REACH} AS reach) r
    CROSS JOIN LATERAL (
        SELECT %(start)s - r.reach AS from_at, %(start)s + (a.end_at - a.start_at) + r.reach AS to_at
    ) w
    WHERE a.company_id = %(company_id)s AND a.id = %(id)s
"""
