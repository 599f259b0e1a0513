"""Cancel an appointment: its hosts' time is free again, and everyone is told."""

from collections.abc import Callable
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.attendee_policy import policy_allows_cancelling, require_allowed
from slotkeeper.appointments.leave_group import leave
from slotkeeper.appointments.policy import permitted, require_changeable
from slotkeeper.appointments.recording import (
    BUMP_HOSTS,
    DROP_REMINDERS,
    INSERT_JOB,
    WRITE_HISTORY,
    next_version,
    recording_params,
)
from slotkeeper.appointments.stored import Stored, get_stored
from slotkeeper.appointments.turns import GIVE_TURN_BACK
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Malformed
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment, Cancellation
from slotkeeper.records.caller import AttendeeCaller, Mover
from slotkeeper.records.change import Actor, Change, Notify

RequestEnd = Literal["declined_by_host", "expired", "withdrawn"]


class Cancel(msgspec.Struct, frozen=True, kw_only=True):
    """Of a group: one attendee (``attendee_id``) or, explicitly, all."""

    appointment_id: UUID
    attendee_id: UUID | None = None
    cancel_all: bool = False
    reason: str | None = None
    notify: Notify = "all"
    through: str = "api"
    precondition: Callable[[int], None] | None = None


async def cancel(connection: Connection, mover: Mover, request: Cancel, now: datetime) -> Stored:
    """Raises ``NotFound``, ``Forbidden``, ``Conflict``; ``Malformed`` for a group without saying who leaves."""
    stored = await get_stored(connection, mover.company_id, request.appointment_id)
    actor = permitted(mover, stored.appointment, frozenset())
    if request.precondition is not None:
        request.precondition(stored.appointment.version)
    require_changeable(stored.appointment, now)
    if isinstance(mover, AttendeeCaller):
        policy = stored.meeting_type.cancellation_policy
        require_allowed(policy_allows_cancelling(policy, stored.appointment.start, now))
    if leaver := _who_leaves(stored.appointment, mover, request):
        return await leave(
            connection,
            stored,
            leaver,
            actor,
            now,
            through=request.through,
            reason=request.reason,
            notify=request.notify,
        )
    cancelled = cancelled_by(stored, actor, request.reason, now)
    await write_cancelled(connection, stored.appointment, cancelled, _change(cancelled.appointment, actor, request))
    return cancelled


def _who_leaves(appointment: Appointment, mover: Mover, request: Cancel) -> UUID | None:
    """None where nobody is left who would stay: then the whole appointment is cancelled."""
    attendee_id = mover.attendee_id if isinstance(mover, AttendeeCaller) else request.attendee_id
    if attendee_id is None or (request.cancel_all and not isinstance(mover, AttendeeCaller)):
        if appointment.meeting_info.group_booking and not request.cancel_all:
            raise Malformed.field("cancelAll", "a group appointment is cancelled with attendeeId or cancelAll: true")
        return None
    if attendee_id not in {attendee.id for attendee in appointment.attendees}:
        raise Malformed.field("attendeeId", "must name an attendee of this appointment")
    return attendee_id if len(appointment.attendees) > 1 else None


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


def _change(after: Appointment, actor: Actor, request: Cancel) -> Change:
    return Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind="cancelled",
        at=after.stamped_at,
        actor=actor,
        through=request.through,
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
    ), given_back AS ({GIVE_TURN_BACK}), bumped AS ({BUMP_HOSTS}), dropped AS ({DROP_REMINDERS}),
    history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
