"""Taking turns in the database: read the line, take a turn if nobody else has, give it back, let it move along.

The fragments are for the statements of an operation, and read ``changed`` as those of ``recording.py`` do. A booking
that takes a turn is

    WITH queue_unchanged AS ({QUEUE_UNCHANGED}), unchanged AS ({HOSTS_UNCHANGED_AFTER_QUEUE}), changed AS (… WHERE
        (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[])
    ), …, turn AS ({TAKE_TURN}), next_turn AS ({BUMP_QUEUE}) …

with ``turn_params``; without a queue the same statement takes none. Whoever locks does so in this order: the queue,
then hosts by id (docs/decisions/0061); an attempt that locks before it reads begins with ``db.queues.LOCK_QUEUE``.
"""

from collections.abc import Mapping

from slotkeeper.appointments.recording import HOSTS_UNCHANGED
from slotkeeper.appointments.round_robin.choose import Turn
from slotkeeper.appointments.round_robin.line import Line


def turn_params(line: Line | None, turn: Turn | None) -> Mapping[str, object]:
    """``%(host_ids)s``, ``%(start)s`` and ``%(now)s`` are the operation's own; the former must be ``turn.host_ids``."""
    if line is None or turn is None:
        return dict.fromkeys(("queue_id", "queue_version", "group_id", "selection_reason"))
    return {
        "queue_id": line.id,
        "queue_version": line.version,
        "group_id": turn.group_id,
        "selection_reason": turn.reason,
    }


QUEUE_UNCHANGED = """
    SELECT id FROM queues
    WHERE company_id = %(company_id)s AND id = %(queue_id)s AND version = %(queue_version)s AND deleted_at IS NULL
    FOR UPDATE
"""
"""Locks the queue and finds it if no turn was taken, and nothing edited, since it was read."""

HOSTS_UNCHANGED_AFTER_QUEUE = f"""
    SELECT host_id FROM ({HOSTS_UNCHANGED}) hosts
    WHERE %(queue_id)s::uuid IS NULL OR (SELECT count(*) FROM queue_unchanged) = 1
"""
"""``HOSTS_UNCHANGED``, which waits for the queue and finds nobody if that has changed."""

TAKE_TURN = """
    INSERT INTO round_robin_entries (
        company_id, queue_id, turn, seat, appointment_id, user_id, group_id, selection_reason, start_at, created_at
    )
    SELECT changed.company_id, %(queue_id)s, %(queue_version)s + 1, h.position - 1, changed.id, h.id, %(group_id)s,
        %(selection_reason)s, %(start)s, %(now)s
    FROM changed, unnest(%(host_ids)s::uuid[]) WITH ORDINALITY AS h (id, position)
    WHERE %(queue_id)s::uuid IS NOT NULL
    ORDER BY h.position
"""

BUMP_QUEUE = """
    UPDATE queues q SET version = q.version + 1
    FROM changed WHERE q.company_id = changed.company_id AND q.id = %(queue_id)s
"""

GIVE_TURN_BACK = """
    UPDATE round_robin_entries e SET released_at = %(now)s
    FROM changed WHERE e.company_id = changed.company_id AND e.appointment_id = changed.id AND e.released_at IS NULL
"""
"""The appointment's turn counts no more. No lock: a booking that read before it is as if it came first."""

MOVE_TURN = """
    UPDATE round_robin_entries e SET start_at = %(start)s
    FROM changed WHERE e.company_id = changed.company_id AND e.appointment_id = changed.id AND e.released_at IS NULL
"""
"""The turn is kept, and counted in the period to which its appointment moves."""

QUEUE_HOST_IDS = """ARRAY(
    SELECT m.user_id FROM queue_members m WHERE m.company_id = q.company_id AND m.queue_id = q.id
    UNION
    SELECT m.user_id FROM queue_user_groups g
    JOIN queue_user_group_members m ON m.company_id = g.company_id AND m.group_id = g.id
    WHERE g.company_id = q.company_id AND g.queue_id = q.id AND g.deleted_at IS NULL
    ORDER BY 1
)"""
"""Everybody who could hold an appointment of ``q`` (queues): whose times have to be read."""

