"""What a meeting type offers at a start, read in one statement; and the checks of a booking against it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from slotkeeper.appointments.booking import Booking, IcsTexts
from slotkeeper.appointments.moving import HOLD_STANDS
from slotkeeper.appointments.round_robin.line import Line
from slotkeeper.appointments.situation import (
    HOST_TIMES_JSON,
    MEETING_TYPE_RULES_JSON,
    REACH,
    HostTimes,
    MeetingTypeRules,
    booking_rules,
)
from slotkeeper.appointments.turns import LINE_JSON, QUEUE_HOST_IDS
from slotkeeper.availability.rules import BookingRules
from slotkeeper.db.appointments import APPOINTMENT_JSON, HOSTS_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Conflict, Malformed, NotFound
from slotkeeper.meeting_types.one_time_links import ASKED_LINK_JSON, AskedLink, link_params
from slotkeeper.records.appointment import Appointment, WaitingFor
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Host


class OfferedType(msgspec.Struct, frozen=True, kw_only=True):
    enabled: bool
    meeting_info: MeetingInfo
    spots: int = 1
    ics: IcsTexts = IcsTexts()
    locations: tuple[str, ...] = ()
    allowed_channels: tuple[str, ...] = ()
    allowed_durations: tuple[int, ...] = ()
    phone_only: bool = False
    opt_in: bool = False
    host_confirms: bool = False
    crm_options: dict[str, object] = {}
    password_hash: str | None = None


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """``people`` and ``hosts`` are the candidates, in the same order: all of them hold the appointment, or one of a
    ``line`` does. ``group`` is the group to join, with a seat left.
    """

    company_name: str
    offered: OfferedType
    meeting_type: MeetingTypeRules
    line: Line | None = None
    link: AskedLink | None = None
    people: tuple[Host, ...]
    hosts: tuple[HostTimes, ...]
    group: Appointment | None = None
    hold_stands: bool = True

    def of(self, host_ids: Sequence[UUID]) -> "tuple[tuple[Host, ...], tuple[HostTimes, ...]]":
        """The candidates with these ids, in the order of the ids."""
        people = {person.id: person for person in self.people}
        times = {host.availability.host_id: host for host in self.hosts}
        return tuple(people[host_id] for host_id in host_ids), tuple(times[host_id] for host_id in host_ids)


class Wish(Protocol):
    """The part of a booking that says when and with whom."""

    @property
    def meeting_type_id(self) -> UUID: ...
    @property
    def start(self) -> datetime: ...
    @property
    def host_ids(self) -> tuple[UUID, ...]: ...


async def read_offer(
    connection: Connection,
    company_id: UUID,
    wish: Wish,
    now: datetime,
    reach: timedelta = timedelta(0),
    *,
    queue_id: UUID | None = None,
    one_time_link: str | None = None,
    hold_id: UUID | None = None,
    group_id: UUID | None = None,
    host_field: str = "hostIds",
    deleted_type: bool = False,
) -> Offer:
    """``deleted_type``: appointments live on when their meeting type is deleted; nothing new is booked with it.

    Raises ``NotFound`` for an unknown meeting type, ``Malformed`` (``host_field``), ``Conflict`` (hold-expired).
    """
    params = {
        "company_id": company_id,
        "id": wish.meeting_type_id,
        "host_ids": list(wish.host_ids),
        "appointment_id": group_id,
        "deleted_type": deleted_type,
        "queue_id": queue_id,
        **link_params(one_time_link),
        "hold_id": hold_id,
        "ignored": [hold_id] if hold_id else [],
        "start": wish.start,
        "now": now,
        "reach": reach,
    }
    offer = await fetch(connection, Offer, _READ, params)
    if offer is None:
        raise NotFound(f"meeting type {wish.meeting_type_id} not found")
    if queue_id is not None and offer.line is None:
        raise NotFound(f"queue {queue_id} not found")
    if offer.line is not None and not offer.hosts:
        raise Malformed.field("queueId", "nobody is in this queue")
    if set(wish.host_ids) - {host.availability.host_id for host in offer.hosts} or not offer.hosts:
        raise Malformed.field(host_field, "must name users of this company")
    if not offer.hold_stands:
        raise Conflict("the hold has expired or was used", code="hold-expired")
    if group_id is not None and offer.group is None:
        raise Malformed.field("appointmentId", "must name a group of this meeting type and start with a seat left")
    return offer


def info_of(offered: OfferedType, request: Booking) -> MeetingInfo:
    """The appointment's own copy of the meeting's description, with the asked duration and channel."""
    info = timed(offered, request.duration)
    if request.channel not in (None, info.channel, *offered.allowed_channels):
        raise Malformed.field("channel", "must be the meeting type's channel or one of its allowedChannels")
    if info.channel == "local" and offered.locations and request.location not in (None, *offered.locations):
        raise Malformed.field("location", "must be one of the meeting type's locations")
    if request.phone_only and not offered.phone_only:
        raise Malformed.field("phoneOnlyBooking", "this meeting type does not allow it")
    return msgspec.structs.replace(info, channel=request.channel or info.channel)


def timed(offered: OfferedType, duration: int | None) -> MeetingInfo:
    """With the asked duration, in minutes. Raises ``Malformed`` naming the field."""
    info = offered.meeting_info
    if not offered.enabled:
        raise Malformed.field("meetingTypeId", "this meeting type is disabled")
    if duration not in (None, info.duration, *offered.allowed_durations):
        raise Malformed.field("duration", "must be the meeting type's duration or one of its allowedDurations")
    return msgspec.structs.replace(info, duration=duration or info.duration)


def waits_for(offered: OfferedType) -> WaitingFor | None:
    """The host's word first, then the attendee's. A group's seat is taken at once: its time is not held for one."""
    if offered.meeting_info.group_booking:
        return None
    if offered.host_confirms:
        return "host"
    return "attendee" if offered.opt_in else None


