"""Write a decided booking in one statement, and nothing if anything that it rests on has changed."""

from datetime import datetime
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.appointments.booking import Booked, Booking
from slotkeeper.appointments.holds import RELEASE_HOLD
from slotkeeper.appointments.offer import Offer
from slotkeeper.appointments.provisional import ENTER_REQUEST, request_params
from slotkeeper.appointments.recording import (
    ADD_ATTENDEE,
    BUMP_HOSTS,
    INSERT_JOB,
    PLAN_REMINDERS,
    WRITE_HISTORY,
    recording_params,
)
from slotkeeper.appointments.reminders import plan_reminders
from slotkeeper.appointments.situation import calendar_versions
from slotkeeper.appointments.turns import (
    BUMP_QUEUE,
    HOSTS_UNCHANGED_AFTER_QUEUE,
    QUEUE_UNCHANGED,
    TAKE_TURN,
    turn_params,
)
from slotkeeper.appointments.who_holds import Holding
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.ics.build import build_ics
from slotkeeper.meeting_types.one_time_links import LINK_IS_USED, USE_LINK
from slotkeeper.records.change import Change
from slotkeeper.records.meeting_info import MeetingInfo


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, with what it rests on."""

    offer: Offer
    booked: Booked
    info: MeetingInfo
    holding: Holding
    used_link_id: UUID | None


async def write_booking(
    connection: Connection, chosen: Chosen, change: Change, request: Booking, now: datetime
) -> None:
    """Raises ``Stale``."""
    offer, booked, info = chosen.offer, chosen.booked, chosen.info
    appointment = booked.appointment
    waits = appointment.waiting_for is not None
    reminders = plan_reminders(appointment.id, 0, appointment.start, () if waits else offer.meeting_type.reminders, now)
    params = {
        **recording_params(appointment.company_id, change, reminders),
        **calendar_versions(chosen.holding.hosts),
        **turn_params(offer.line, chosen.holding.turn),
        "used_link_id": chosen.used_link_id,
        **request_params(appointment, offer.offered.opt_in, request.asked, now),
        "meeting_type_id": appointment.meeting_type_id,
        "uid": appointment.uid,
        "status": appointment.status,
        "meeting_info": Jsonb(msgspec.to_builtins(info)),
        "crm_options": Jsonb(offer.offered.crm_options),
        "metadata": Jsonb(request.metadata),
        "ics": build_ics(appointment),
        "ics_title": appointment.ics_title,
        "ics_description": appointment.ics_description,
        "location": appointment.location,
        "meeting_link": appointment.meeting_link,
        "seats": appointment.seats,
        "series_id": appointment.series_id,
        "now": now,
        "exclusive": not booked.verdict.overlaps,
        "buffer_before": info.buffer_before,
        "buffer_after": info.buffer_after,
        "attendee": Jsonb(msgspec.to_builtins(booked.attendee)),
        "hold_id": request.hold_id,
        "pending_id": request.pending_attendee_id,
    }
    cursor = await execute(connection, _WRITE, params)
    if await cursor.fetchone() is None:
        raise Stale


_FORGET_PENDING = """
    UPDATE pending_attendees p SET deleted_at = %(now)s
    FROM changed WHERE p.company_id = changed.company_id AND p.id = %(pending_id)s AND p.deleted_at IS NULL
"""

_WRITE = f"""
    WITH queue_unchanged AS ({QUEUE_UNCHANGED}), unchanged AS ({HOSTS_UNCHANGED_AFTER_QUEUE}), link AS ({USE_LINK}),
    changed AS (
        INSERT INTO appointments (
            company_id, id, meeting_type_id, uid, status, waiting_for, start_at, end_at, host_ids, meeting_info,
            crm_options, metadata, ics, ics_title, ics_description, location, meeting_link, seats, series_id, queue_id,
            created_at, updated_at, stamped_at
        )
        SELECT %(company_id)s, %(id)s, %(meeting_type_id)s, %(uid)s, %(status)s, %(waiting_for)s, %(start)s, %(end)s,
            %(host_ids)s, %(meeting_info)s, %(crm_options)s, %(metadata)s, %(ics)s, %(ics_title)s, %(ics_description)s,
            %(location)s, %(meeting_link)s, %(seats)s, %(series_id)s, %(queue_id)s, %(now)s, %(now)s, %(at)s
        WHERE (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[]) AND {LINK_IS_USED}
        RETURNING company_id, id
    ), released AS ({RELEASE_HOLD}), blocked AS (
        INSERT INTO blocked_times (
            company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, buffer_before, buffer_after,
            exclusive, expires_at
        )
        SELECT changed.company_id, host_id, 'appointment', changed.id, %(meeting_type_id)s, %(start)s, %(end)s,
            %(buffer_before)s, %(buffer_after)s, %(exclusive)s, %(expires_at)s
        FROM changed, unnest(%(host_ids)s::uuid[]) AS host_id, (SELECT count(*) FROM released) AS released_first
    ), attending AS ({ADD_ATTENDEE}), waiting AS ({ENTER_REQUEST}), met AS ({_FORGET_PENDING}),
    turn AS ({TAKE_TURN}), next_turn AS ({BUMP_QUEUE}),
    bumped AS ({BUMP_HOSTS}), planned AS ({PLAN_REMINDERS}), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
