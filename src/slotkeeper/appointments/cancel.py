"""Cancel an appointment: its hosts' time is free again, and everyone is told."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.policy import actor_of, require_changeable, require_may_change
from slotkeeper.appointments.recording import (
    BUMP_HOSTS,
    DROP_REMINDERS,
    INSERT_JOB,
    WRITE_HISTORY,
    next_version,
    recording_params,
)
from slotkeeper.appointments.stored import Stored, get_stored
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Malformed
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment, Cancellation
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Actor, Change, Notify

RequestEnd = Literal["declined_by_host", "expired", "withdrawn"]


class Cancel(msgspec.Struct, frozen=True, kw_only=True):
    appointment_id: UUID
    reason: str | None = None
    cancel_all: bool = False
    notify: Notify = "all"
    precondition: Callable[[int], None] | None = None


async def cancel(connection: Connection, caller: Caller, request: Cancel, now: datetime) -> Stored:
    """Raises ``NotFound``, ``Forbidden``, ``Conflict``; ``Malformed`` for a group that is not cancelled as a whole."""
    stored = await get_stored(connection, caller.company_id, request.appointment_id)
    cancelled = _decide(stored, caller, request, now)
    await write_cancelled(connection, stored.appointment, cancelled, _change(cancelled.appointment, caller, request))
    return cancelled


async def write_cancelled(
    connection: Connection, before: Appointment, cancelled: Stored, change: Change, request: RequestEnd = "withdrawn"
) -> None:
    """``request`` is what becomes of a request that was still waiting. Raises ``Stale``."""
    cancellation = cancelled.appointment.cancellation
    params = {
        **recording_params(before.company_id, change),
        "host_ids": [host.id for host in before.hosts],
        "version": before.version,
        "ics": cancelled.ics,
        "by": cancellation and cancellation.by,
        "source": cancellation and cancellation.source,
        "now": cancelled.appointment.updated_at,
        "request": request,
    }
    cursor = await execute(connection, _WRITE, params)
    if await cursor.fetchone() is None:
        raise Stale


def cancelled_by(stored: Stored, actor: Actor, reason: str | None, now: datetime) -> Stored:
    """Pure: what a cancelled appointment becomes."""
    after = replace(
        next_version(stored.appointment, now),
        status="cancelled",
        waiting_for=None,
        cancellation=Cancellation(at=now, by=str(actor.id) if actor.id else None, source=actor.kind, reason=reason),
    )
    return replace(stored, appointment=after, ics=build_ics(after, method="CANCEL"), reminder_ids=())


def _decide(stored: Stored, caller: Caller, request: Cancel, now: datetime) -> Stored:
    before = stored.appointment
    host_ids = [host.id for host in before.hosts]
    require_may_change(caller, host_ids)
    if request.precondition is not None:
        request.precondition(before.version)
    require_changeable(before, now)
    if before.meeting_info.group_booking and not request.cancel_all:
        raise Malformed.field("cancelAll", "a group appointment is cancelled with attendeeId or cancelAll: true")
    return cancelled_by(stored, actor_of(caller, host_ids), request.reason, now)


def _change(after: Appointment, caller: Caller, request: Cancel) -> Change:
    return Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind="cancelled",
        at=after.stamped_at,
        actor=actor_of(caller, [host.id for host in after.hosts]),
        through="api",
        start=after.start,
        end=after.end,
        reason=request.reason,
        notify=request.notify,
    )


_WRITE = f"""
    WITH locked AS (
        SELECT host_id FROM host_calendars
        WHERE company_id = %(company_id)s AND host_id = ANY (%(host_ids)s::uuid[])
        ORDER BY host_id
        FOR UPDATE
    ), changed AS (
        UPDATE appointments SET
            status = 'cancelled', waiting_for = NULL, sequence = %(sequence)s, version = version + 1, ics = %(ics)s,
            stamped_at = %(at)s, updated_at = %(now)s, cancelled_at = %(now)s, cancelled_by = %(by)s,
            cancel_source = %(source)s, cancel_reason = %(reason)s
        WHERE company_id = %(company_id)s AND id = %(id)s AND version = %(version)s
            AND (SELECT count(*) FROM locked) = cardinality(%(host_ids)s::uuid[])
        RETURNING company_id, id
    ), answered AS (
        UPDATE provisional_bookings p SET status = %(request)s, decided_at = %(now)s
        FROM changed WHERE p.company_id = changed.company_id AND p.id = changed.id AND p.status = 'pending'
    ), freed AS (
        DELETE FROM blocked_times b USING changed
        WHERE b.company_id = changed.company_id AND b.source_id = changed.id
    ), bumped AS ({BUMP_HOSTS}), dropped AS ({DROP_REMINDERS}), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
