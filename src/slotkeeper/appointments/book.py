"""Book an appointment with one or several hosts, all of them free: read once, decide purely, write once."""

from datetime import datetime, timedelta

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.appointments.booking import Booked, Booking, Situation, appointment_of, change_of, info_of
from slotkeeper.appointments.policy import require_may_override
from slotkeeper.appointments.recording import (
    BUMP_HOSTS,
    HOSTS_UNCHANGED,
    INSERT_JOB,
    PLAN_REMINDERS,
    WRITE_HISTORY,
    recording_params,
)
from slotkeeper.appointments.reminders import plan_reminders
from slotkeeper.appointments.situation import (
    HOST_TIMES_JSON,
    MEETING_TYPE_RULES_JSON,
    REACH,
    booking_rules,
    calendar_versions,
)
from slotkeeper.appointments.verdict import judge, not_free, suggest
from slotkeeper.availability.rules import BookingRules, HostAvailability
from slotkeeper.db.appointments import HOSTS_JSON
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.ics.build import build_ics
from slotkeeper.records.caller import Caller
from slotkeeper.records.meeting_info import MeetingInfo

_SUGGESTION_REACH = timedelta(days=15)


async def book(
    connection: Connection, caller: Caller, request: Booking, now: datetime, *, locked: bool = False
) -> Booked:
    """Raises ``NotFound``, ``Malformed``, ``Forbidden`` or ``NotFree``; ``Stale`` asks for another attempt."""
    if locked:
        params = {"company_id": caller.company_id, "host_ids": list(request.host_ids), "id": request.meeting_type_id}
        await connection.execute(_LOCK, params)
    situation = await _read(connection, caller, request, now, timedelta(0))
    info = info_of(situation.offered, request)
    booked = _decide(situation, info, caller, request, now)
    if booked.verdict.refused:
        wide = await _read(connection, caller, request, now, _SUGGESTION_REACH)
        suggestions = suggest(request.start, _rules(wide, info, now), _availability(wide), now)
        raise not_free(booked.verdict.refused, suggestions)
    await _write(connection, situation, booked, caller, request, now)
    return booked


async def _read(connection: Connection, caller: Caller, request: Booking, now: datetime, reach: timedelta) -> Situation:
    params = {
        "company_id": caller.company_id,
        "id": request.meeting_type_id,
        "host_ids": list(request.host_ids),
        "start": request.start,
        "now": now,
        "reach": reach,
    }
    situation = await fetch(connection, Situation, _READ, params)
    if situation is None:
        raise NotFound(f"meeting type {request.meeting_type_id} not found")
    missing = set(request.host_ids) - {host.availability.host_id for host in situation.hosts}
    if missing or not situation.hosts:  # a deleted user has no calendar any more
        raise Malformed.field("hostIds", "must name users of this company")
    return situation


def _decide(situation: Situation, info: MeetingInfo, caller: Caller, request: Booking, now: datetime) -> Booked:
    host_ids = [host.id for host in situation.people]
    require_may_override(caller, host_ids, request.overrides)
    verdict = judge(request.start, _rules(situation, info, now), _availability(situation), now, request.overrides)
    return Booked(appointment=appointment_of(situation, info, caller, request, now), verdict=verdict)


def _rules(situation: Situation, info: MeetingInfo, now: datetime) -> BookingRules:
    return booking_rules(situation.meeting_type, info, info.duration * 60, situation.hosts, now)


def _availability(situation: Situation) -> list[HostAvailability]:
    return [host.availability for host in situation.hosts]


