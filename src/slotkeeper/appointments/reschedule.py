"""Move an appointment: read once, decide purely, write once. What follows the move is side_effects/after.py."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.attendee_policy import require_allowed
from slotkeeper.appointments.expired_holds import forget_expired_holds
from slotkeeper.appointments.holds import RELEASE_HOLD
from slotkeeper.appointments.moved_by_attendee import told_to, why_not_to
from slotkeeper.appointments.moving import Moving, lock_hosts, read_moving
from slotkeeper.appointments.policy import permitted, require_changeable
from slotkeeper.appointments.recording import (
    BUMP_HOSTS,
    DROP_REMINDERS,
    HOSTS_UNCHANGED,
    INSERT_JOB,
    PLAN_REMINDERS,
    WRITE_HISTORY,
    next_version,
    recording_params,
)
from slotkeeper.appointments.reminders import Reminder, plan_reminders
from slotkeeper.appointments.situation import calendar_versions
from slotkeeper.appointments.stored import Stored
from slotkeeper.appointments.turns import MOVE_TURN
from slotkeeper.appointments.verdict import Verdict, judge, not_free, suggest
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Mover
from slotkeeper.records.change import Actor, Change, Notify

_SUGGESTION_REACH = timedelta(days=15)


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """A proposal of the other side that the move accepts; ``overrides`` were set aside by the host who made it."""

    proposal_id: UUID
    overrides: frozenset[str] = frozenset()


class Reschedule(msgspec.Struct, frozen=True, kw_only=True):
    """The request. ``overrides`` are categories of ``verdict.OVERRIDES``; ``start`` is an aware instant."""

    appointment_id: UUID
    start: datetime
    overrides: frozenset[str] = frozenset()
    reason: str | None = None
    notify: Notify = "all"
    through: str = "api"
    hold_id: UUID | None = None
    offer: Offer | None = None
    """What it accepts: then no policy for attendees holds, and the host's overrides do."""
    precondition: Callable[[int], None] | None = None
    """Given the appointment's version; raises ``PreconditionFailed``."""


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """``change`` None: the appointment is there already, nothing happens."""

    stored: Stored
    previous_start: datetime
    verdict: Verdict
    change: Change | None
    reminders: tuple[Reminder, ...] = ()


async def reschedule(
    connection: Connection, mover: Mover, request: Reschedule, now: datetime, *, locked: bool = False
) -> Decision:
    """Raises ``NotFound``, ``Forbidden``, ``Conflict`` or ``NotFree``; ``Stale`` asks for another attempt."""
    if locked:
        await lock_hosts(connection, mover.company_id, request.appointment_id)
        await forget_expired_holds(connection, mover.company_id, now)
    moving = await read(connection, mover, request, now)
    decision = decide(moving, mover, request, now)
    if decision.verdict.refused:
        reasons = told_to(mover, decision.verdict.refused, decision.stored.appointment)
        raise not_free(reasons, await suggestions(connection, mover, request, now))
    if decision.change is not None:
        await write_move(connection, moving, decision, decision.change, request.hold_id)
    return decision


async def read(connection: Connection, mover: Mover, request: Reschedule, now: datetime) -> Moving:
    """Raises as ``read_moving``."""
    return await read_moving(
        connection, mover.company_id, request.appointment_id, request.start, now, hold_id=request.hold_id
    )


def decide(moving: Moving, mover: Mover, request: Reschedule, now: datetime) -> Decision:
    """Pure: may this one, is the time free, and what the appointment becomes."""
    before = moving.stored.appointment
    actor = permitted(mover, before, request.overrides)
    if request.precondition is not None:
        request.precondition(before.version)
    require_changeable(before, now)
    if request.start == before.start:
        nothing = Verdict(refused=(), overridden=())
        return Decision(stored=moving.stored, previous_start=before.start, verdict=nothing, change=None)
    if request.offer is None:
        require_allowed(why_not_to(mover, moving, request.start, request.reason, now))
    set_aside = request.overrides | (request.offer.overrides if request.offer else frozenset())
    verdict = judge(request.start, moving.rules(now), moving.availability, now, set_aside)
    return _moved(moving, actor, request, now, verdict)


async def suggestions(connection: Connection, mover: Mover, request: Reschedule, now: datetime) -> list[datetime]:
    wide = await read_moving(
        connection, mover.company_id, request.appointment_id, request.start, now, reach=_SUGGESTION_REACH
    )
    found = suggest(request.start, wide.rules(now), wide.availability, now)
    return [start for start in found if why_not_to(mover, wide, start, request.reason, now) is None]


def _moved(moving: Moving, actor: Actor, request: Reschedule, now: datetime, verdict: Verdict) -> Decision:
    before = moving.stored.appointment
    after = replace(
        next_version(before, now), start=request.start, end=request.start + before.duration, rescheduled_at=now
    )
    minutes = moving.meeting_type.reminders if after.status == "confirmed" else ()
    reminders = plan_reminders(after.id, after.sequence, after.start, minutes, now)
    return Decision(
        stored=replace(
            moving.stored,
            appointment=after,
            ics=build_ics(after),
            reschedule_count=moving.stored.reschedule_count + 1,
            reminder_ids=tuple(reminder.id for reminder in reminders),
        ),
        previous_start=before.start,
        verdict=verdict,
        change=_change(before, after, actor, request, verdict),
        reminders=tuple(reminders),
    )


def _change(before: Appointment, after: Appointment, actor: Actor, request: Reschedule, verdict: Verdict) -> Change:
    return Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind="rescheduled",
        at=after.stamped_at,
        actor=actor,
        through=request.through,
        start=after.start,
        end=after.end,
        previous_start=before.start,
        previous_end=before.end,
        reason=request.reason,
        overridden=verdict.overridden_rules,
        notify=request.notify,
        proposal_id=request.offer.proposal_id if request.offer else None,
    )


async def write_move(
    connection: Connection, moving: Moving, decision: Decision, change: Change, hold_id: UUID | None = None
) -> None:
    """Raises ``Stale`` where the appointment or a host's calendar is no longer as it was read."""
    after = decision.stored.appointment
    params = {
        **recording_params(after.company_id, change, decision.reminders),
        **calendar_versions(moving.hosts),
        "version": moving.stored.appointment.version,
        "ics": decision.stored.ics,
        "now": after.updated_at,
        "exclusive": not decision.verdict.overlaps,
        "hold_id": hold_id,
    }
    cursor = await execute(connection, WRITE_SQL, params)
    if await cursor.fetchone() is None:
        raise Stale


WRITE_SQL = f"""
    WITH unchanged AS ({HOSTS_UNCHANGED}), changed AS (
        UPDATE appointments SET
            start_at = %(start)s, end_at = %(end)s, sequence = %(sequence)s, version = version + 1, ics = %(ics)s,
            stamped_at = %(at)s, updated_at = %(now)s, rescheduled_at = %(now)s, reschedule_count = reschedule_count + 1
        WHERE company_id = %(company_id)s AND id = %(id)s AND version = %(version)s
            AND (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[])
        RETURNING company_id, id
    ), released AS ({RELEASE_HOLD}), blocked AS (
        UPDATE blocked_times b SET start_at = %(start)s, end_at = %(end)s, exclusive = %(exclusive)s
        FROM changed, (SELECT count(*) FROM released) AS released_first
        WHERE b.company_id = changed.company_id AND b.source_id = changed.id
    ), turn AS ({MOVE_TURN}), bumped AS ({BUMP_HOSTS}), dropped AS ({DROP_REMINDERS}), planned AS ({PLAN_REMINDERS}),
    history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
