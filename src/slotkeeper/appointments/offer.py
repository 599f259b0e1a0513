"""What a meeting type offers at a start, read in one statement."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol
from uuid import UUID

import msgspec

from slotkeeper.appointments.moving import HOLD_STANDS
from slotkeeper.appointments.offered_type import OFFERED_JSON, OfferedType
from slotkeeper.appointments.round_robin.line import Line
from slotkeeper.appointments.situation import (
    HOST_TIMES_JSON,
    MEETING_TYPE_RULES_JSON,
    REACH,
    HostTimes,
    MeetingTypeRules,
    booking_rules,
    hours_of,
)
from slotkeeper.appointments.turns import LINE_JSON, QUEUE_HOST_IDS
from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.rules import BookingRules
from slotkeeper.db.appointments import APPOINTMENT_JSON, HOSTS_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Conflict, Malformed, NotFound
from slotkeeper.meeting_types.one_time_links import ASKED_LINK_JSON, AskedLink, link_params
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Host


class Offer(msgspec.Struct, frozen=True, kw_only=True):
    """``people`` and ``hosts`` are the candidates, in the same order: all of them hold the appointment, or one of a
    ``line`` does. ``group`` is the group to join, with a seat left.
    """

    company_id: UUID
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
    """The part of a booking that says when, with whom and through what."""

    @property
    def meeting_type_id(self) -> UUID: ...
    @property
    def start(self) -> datetime: ...
    @property
    def host_ids(self) -> tuple[UUID, ...]: ...
    @property
    def queue_id(self) -> UUID | None: ...
    @property
    def channel(self) -> str | None: ...


async def read_offer(
    connection: Connection,
    company_id: UUID,
    wish: Wish,
    now: datetime,
    *,
    within: Interval | None = None,
    one_time_link: str | None = None,
    hold_id: UUID | None = None,
    group_id: UUID | None = None,
    host_field: str = "hostIds",
    deleted_type: bool = False,
) -> Offer:
    """With what matters for the starts ``within`` (Unix seconds), without it for the wish's own.

    ``deleted_type``: appointments live on when their meeting type is deleted; nothing new is booked with it.

    Raises ``NotFound`` for an unknown meeting type, ``Malformed`` (``host_field``), ``Conflict`` (hold-expired).
    """
    params = {
        "company_id": company_id,
        "id": wish.meeting_type_id,
        "host_ids": list(wish.host_ids),
        "appointment_id": group_id,
        "deleted_type": deleted_type,
        "queue_id": wish.queue_id,
        "channel": wish.channel,
        **link_params(one_time_link),
        "hold_id": hold_id,
        "ignored": [hold_id] if hold_id else [],
        "start": wish.start,
        "first": datetime.fromtimestamp(within[0], UTC) if within else wish.start,
        "last": datetime.fromtimestamp(within[1], UTC) if within else wish.start,
        "now": now,
        "reach": timedelta(0),
    }
    offer = await fetch(connection, Offer, _READ, params)
    if offer is None:
        raise NotFound(f"meeting type {wish.meeting_type_id} not found")
    _check(offer, wish, group_id, host_field)
    return offer


def _check(offer: Offer, wish: Wish, group_id: UUID | None, host_field: str) -> None:
    """Pure."""
    if wish.queue_id is not None and offer.line is None:
        raise NotFound(f"queue {wish.queue_id} not found")
    if offer.line is not None and not offer.hosts:
        raise Malformed.field("queueId", "nobody is in this queue")
    if set(wish.host_ids) - {host.availability.host_id for host in offer.hosts} or not offer.hosts:
        raise Malformed.field(host_field, "must name users of this company")
    if not offer.hold_stands:
        raise Conflict("the hold has expired or was used", code="hold-expired")
    if group_id is not None and offer.group is None:
        raise Malformed.field("appointmentId", "must name a group of this meeting type and start with a seat left")


def rules_of(offer: Offer, info: MeetingInfo, hosts: tuple[HostTimes, ...], now: datetime) -> BookingRules:
    return booking_rules(offer.meeting_type, info, info.duration * 60, hosts, now)


ASKED_QUEUE = """LEFT JOIN queues q ON q.company_id = t.company_id AND q.deleted_at IS NULL AND q.id = coalesce(
    %(queue_id)s::uuid, CASE WHEN cardinality(%(host_ids)s::uuid[]) = 0 THEN t.queue_id END
)"""
"""The queue from which a wish is met; none where it names its hosts only. Expects ``t`` (meeting_types)."""

CANDIDATE_IDS = f"""CASE
    WHEN cardinality(%(host_ids)s::uuid[]) > 0 THEN ARRAY(
        SELECT x.id FROM unnest(%(host_ids)s::uuid[]) WITH ORDINALITY AS x (id, position)
        JOIN users u ON u.company_id = t.company_id AND u.id = x.id AND u.deleted_at IS NULL
        ORDER BY x.position
    )
    WHEN q.id IS NOT NULL THEN {QUEUE_HOST_IDS}
    ELSE ARRAY[t.user_id]
END"""
"""All who could hold the appointment. Expects ``t`` and, by ``ASKED_QUEUE``, ``q``."""

_READ = f"""
    SELECT json_build_object(
        'company_id', c.id, 'company_name', c.name,
        'offered', {OFFERED_JSON},
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
    {ASKED_QUEUE}
    CROSS JOIN LATERAL (
        SELECT t.company_id, NULL::uuid AS id, NULL::text AS uid, {CANDIDATE_IDS} AS host_ids
    ) a
    {hours_of("%(channel)s::text")}
    CROSS JOIN LATERAL (SELECT {REACH} AS reach) r
    CROSS JOIN LATERAL (
        SELECT %(first)s - r.reach AS from_at, %(last)s + r.reach + interval '24 hours' AS to_at
    ) w
    WHERE t.company_id = %(company_id)s AND t.id = %(id)s AND (t.deleted_at IS NULL OR %(deleted_type)s)
"""
