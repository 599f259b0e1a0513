"""One attendee leaves a group; the appointment goes on for the others, and their seat is free."""

from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from slotkeeper.appointments.recording import INSERT_JOB, NEXT_VERSION, WRITE_HISTORY, next_version, recording_params
from slotkeeper.appointments.stored import Stored
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Actor, Change, Notify


async def leave(
    connection: Connection,
    stored: Stored,
    attendee_id: UUID,
    actor: Actor,
    now: datetime,
    *,
    through: str = "api",
    reason: str | None = None,
    notify: Notify = "all",
) -> Stored:
    """``attendee_id`` is one of at least two. Raises ``Stale``."""
    after = without(stored.appointment, attendee_id, now)
    left = replace(stored, appointment=after, ics=build_ics(after))
    change = Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind="left",
        at=after.stamped_at,
        actor=actor,
        through=through,
        start=after.start,
        end=after.end,
        reason=reason,
        notify=notify,
        attendee_id=attendee_id,
    )
    params = {
        **recording_params(after.company_id, change),
        "version": stored.appointment.version,
        "ics": left.ics,
        "now": now,
    }
    if await (await execute(connection, _WRITE, params)).fetchone() is None:
        raise Stale
    return left


def without(before: Appointment, attendee_id: UUID, now: datetime) -> Appointment:
    """Pure."""
    staying = tuple(attendee for attendee in before.attendees if attendee.id != attendee_id)
    return replace(next_version(before, now), attendees=staying)


_WRITE = f"""
    WITH changed AS ({NEXT_VERSION}), left_now AS (
        UPDATE attendees t SET deleted_at = %(now)s, updated_at = %(now)s
        FROM changed
        WHERE t.company_id = changed.company_id AND t.appointment_id = changed.id AND t.id = %(attendee_id)s
    ), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
