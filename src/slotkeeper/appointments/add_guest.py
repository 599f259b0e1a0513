"""An attendee brings one more guest, who is invited; everybody else knows the time already."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.policy import permitted, require_changeable
from slotkeeper.appointments.recording import INSERT_JOB, NEXT_VERSION, WRITE_HISTORY, next_version, recording_params
from slotkeeper.appointments.stored import Stored, get_stored
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Malformed
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Mover
from slotkeeper.records.change import Change
from slotkeeper.records.people import Attendee

MOST_GUESTS = 5


class AddGuest(msgspec.Struct, frozen=True, kw_only=True):
    appointment_id: UUID
    attendee_id: UUID
    email: str
    through: str = "api"


async def add_guest(connection: Connection, mover: Mover, request: AddGuest, now: datetime) -> Stored:
    """Nothing changes for a guest who is there already. Raises ``NotFound``, ``Forbidden``, ``Conflict``,
    ``Malformed`` (attendeeId, email) and ``Stale``."""
    stored = await get_stored(connection, mover.company_id, request.appointment_id)
    before = stored.appointment
    actor = permitted(mover, before, frozenset())
    require_changeable(before, now)
    attendee = _attendee(before, request.attendee_id)
    if request.email.lower() in (guest.lower() for guest in attendee.bringalong_emails):
        return stored
    if len(attendee.bringalong_emails) >= MOST_GUESTS:
        raise Malformed.field("email", f"an attendee brings at most {MOST_GUESTS} guests")
    after = _with_guest(before, attendee, request.email, now)
    change = Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind="guest_added",
        at=after.stamped_at,
        actor=actor,
        through=request.through,
        start=after.start,
        end=after.end,
        attendee_id=attendee.id,
        guest=request.email,
    )
    added = replace(stored, appointment=after, ics=build_ics(after))
    params = {**recording_params(after.company_id, change), "version": before.version, "ics": added.ics, "now": now}
    if await (await execute(connection, _WRITE, params)).fetchone() is None:
        raise Stale
    return added


def _attendee(appointment: Appointment, attendee_id: UUID) -> Attendee:
    for attendee in appointment.attendees:
        if attendee.id == attendee_id:
            return attendee
    raise Malformed.field("attendeeId", "must name an attendee of this appointment")


def _with_guest(before: Appointment, bringing: Attendee, email: str, now: datetime) -> Appointment:
    brought = replace(bringing, bringalong_emails=(*bringing.bringalong_emails, email), updated_at=now)
    attendees = tuple(brought if attendee.id == brought.id else attendee for attendee in before.attendees)
    return replace(next_version(before, now), attendees=attendees)


_WRITE = f"""
    WITH changed AS ({NEXT_VERSION}), brought AS (
        UPDATE attendees t SET bringalong_emails = bringalong_emails || %(guest)s::text, updated_at = %(now)s
        FROM changed
        WHERE t.company_id = changed.company_id AND t.appointment_id = changed.id AND t.id = %(attendee_id)s
    ), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