def rules_of(offer: Offer, info: MeetingInfo, hosts: tuple[HostTimes, ...], now: datetime) -> BookingRules:
    return booking_rules(offer.meeting_type, info, info.duration * 60, hosts, now)


def _in_effect(option: str, column: str) -> str:
    """SQL: what a meeting type says, or the company where it leaves that to it."""
    return (
        f"(CASE t.meeting_options ->> '{option}' WHEN 'enabled' THEN true WHEN 'disabled' THEN false"
        f" ELSE c.{column} = 'enabled' END)"
    )


_READ = f"""
    SELECT json_build_object(
        'company_name', c.name,
        'offered', json_build_object(
            'enabled', t.enabled, 'meeting_info', t.meeting_info, 'crm_options', t.crm_options, 'spots', t.spots,
            'ics', t.ics, 'locations', t.locations,
            'allowed_channels', CASE WHEN (t.meeting_options ->> 'allowSelectChannel')::boolean
                THEN coalesce(t.meeting_options -> 'allowedChannels', '[]') ELSE '[]' END,
            'allowed_durations', coalesce(t.meeting_options -> 'allowedDurations', '[]'),
            'phone_only', coalesce((t.meeting_options ->> 'allowPhoneOnlyBooking')::boolean, false),
            'opt_in', {_in_effect("doubleOptIn", "double_opt_in")},
            'host_confirms', {_in_effect("requireHostConfirmation", "require_host_confirmation")},
            'password_hash', t.booking_password_hash
        ),
        'line', {LINE_JSON}, 'link', {ASKED_LINK_JSON},
        'meeting_type', {MEETING_TYPE_RULES_JSON}, 'people', coalesce({HOSTS_JSON}, '[]'),
        'hosts', coalesce({HOST_TIMES_JSON}, '[]'),
        'hold_stands', {HOLD_STANDS},
        'group', CASE WHEN (t.meeting_info ->> 'groupBooking')::boolean THEN (
            SELECT {APPOINTMENT_JSON}
            FROM (
                SELECT g.* FROM appointments g
                WHERE g.company_id = t.company_id AND g.meeting_type_id = t.id AND g.start_at = %(start)s
                    AND g.status <> 'cancelled' AND g.deleted_at IS NULL
                    AND (%(appointment_id)s::uuid IS NULL OR g.id = %(appointment_id)s)
                    AND (cardinality(%(host_ids)s::uuid[]) = 0 OR g.host_ids <@ %(host_ids)s)
                    AND g.seats > (
                        SELECT count(*) FROM attendees n
                        WHERE n.company_id = g.company_id AND n.appointment_id = g.id AND n.deleted_at IS NULL
                    )
                ORDER BY g.created_at LIMIT 1
            ) a
        ) END
    )::text
    FROM meeting_types t
    JOIN companies c ON c.id = t.company_id
    LEFT JOIN queues q ON q.company_id = t.company_id AND q.deleted_at IS NULL AND q.id = coalesce(
        %(queue_id)s::uuid, CASE WHEN cardinality(%(host_ids)s::uuid[]) = 0 THEN t.queue_id END
    )
    CROSS JOIN LATERAL (
        SELECT t.company_id, NULL::uuid AS id, NULL::text AS uid, CASE
            WHEN cardinality(%(host_ids)s::uuid[]) > 0 THEN ARRAY(
                SELECT x.id FROM unnest(%(host_ids)s::uuid[]) WITH ORDINALITY AS x (id, position)
                JOIN users u ON u.company_id = t.company_id AND u.id = x.id AND u.deleted_at IS NULL
                ORDER BY x.position
            )
            WHEN q.id IS NOT NULL THEN {QUEUE_HOST_IDS}
            ELSE ARRAY[t.user_id]
        END AS host_ids
    ) a
    CROSS JOIN LATERAL (SELECT {REACH} AS reach) r
    CROSS JOIN LATERAL (
        SELECT %(start)s - r.reach AS from_at, %(start)s + r.reach + interval '24 hours' AS to_at
    ) w
    WHERE t.company_id = %(company_id)s AND t.id = %(id)s AND (t.deleted_at IS NULL OR %(deleted_type)s)
"""
