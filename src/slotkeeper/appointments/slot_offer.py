"""What decides which slots of a meeting type are free, for all its hosts: read in one statement."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from uuid import UUID

import msgspec

from slotkeeper.appointments.policy import require_may_move
from slotkeeper.appointments.round_robin.line import Line
from slotkeeper.appointments.situation import (
    HOST_TIMES_JSON,
    MEETING_TYPE_RULES_JSON,
    MINUTE,
    REACH,
    HostTimes,
    MeetingTypeRules,
    hours_of,
    rules_in_zone,
)
from slotkeeper.appointments.slot_query import SlotQuery
from slotkeeper.appointments.slots_of_hosts import Group
from slotkeeper.appointments.turns import LINE_JSON, QUEUE_HOST_IDS
from slotkeeper.availability.rules import BookingRules
from slotkeeper.db.appointments import HOSTS_JSON
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.records.caller import Mover, Visitor
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Host


class CalendarAge(msgspec.Struct, frozen=True, kw_only=True):
    """An outside calendar of a host, and when it was last read; None: never yet."""

    id: UUID
    read_at: datetime | None


class Moved(msgspec.Struct, frozen=True, kw_only=True):
    """What an appointment keeps when it moves; ``duration`` is seconds."""

    meeting_type_id: UUID
    host_ids: tuple[UUID, ...]
    meeting_info: MeetingInfo
    duration: int


class SlotOffer(msgspec.Struct, frozen=True, kw_only=True):
    """``line`` where the slots are a queue's. ``people`` are the hosts' names, for those who troubleshoot."""

    enabled: bool
    meeting_info: MeetingInfo
    allowed_durations: tuple[int, ...]
    meeting_type: MeetingTypeRules
    moved: Moved | None
    line: Line | None
    queue_found: bool
    strangers: int
    hosts: tuple[HostTimes, ...]
    groups: tuple[Group, ...]
    calendars: tuple[CalendarAge, ...]
    people: tuple[Host, ...]

    def rules(self, duration: int | None, now: datetime) -> Callable[[str], BookingRules]:
        """Of a booking whose main host lives in a zone. A move keeps its appointment's duration and buffers."""
        info = self.moved.meeting_info if self.moved else self.meeting_info
        default = self.moved.duration if self.moved else info.duration * MINUTE
        seconds = default if duration is None else duration * MINUTE
        return cache(lambda timezone: rules_in_zone(self.meeting_type, info, seconds, timezone, now))


async def read_slot_offer(
    connection: Connection, caller: Mover | Visitor, query: SlotQuery, start: datetime, end: datetime, now: datetime
) -> SlotOffer:
    """What matters for starts in ``[start, end)``. Raises ``NotFound`` and ``Malformed``, as ``check`` does."""
    params = {
        **msgspec.structs.asdict(query),
        "company_id": caller.company_id,
        "host_ids": list(query.host_ids),
        "start": start,
        "end": end,
        "reach": timedelta(0),
        "ignored": [],
        "now": now,
    }
    offer = await fetch(connection, SlotOffer, READ_SQL, params)
    if offer is None:
        raise NotFound(f"meeting type {query.meeting_type_id} not found")
    check(offer, caller, query)
    return offer


def check(offer: SlotOffer, caller: Mover | Visitor, query: SlotQuery) -> None:
    """Pure. Another's appointment answers like an unknown one."""
    if query.moved_id is not None:
        if offer.moved is None or isinstance(caller, Visitor):
            raise NotFound("appointment not found")
        require_may_move(caller, query.moved_id, offer.moved.host_ids)
        if offer.moved.meeting_type_id != query.meeting_type_id:
            raise Malformed.field("existingAppointmentId", "must be an appointment of this meeting type")
    elif not offer.enabled:
        raise Malformed.field("meetingTypeId", "this meeting type is disabled")
    if not offer.queue_found:
        raise NotFound(f"queue {query.queue_id} not found")
    if offer.strangers:
        raise Malformed.field("hostIds", "must name users of this company")
    own = offer.moved.duration // MINUTE if offer.moved else None
    if query.duration not in (None, own, offer.meeting_info.duration, *offer.allowed_durations):
        message = "must be the meeting type's duration or one of its allowedDurations"
        raise Malformed.field("meetingDuration", message)


