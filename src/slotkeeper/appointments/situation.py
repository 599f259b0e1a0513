"""What decides whether a meeting type's hosts can take a start: read in one statement, turned into plain rules.

``HOST_TIMES_JSON`` expects ``a`` with company_id, id, uid, host_ids (an appointment, or the one to be), ``t`` (its
meeting type), ``hours`` (``hours_of``) and ``w`` with the instants ``from_at`` and ``to_at`` between which what blocks
the hosts matters.
``%(ignored)s`` are appointments and holds that do not count: a hold that is about to be used, and in a move of many
those that are still to find their place.
"""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.availability.booking_window import DaysIntoFuture, booking_window
from slotkeeper.availability.rules import BookingRules, HostAvailability
from slotkeeper.records.meeting_info import MeetingInfo

MINUTE = 60


class MeetingTypeRules(msgspec.Struct, frozen=True, kw_only=True):
    """What the meeting type says now; the duration and the buffers come from the appointment's own copy."""

    id: UUID
    timeslot_interval: int
    booking_minimum: int
    days_into_future: DaysIntoFuture
    booking_limits: dict[str, int]
    reminders: tuple[int, ...]


class HostTimes(msgspec.Struct, frozen=True, kw_only=True):
    """``version`` is the host's calendar when it was read; the write is refused if it has moved on."""

    version: int
    availability: HostAvailability


def booking_rules(
    kind: MeetingTypeRules, info: MeetingInfo, duration: int, hosts: tuple[HostTimes, ...], now: datetime
) -> BookingRules:
    """``duration`` is seconds. The booking window is counted in the main host's zone."""
    return rules_in_zone(kind, info, duration, hosts[0].availability.timezone, now)


def rules_in_zone(
    kind: MeetingTypeRules, info: MeetingInfo, duration: int, timezone: str, now: datetime
) -> BookingRules:
    earliest, latest = booking_window(kind.days_into_future, int(now.timestamp()), timezone)
    return BookingRules(
        duration=duration,
        buffer_before=info.buffer_before * MINUTE,
        buffer_after=info.buffer_after * MINUTE,
        buffer_must_stay_within_working_hours=info.buffer_must_stay_within_working_hours,
        slot_interval=kind.timeslot_interval * MINUTE,
        minimum_notice=kind.booking_minimum * MINUTE,
        earliest_start=earliest,
        latest_start=latest,
        limits=kind.booking_limits,
        meeting_type_id=kind.id,
    )


def calendar_versions(hosts: tuple[HostTimes, ...]) -> Mapping[str, object]:
    return {
        "host_ids": [host.availability.host_id for host in hosts],
        "calendar_versions": [host.version for host in hosts],
    }


MEETING_TYPE_RULES_JSON = """json_build_object(
    'id', t.id, 'timeslot_interval', t.timeslot_interval, 'booking_minimum', t.booking_minimum,
    'days_into_future', t.days_into_future, 'booking_limits', t.booking_limits, 'reminders', t.reminders
)"""

REACH = """greatest(%(reach)s::interval, CASE
    WHEN t.booking_limits ? 'month' THEN interval '32 days'
    WHEN t.booking_limits ? 'week' THEN interval '8 days'
    WHEN t.booking_limits ? 'day' THEN interval '26 hours'
    ELSE interval '4 hours' END)"""
"""How far around a start to read: buffers are at most two hours; a limit looks at its whole period."""

HOST_TIMES_JSON = """(
    SELECT json_agg(json_build_object('version', k.version, 'availability', json_build_object(
        'host_id', h.id, 'timezone', v.timezone, 'schedule', CASE WHEN v.title IS NULL THEN v.schedule ELSE '{}' END,
        'exceptions', (
            SELECT coalesce(json_agg(json_build_object(
                'available', e.available, 'start', e.start_at, 'end', e.end_at
            ) ORDER BY e.start_at), '[]')
            FROM (
                SELECT available, start_at, end_at FROM availability_exceptions
                WHERE company_id = a.company_id AND owner_id IN (h.id, a.company_id) AND deleted_at IS NULL
                    AND end_at > w.from_at AND start_at < w.to_at
                    AND (availability_id IS NULL OR availability_id = v.id)
                UNION ALL
                SELECT true, start_at, end_at FROM external_busy_times
                WHERE company_id = a.company_id AND user_id = h.id AND v.title IS NOT NULL AND title = v.title
                    AND tstzrange(start_at, end_at) && tstzrange(w.from_at, w.to_at)
            ) e
        ),
        'blocked', (
            SELECT coalesce(json_agg(json_build_object(
                'source', b.source, 'meeting_type_id', b.meeting_type_id, 'buffer_before', b.buffer_before * 60,
                'buffer_after', b.buffer_after * 60, 'starts', b.starts, 'ends', b.ends
            )), '[]')
            FROM (
                SELECT source, meeting_type_id, buffer_before, buffer_after,
                    array_agg(date_part('epoch', start_at)::bigint) AS starts,
                    array_agg(date_part('epoch', end_at)::bigint) AS ends
                FROM (
                    SELECT start_at, end_at, buffer_before, buffer_after, source, meeting_type_id
                    FROM blocked_times
                    WHERE company_id = a.company_id AND host_id = h.id AND source_id IS DISTINCT FROM a.id
                        AND NOT source_id = ANY (%(ignored)s::uuid[])
                        AND start_at > w.from_at - interval '24 hours' AND start_at < w.to_at AND end_at > w.from_at
                        AND (expires_at IS NULL OR expires_at > %(now)s)
                    UNION ALL
                    SELECT start_at, end_at, 0, 0, 'calendar', NULL
                    FROM external_busy_times
                    WHERE company_id = a.company_id AND user_id = h.id AND uid IS DISTINCT FROM a.uid
                        AND blocks AND (v.title IS NULL OR title IS DISTINCT FROM v.title)
                        AND tstzrange(start_at, end_at) && tstzrange(w.from_at, w.to_at)
                ) times
                GROUP BY source, meeting_type_id, buffer_before, buffer_after
            ) b
        )
    )) ORDER BY h.position)
    FROM unnest(a.host_ids) WITH ORDINALITY AS h (id, position)
    JOIN host_calendars k ON k.company_id = a.company_id AND k.host_id = h.id
    JOIN LATERAL (
        SELECT id, timezone, schedule,
            CASE WHEN use_explicit_availability THEN coalesce(explicit_availability_event_title, '') END AS title
        FROM availabilities
        WHERE company_id = a.company_id AND deleted_at IS NULL
            AND (id = hours.availability_id OR (user_id = h.id AND is_default))
        ORDER BY id = hours.availability_id AND user_id = h.id DESC, is_default AND user_id = h.id DESC
        LIMIT 1
    ) v ON true
)"""


def hours_of(channel: str) -> str:
    """``hours``: the schedule that the meeting type names for a channel (an SQL expression; null: its own channel)."""
    return f"""CROSS JOIN LATERAL (SELECT coalesce(
        (t.meeting_options -> 'channelAvailabilities' ->> coalesce({channel}, t.meeting_info ->> 'channel'))::uuid,
        t.availability_id
    ) AS availability_id) hours"""
