"""What the database must hold after the races; each fault is a sentence with a number."""

from collections import Counter
from collections.abc import Sequence
from typing import LiteralString

import psycopg

from tests.race.clients import Move

_MOVED: LiteralString = """
    SELECT appointment_id::text, start_at FROM changes WHERE company_id = %s AND kind = 'rescheduled'
"""

_JOBS: LiteralString = """
    SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'after_change' AND args ->> 'company_id' = %s
"""

_OVERLAPPING: LiteralString = """
    SELECT a.id::text, b.id::text FROM appointments a JOIN appointments b
        ON b.company_id = a.company_id AND b.id > a.id AND b.host_ids && a.host_ids
        AND a.start_at < b.end_at AND b.start_at < a.end_at
    WHERE a.company_id = %s AND a.status = 'confirmed' AND b.status = 'confirmed'
"""

_DISAGREEING: LiteralString = """
    SELECT a.id::text FROM appointments a
    WHERE a.company_id = %s AND (
        a.sequence <> (SELECT count(*) FROM changes c WHERE c.appointment_id = a.id AND c.kind = 'rescheduled')
        OR a.start_at <> (SELECT start_at FROM changes c WHERE c.appointment_id = a.id ORDER BY sequence DESC LIMIT 1)
        OR ARRAY[(a.start_at, a.end_at, true)] <> ARRAY(
            SELECT (b.start_at, b.end_at, b.exclusive) FROM blocked_times b WHERE b.source_id = a.id
        )
    )
"""


def faults(database_url: str, company_id: str, appointments: int, acknowledged: Sequence[Move]) -> list[str]:
    """``acknowledged``: the moves that were answered with 200; ``appointments``: how many were booked."""
    with psycopg.connect(database_url, autocommit=True) as connection:
        moved = Counter(connection.execute(_MOVED, (company_id,)).fetchall())
        jobs = connection.execute(_JOBS, (company_id,)).fetchall()[0][0]
        overlapping = connection.execute(_OVERLAPPING, (company_id,)).fetchall()
        disagreeing = connection.execute(_DISAGREEING, (company_id,)).fetchall()
    said = Counter((move.appointment_id, move.start) for move in acknowledged)
    expected_jobs = appointments + len(acknowledged)
    return [
        *(f"{n} moves acknowledged and not in the history: {which}" for which, n in (said - moved).items()),
        *(f"{n} moves in the history and never acknowledged: {which}" for which, n in (moved - said).items()),
        *([f"{jobs} jobs for {expected_jobs} changes"] if jobs != expected_jobs else []),
        *(f"{a} and {b} overlap" for a, b in overlapping),
        *(f"row, history and blocked time of {row[0]} disagree" for row in disagreeing),
    ]
