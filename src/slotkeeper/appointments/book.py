"""Book an appointment, or a seat in one: read once, decide purely, write once."""

from asyncio import to_thread
from datetime import datetime
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.appointments.booking import Booked, Booking, appointment_of, booked_by, change_of
from slotkeeper.appointments.find_holders import ReadOffer, find_holders, suggestions
from slotkeeper.appointments.holds import RELEASE_HOLD
from slotkeeper.appointments.join_group import joined, write_joined
from slotkeeper.appointments.lock_candidates import lock_candidates
from slotkeeper.appointments.offer import Offer, read_offer
from slotkeeper.appointments.offered_type import info_of, waits_for
from slotkeeper.appointments.policy import require_may_override
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
from slotkeeper.appointments.verdict import not_free
from slotkeeper.appointments.who_holds import Holding, Wanted
from slotkeeper.availability.intervals import Interval
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Forbidden
from slotkeeper.ics.build import build_ics
from slotkeeper.meeting_types.one_time_links import LINK_IS_USED, USE_LINK, require_usable
from slotkeeper.records.caller import Caller, Visitor
from slotkeeper.records.change import Change
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.secrets import password_is_right


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """What was decided, with what it rests on."""

    offer: Offer
    booked: Booked
    info: MeetingInfo
    holding: Holding
    used_link_id: UUID | None


async def book(
    connection: Connection, caller: Caller | Visitor, request: Booking, now: datetime, *, locked: bool = False
) -> Booked:
    """Raises ``NotFound``, ``Malformed``, ``Forbidden``, ``Conflict`` or ``NotFree``; ``Stale``: try again."""
    if locked:
        await lock_candidates(connection, caller.company_id, request, now)
    read = _reader(connection, caller, request, now)
    offer = await read(None)
    info = info_of(offer.offered, request)
    await _require_password(offer, request)
    used_link = require_usable(request.one_time_link, offer.link, request.meeting_type_id, now)
    actor, through = booked_by(caller)
    if offer.group is not None:
        taken = joined(offer.group, request, now)
        await write_joined(connection, offer.group, taken, change_of(taken, request, actor, through), used_link)
        return taken
    if isinstance(caller, Caller):
        require_may_override(caller, [host.id for host in offer.people], request.overrides)
    wanted = _wanted(request, info)
    offer, holding = await find_holders(read, offer, wanted, now)
    if holding.verdict.refused:
        raise not_free(holding.verdict.refused, await suggestions(read, wanted, holding, now))
    chosen = _decide(offer, info, holding, request, now, used_link)
    await _write(connection, chosen, change_of(chosen.booked, request, actor, through), request, now)
    return chosen.booked


def _reader(connection: Connection, caller: Caller | Visitor, request: Booking, now: datetime) -> ReadOffer:
    async def read(within: Interval | None) -> Offer:
        return await read_offer(
            connection,
            caller.company_id,
            request,
            now,
            within=within,
            hold_id=request.hold_id,
            group_id=request.appointment_id,
            one_time_link=request.one_time_link,
        )

    return read


def _wanted(request: Booking, info: MeetingInfo) -> Wanted:
    return Wanted(
        info=info,
        start=request.start,
        overrides=request.overrides,
        chosen=bool(request.host_ids),
        held=request.hold_id is not None,
    )


def _decide(
    offer: Offer, info: MeetingInfo, holding: Holding, request: Booking, now: datetime, used_link: UUID | None
) -> Chosen:
    request = _asked_to_opt_in(request, offer)
    appointment = appointment_of(
        request,
        company_id=offer.company_id,
        company_name=offer.company_name,
        info=info,
        ics=offer.offered.ics,
        seats=offer.offered.spots if info.group_booking else 1,
        hosts=holding.people,
        waiting_for=waits_for(offer.offered),
        queue_id=offer.line.id if offer.line else None,
        custom_link=holding.turn.custom_link if holding.turn else None,
        now=now,
    )
    booked = Booked(appointment=appointment, attendee=request.attendee, verdict=holding.verdict)
    return Chosen(offer=offer, booked=booked, info=info, holding=holding, used_link_id=used_link)


async def _require_password(offer: Offer, request: Booking) -> None:
    """Hashing takes some 30 ms, so it has a thread of its own."""
    expected = offer.offered.password_hash
    if expected is None:
        return
    if not await to_thread(password_is_right, request.password or "", expected):
        raise Forbidden("the booking password is missing or wrong", code="booking-password-wrong")


def _asked_to_opt_in(request: Booking, offer: Offer) -> Booking:
    if not offer.offered.opt_in or offer.offered.meeting_info.group_booking:
        return request
    return msgspec.structs.replace(request, attendee=msgspec.structs.replace(request.attendee, double_opt_in="pending"))


async def _write(connection: Connection, chosen: Chosen, change: Change, request: Booking, now: datetime) -> None:
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


FORGET_PENDING = """
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
    ), attending AS ({ADD_ATTENDEE}), waiting AS ({ENTER_REQUEST}), met AS ({FORGET_PENDING}),
    turn AS ({TAKE_TURN}), next_turn AS ({BUMP_QUEUE}),
    bumped AS ({BUMP_HOSTS}), planned AS ({PLAN_REMINDERS}), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
