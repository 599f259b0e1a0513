"""A change and what follows from it are one transaction: invariants 23 and 33."""

from tests.support.desk import MONDAY, Desk, minutes


async def test_a_move_its_blocked_time_reminders_history_and_job_commit_together(desk: Desk) -> None:
    booked = await desk.book()
    assert len(await _transactions(desk)) == 1
    await desk.move(booked.id, MONDAY + minutes(60))
    assert len(await _transactions(desk)) == 1
    await desk.cancel(booked.id)
    assert len(await _transactions(desk)) == 1


async def _transactions(desk: Desk) -> set[str]:
    """Which transactions wrote what the last change of the company's one appointment wrote."""
    rows = await desk.rows(_WRITTEN)
    assert {what for what, _ in rows} >= {"appointment", "calendar", "reminder", "change", "job"}
    return {transaction for _, transaction in rows}


_WRITTEN = """
    WITH a AS (SELECT *, xmin::text AS transaction FROM appointments WHERE company_id = %(company_id)s)
    SELECT 'appointment', transaction FROM a
    UNION ALL SELECT 'calendar', k.xmin::text FROM host_calendars k JOIN a ON k.host_id = ANY (a.host_ids)
    UNION ALL SELECT 'blocked time', b.xmin::text FROM blocked_times b JOIN a ON b.source_id = a.id
    UNION ALL SELECT 'reminder', r.xmin::text FROM reminders r JOIN a ON r.appointment_id = a.id
        WHERE r.sequence = (SELECT max(sequence) FROM reminders WHERE appointment_id = a.id)
    UNION ALL SELECT 'change', h.xmin::text FROM changes h JOIN a ON h.appointment_id = a.id AND h.sequence = a.sequence
    UNION ALL SELECT 'job', j.xmin::text FROM procrastinate_jobs j JOIN a ON j.args ->> 'appointment_id' = a.id::text
        AND (j.args ->> 'sequence')::int = a.sequence
"""
