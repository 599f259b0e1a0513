"""Move an appointment: read once, decide purely, write once. What follows the move is side_effects/after.py."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.policy import actor_of, require_changeable, require_may_change, require_may_override
from slotkeeper.appointments.recording import (
    BUMP_HOSTS,
    DROP_REMINDERS,
    HOSTS_UNCHANGED,
    INSERT_JOB,
    PLAN_REMINDERS,
    WRITE_HISTORY,
    recording_params,
)
from slotkeeper.appointments.reminders import Reminder, plan_reminders
from slotkeeper.appointments.situation import (
    HOST_TIMES_JSON,
    MEETING_TYPE_RULES_JSON,
    REACH,
    HostTimes,
    MeetingTypeRules,
    booking_rules,
    calendar_versions,
)
from slotkeeper.appointments.stored import STORED_FROM, STORED_JSON, Stored
from slotkeeper.appointments.verdict import Verdict, judge, not_free, suggest
from slotkeeper.availability.rules import BookingRules, HostAvailability
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import NotFound
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Change, Notify

_NEARBY = timedelta(0)
_SUGGESTION_REACH = timedelta(days=15)


class Reschedule(msgspec.Struct, frozen=True, kw_only=True):
    """The request. ``overrides`` are categories of ``verdict.OVERRIDES``; ``start`` is an aware instant."""

    appointment_id: UUID
    start: datetime
    overrides: frozenset[str] = frozenset()
    reason: str | None = None
    notify: Notify = "all"
    through: str = "api"
    precondition: Callable[[int], None] | None = None
    """Given the appointment's version; raises ``PreconditionFailed``."""


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    stored: Stored
    meeting_type: MeetingTypeRules
    hosts: tuple[HostTimes, ...]


class Decision(msgspec.Struct, frozen=True, kw_only=True):
    """``change`` None: the appointment is there already, nothing happens."""

    stored: Stored
    previous_start: datetime
    verdict: Verdict
    change: Change | None
    reminders: tuple[Reminder, ...] = ()


async def reschedule(
    connection: Connection, caller: Caller, request: Reschedule, now: datetime, *, locked: bool = False
) -> Decision:
    """Raises ``NotFound``, ``Forbidden``, ``Conflict`` or ``NotFree``; ``Stale`` asks for another attempt."""
    if locked:
        await connection.execute(_LOCK, {"company_id": caller.company_id, "id": request.appointment_id})
    situation = await read(connection, caller, request, now)
    decision = decide(situation, caller, request, now)
    if decision.verdict.refused:
        raise not_free(decision.verdict.refused, await suggestions(connection, caller, request, now))
    if decision.change is not None:
        await _write(connection, situation, decision, decision.change)
    return decision


async def read(
    connection: Connection, caller: Caller, request: Reschedule, now: datetime, reach: timedelta = _NEARBY
) -> Situation:
    """Raises ``NotFound`` alike for an unknown id and another company's."""
    params = {"company_id": caller.company_id, "id": request.appointment_id, "start": request.start}
    situation = await fetch(connection, Situation, READ_SQL, {**params, "now": now, "reach": reach})
    if situation is None:
        raise NotFound(f"appointment {request.appointment_id} not found")
    return situation


def decide(situation: Situation, caller: Caller, request: Reschedule, now: datetime) -> Decision:
    """Pure: may this caller, is the time free, and what the appointment becomes."""
    before = situation.stored.appointment
    host_ids = [host.id for host in before.hosts]
    require_may_change(caller, host_ids)
    require_may_override(caller, host_ids, request.overrides)
    if request.precondition is not None:
        request.precondition(before.version)
    require_changeable(before, now)
    if request.start == before.start:
        nothing = Verdict(refused=(), overridden=())
        return Decision(stored=situation.stored, previous_start=before.start, verdict=nothing, change=None)
    verdict = judge(request.start, _rules(situation, now), _availability(situation), now, request.overrides)
    return _moved(situation, caller, request, now, verdict)