_GROUP_HOSTS_JSON = """(
    SELECT json_agg(json_build_object('id', m.user_id, 'last_turn', coalesce((
        SELECT max(e.id) FROM round_robin_entries e
        WHERE e.company_id = g.company_id AND e.group_id = g.id AND e.user_id = m.user_id AND e.released_at IS NULL
    ), 0)) ORDER BY m.position)
    FROM queue_user_group_members m
    JOIN users u ON u.company_id = m.company_id AND u.id = m.user_id AND u.deleted_at IS NULL
    WHERE m.company_id = g.company_id AND m.group_id = g.id
)"""

_TAKERS = f"""
    SELECT m.user_id AS id, false AS is_group, m.capacity, m.priority, 1 AS seats, NULL::uuid AS main_host_id,
        json_build_array(json_build_object('id', m.user_id, 'custom_link', m.custom_link)) AS hosts,
        m.position, NULL::timestamptz AS since
    FROM queue_members m
    JOIN users u ON u.company_id = m.company_id AND u.id = m.user_id AND u.deleted_at IS NULL
    WHERE m.company_id = q.company_id AND m.queue_id = q.id
    UNION ALL
    SELECT g.id, true, 1, 0, g.capacity, g.main_group_host_id, coalesce({_GROUP_HOSTS_JSON}, '[]'), 0, g.created_at
    FROM queue_user_groups g
    WHERE g.company_id = q.company_id AND g.queue_id = q.id AND g.deleted_at IS NULL
"""

_LATEST_TURNS = """
    SELECT max(latest.id) AS last_turn, CASE WHEN count(*) = k.capacity THEN min(latest.id) END AS place_turn
    FROM (
        SELECT e.id FROM round_robin_entries e
        WHERE e.company_id = q.company_id AND e.queue_id = q.id AND e.taker_id = k.id
            AND e.seat = 0 AND e.released_at IS NULL
        ORDER BY e.id DESC
        LIMIT k.capacity
    ) latest
"""
"""As many rows as the taker has places, however long its history."""

_PERIOD = "date_trunc(q.distribution_period, {} AT TIME ZONE c.timezone)"

# A local midnight may come twice: the instants are looked up with a day's margin, the period decides.
_TURNS_PER_PERIOD = f"""
    SELECT counted.taker_id, json_object_agg(counted.period - date '1970-01-01', counted.turns) AS turns
    FROM (
        SELECT e.taker_id, {_PERIOD.format("e.start_at")}::date AS period, count(*) AS turns
        FROM round_robin_entries e
        WHERE q.type = 'equalDistribution' AND e.company_id = q.company_id AND e.queue_id = q.id
            AND e.seat = 0 AND e.released_at IS NULL
            AND e.start_at >= {_PERIOD.format("w.from_at")} AT TIME ZONE c.timezone - interval '1 day'
            AND e.start_at < ({_PERIOD.format("w.to_at")} + ('1 ' || q.distribution_period)::interval)
                AT TIME ZONE c.timezone + interval '1 day'
            AND {_PERIOD.format("e.start_at")} BETWEEN {_PERIOD.format("w.from_at")} AND {_PERIOD.format("w.to_at")}
        GROUP BY 1, 2
    ) counted
    GROUP BY counted.taker_id
"""

LINE_JSON = f"""CASE WHEN q.id IS NOT NULL THEN json_build_object(
    'id', q.id, 'version', q.version, 'type', q.type, 'max_lead_threshold', q.max_lead_threshold,
    'distribution_period', q.distribution_period,
    'prioritize_near_term_availability', q.prioritize_near_term_availability, 'timezone', c.timezone,
    'takers', (
        SELECT coalesce(json_agg(json_build_object(
            'id', k.id, 'is_group', k.is_group, 'capacity', k.capacity, 'priority', k.priority, 'seats', k.seats,
            'main_host_id', k.main_host_id, 'hosts', k.hosts, 'last_turn', coalesce(l.last_turn, 0),
            'place_turn', coalesce(l.place_turn, 0), 'turns', coalesce(n.turns, '{{}}')
        ) ORDER BY k.is_group, k.position, k.since, k.id), '[]')
        FROM ({_TAKERS}) k
        CROSS JOIN LATERAL ({_LATEST_TURNS}) l
        LEFT JOIN ({_TURNS_PER_PERIOD}) n ON n.taker_id = k.id
    )
) END"""
"""A ``Line``. Expects ``q`` (queues, or null), ``c`` (companies) and ``w`` with the instants ``from_at`` and ``to_at``
whose periods are counted."""