async def _write(
    connection: Connection, situation: Situation, booked: Booked, caller: Caller, request: Booking, now: datetime
) -> None:
    appointment = booked.appointment
    reminders = plan_reminders(appointment.id, 0, appointment.start, situation.meeting_type.reminders, now)
    info = appointment.meeting_info
    params = {
        **recording_params(caller.company_id, change_of(booked, request, caller), reminders),
        **calendar_versions(situation.hosts),
        "meeting_type_id": appointment.meeting_type_id,
        "uid": appointment.uid,
        "meeting_info": Jsonb(msgspec.to_builtins(info)),
        "crm_options": Jsonb(situation.offered.crm_options),
        "metadata": Jsonb(request.metadata),
        "ics": build_ics(appointment),
        "ics_title": appointment.ics_title,
        "ics_description": appointment.ics_description,
        "location": appointment.location,
        "meeting_link": appointment.meeting_link,
        "now": now,
        "exclusive": not booked.verdict.overlaps,
        "buffer_before": info.buffer_before,
        "buffer_after": info.buffer_after,
        "attendee": Jsonb(msgspec.to_builtins(request.attendee)),
    }
    cursor = await execute(connection, _WRITE, params)
    if await cursor.fetchone() is None:
        raise Stale


_LOCK = """
    SELECT 1 FROM host_calendars
    WHERE company_id = %(company_id)s AND (host_id = ANY (%(host_ids)s::uuid[]) OR (
        cardinality(%(host_ids)s::uuid[]) = 0
        AND host_id = (SELECT user_id FROM meeting_types WHERE company_id = %(company_id)s AND id = %(id)s)
    ))
    ORDER BY host_id
    FOR UPDATE
"""

_READ = f"""
    SELECT json_build_object(
        'company_name', c.name,
        'offered', json_build_object(
            'enabled', t.enabled, 'meeting_info', t.meeting_info, 'crm_options', t.crm_options,
            'allowed_durations', coalesce(t.meeting_options -> 'allowedDurations', '[]')
        ),
        'meeting_type', {MEETING_TYPE_RULES_JSON}, 'people', coalesce({HOSTS_JSON}, '[]'),
        'hosts', coalesce({HOST_TIMES_JSON}, '[]')
    )::text
    FROM meeting_types t
    JOIN companies c ON c.id = t.company_id
    CROSS JOIN LATERAL (
        SELECT t.company_id, NULL::uuid AS id, NULL::text AS uid, CASE
            WHEN cardinality(%(host_ids)s::uuid[]) > 0 THEN %(host_ids)s::uuid[] ELSE ARRAY[t.user_id]
        END AS host_ids
    ) a
    CROSS JOIN LATERAL (SELECT {REACH} AS reach) r
    CROSS JOIN LATERAL (
        SELECT %(start)s - r.reach AS from_at, %(start)s + r.reach + interval '24 hours' AS to_at
    ) w
    WHERE t.company_id = %(company_id)s AND t.id = %(id)s AND t.deleted_at IS NULL
"""

_WRITE = f"""
    WITH unchanged AS ({HOSTS_UNCHANGED}), changed AS (
        INSERT INTO appointments (
            company_id, id, meeting_type_id, uid, status, start_at, end_at, host_ids, meeting_info, crm_options,
            metadata, ics, ics_title, ics_description, location, meeting_link, created_at, updated_at, stamped_at
        )
        SELECT %(company_id)s, %(id)s, %(meeting_type_id)s, %(uid)s, 'confirmed', %(start)s, %(end)s, %(host_ids)s,
            %(meeting_info)s, %(crm_options)s, %(metadata)s, %(ics)s, %(ics_title)s, %(ics_description)s, %(location)s,
            %(meeting_link)s, %(now)s, %(now)s, %(at)s
        WHERE (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[])
        RETURNING company_id, id
    ), blocked AS (
        INSERT INTO blocked_times (
            company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, buffer_before, buffer_after,
            exclusive
        )
        SELECT changed.company_id, host_id, 'appointment', changed.id, %(meeting_type_id)s, %(start)s, %(end)s,
            %(buffer_before)s, %(buffer_after)s, %(exclusive)s
        FROM changed, unnest(%(host_ids)s::uuid[]) AS host_id
    ), attending AS (
        INSERT INTO attendees
        SELECT (jsonb_populate_record(NULL::attendees, %(attendee)s || jsonb_build_object(
            'company_id', changed.company_id, 'appointment_id', changed.id
        ))).*
        FROM changed
    ), bumped AS ({BUMP_HOSTS}), planned AS ({PLAN_REMINDERS}), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