async def suggestions(connection: Connection, caller: Caller, request: Reschedule, now: datetime) -> list[datetime]:
    wide = await read(connection, caller, request, now, reach=_SUGGESTION_REACH)
    return suggest(request.start, _rules(wide, now), _availability(wide), now)


def _rules(situation: Situation, now: datetime) -> BookingRules:
    appointment = situation.stored.appointment
    seconds = int(appointment.duration.total_seconds())
    return booking_rules(situation.meeting_type, appointment.meeting_info, seconds, situation.hosts, now)


def _availability(situation: Situation) -> list[HostAvailability]:
    return [host.availability for host in situation.hosts]


def _moved(situation: Situation, caller: Caller, request: Reschedule, now: datetime, verdict: Verdict) -> Decision:
    before = situation.stored.appointment
    at = max(now.replace(microsecond=0), before.stamped_at)
    after = replace(
        before,
        start=request.start,
        end=request.start + before.duration,
        sequence=before.sequence + 1,
        version=before.version + 1,
        stamped_at=at,
        updated_at=now,
        rescheduled_at=now,
    )
    reminders = plan_reminders(after.id, after.sequence, after.start, situation.meeting_type.reminders, now)
    return Decision(
        stored=replace(
            situation.stored,
            appointment=after,
            ics=build_ics(after),
            reschedule_count=situation.stored.reschedule_count + 1,
            reminder_ids=tuple(reminder.id for reminder in reminders),
        ),
        previous_start=before.start,
        verdict=verdict,
        change=_change(before, after, caller, request, at, verdict),
        reminders=tuple(reminders),
    )


def _change(
    before: Appointment, after: Appointment, caller: Caller, request: Reschedule, at: datetime, verdict: Verdict
) -> Change:
    return Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind="rescheduled",
        at=at,
        actor=actor_of(caller, [host.id for host in after.hosts]),
        through=request.through,
        start=after.start,
        end=after.end,
        previous_start=before.start,
        previous_end=before.end,
        reason=request.reason,
        overridden=verdict.overridden_rules,
        notify=request.notify,
    )


async def _write(connection: Connection, situation: Situation, decision: Decision, change: Change) -> None:
    after = decision.stored.appointment
    params = {
        **recording_params(after.company_id, change, decision.reminders),
        **calendar_versions(situation.hosts),
        "version": situation.stored.appointment.version,
        "ics": decision.stored.ics,
        "now": after.updated_at,
        "exclusive": not decision.verdict.overlaps,
    }
    cursor = await execute(connection, WRITE_SQL, params)
    if await cursor.fetchone() is None:
        raise Stale


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
        'stored', {STORED_JSON}, 'meeting_type', {MEETING_TYPE_RULES_JSON}, 'hosts', {HOST_TIMES_JSON}
    )::text
    {STORED_FROM}
    CROSS JOIN LATERAL (SELECT {REACH} AS reach) r
    CROSS JOIN LATERAL (
        SELECT %(start)s - r.reach AS from_at, %(start)s + (a.end_at - a.start_at) + r.reach AS to_at
    ) w
    WHERE a.company_id = %(company_id)s AND a.id = %(id)s
"""

WRITE_SQL = f"""
    WITH unchanged AS ({HOSTS_UNCHANGED}), changed AS (
        UPDATE appointments SET
            start_at = %(start)s, end_at = %(end)s, sequence = %(sequence)s, version = version + 1, ics = %(ics)s,
            stamped_at = %(at)s, updated_at = %(now)s, rescheduled_at = %(now)s, reschedule_count = reschedule_count + 1
        WHERE company_id = %(company_id)s AND id = %(id)s AND version = %(version)s
            AND (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[])
        RETURNING company_id, id
    ), blocked AS (
        UPDATE blocked_times b SET start_at = %(start)s, end_at = %(end)s, exclusive = %(exclusive)s
        FROM changed WHERE b.company_id = changed.company_id AND b.source_id = changed.id
    ), bumped AS ({BUMP_HOSTS}), dropped AS ({DROP_REMINDERS}), planned AS ({PLAN_REMINDERS}),
    history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