_GROUPS_JSON = """(
    SELECT coalesce(json_agg(json_build_object(
        'id', g.id, 'start', date_part('epoch', g.start_at)::bigint, 'total', g.seats, 'taken', n.taken
    ) ORDER BY g.created_at), '[]')
    FROM appointments g
    CROSS JOIN LATERAL (
        SELECT count(*) AS taken FROM attendees n
        WHERE n.company_id = g.company_id AND n.appointment_id = g.id AND n.deleted_at IS NULL
    ) n
    WHERE g.company_id = t.company_id AND g.meeting_type_id = t.id AND g.id IS DISTINCT FROM a.id
        AND g.start_at >= asked.start_at AND g.start_at < asked.end_at
        AND g.status <> 'cancelled' AND g.deleted_at IS NULL AND g.meeting_info @> '{"groupBooking": true}'
        AND (cardinality(asked.host_ids) = 0 OR g.host_ids <@ asked.host_ids)
)"""

_CALENDARS_JSON = """(
    SELECT coalesce(json_agg(json_build_object('id', x.id, 'read_at', x.busy_read_at)), '[]')
    FROM connections x
    WHERE x.company_id = a.company_id AND x.user_id = ANY (a.host_ids) AND x.kind = 'calendar' AND x.reads_busy
        AND x.deleted_at IS NULL
)"""

# OFFSET 0 hides the values from the planner: a plan for these very values would be no other than one for all, and to
# make it takes twice as long as to run it.
_QUERY = """
    SELECT %(company_id)s::uuid AS company_id, %(meeting_type_id)s::uuid AS meeting_type_id,
        %(host_ids)s::uuid[] AS host_ids, %(queue_id)s::uuid AS queue_id, %(moved_id)s::uuid AS moved_id,
        %(channel)s::text AS channel,
        %(start)s::timestamptz AS start_at, %(end)s::timestamptz AS end_at,
        %(with_groups)s::boolean AS with_groups, %(troubleshoot)s::boolean AS troubleshoot
    OFFSET 0
"""

READ_SQL = f"""
    SELECT json_build_object(
        'enabled', t.enabled, 'meeting_info', t.meeting_info, 'meeting_type', {MEETING_TYPE_RULES_JSON},
        'allowed_durations', coalesce(t.meeting_options -> 'allowedDurations', '[]'),
        'moved', CASE WHEN x.id IS NOT NULL THEN json_build_object(
            'meeting_type_id', x.meeting_type_id, 'host_ids', x.host_ids, 'meeting_info', x.meeting_info,
            'duration', date_part('epoch', x.end_at - x.start_at)::int
        ) END,
        'line', {LINE_JSON},
        'queue_found', asked.queue_id IS NULL OR EXISTS (
            SELECT FROM queues o
            WHERE o.company_id = asked.company_id AND o.id = asked.queue_id AND o.deleted_at IS NULL
        ),
        'strangers', (
            SELECT count(*) FROM unnest(asked.host_ids) AS h (id)
            WHERE NOT EXISTS (
                SELECT FROM users u WHERE u.company_id = a.company_id AND u.id = h.id AND u.deleted_at IS NULL
            )
        ),
        'hosts', coalesce({HOST_TIMES_JSON}, '[]'),
        'groups', CASE WHEN asked.with_groups AND (t.meeting_info -> 'groupBooking')::boolean THEN {_GROUPS_JSON}
            ELSE '[]' END,
        'calendars', {_CALENDARS_JSON},
        'people', CASE WHEN asked.troubleshoot THEN coalesce({HOSTS_JSON}, '[]') ELSE '[]' END
    )::text
    FROM ({_QUERY}) asked
    JOIN meeting_types t ON t.company_id = asked.company_id AND t.id = asked.meeting_type_id AND t.deleted_at IS NULL
    JOIN companies c ON c.id = t.company_id
    LEFT JOIN appointments x ON x.company_id = t.company_id AND x.id = asked.moved_id AND x.deleted_at IS NULL
    LEFT JOIN queues q ON q.company_id = t.company_id AND q.deleted_at IS NULL AND x.id IS NULL
        AND cardinality(asked.host_ids) = 0 AND q.id = coalesce(asked.queue_id, t.queue_id)
    CROSS JOIN LATERAL (
        SELECT t.company_id, x.id, x.uid, CASE
            WHEN cardinality(asked.host_ids) > 0 THEN asked.host_ids
            WHEN x.id IS NOT NULL THEN x.host_ids
            WHEN q.id IS NOT NULL THEN {QUEUE_HOST_IDS}
            ELSE ARRAY[t.user_id]
        END AS host_ids
    ) a
    {hours_of("coalesce(x.meeting_info ->> 'channel', asked.channel)")}
    CROSS JOIN LATERAL (SELECT {REACH} AS reach) r
    CROSS JOIN LATERAL (
        SELECT asked.start_at - r.reach AS from_at, asked.end_at + r.reach + interval '24 hours' AS to_at
    ) w
"""
