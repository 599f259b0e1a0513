"""One appointment, one identity: invariants 1 to 8."""

import asyncio
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from slotkeeper.api.preconditions import check_if_match, etag_of
from slotkeeper.errors import Conflict, PreconditionFailed
from tests.support.desk import MONDAY, Desk, minutes

_ABOUT_TIME = (
    *("start_at", "end_at", "sequence", "version", "ics", "reschedule_count"),
    *("updated_at", "rescheduled_at", "stamped_at"),
)


async def test_any_number_of_repeated_or_concurrent_reschedules_of_one_appointment_leave_exactly_one_active_row(
    desk: Desk,
) -> None:
    """The losers get 409, or 412 where they named the version that they had seen."""
    booked = await desk.book()
    careful: dict[str, Any] = {"precondition": lambda now: check_if_match(etag_of(booked.version), etag_of(now))}
    moves = [(MONDAY + minutes(30 * n), careful if n % 2 else {}) for n in range(1, 9)]
    answers = await asyncio.gather(
        *(desk.move(booked.id, start, **fields) for start, fields in moves), return_exceptions=True
    )
    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert all(isinstance(answer, Conflict | PreconditionFailed) for answer in refused)
    assert sum(isinstance(answer, PreconditionFailed) for answer in refused) >= 3
    for start, _ in moves:
        await desk.move(booked.id, start + minutes(15))

    rows = await desk.rows("SELECT start_at, sequence FROM appointments WHERE company_id = %(company_id)s")
    blocked = await desk.rows("SELECT start_at FROM blocked_times WHERE company_id = %(company_id)s")
    last = moves[-1][0] + minutes(15)
    assert rows == [(last, len(answers) - len(refused) + len(moves))]
    assert blocked == [(last,)]


@pytest.mark.parametrize(
    ("state", "code"),
    [
        pytest.param(
            "status = 'cancelled', cancelled_at = now(), cancel_source = 'host'",
            "appointment-cancelled",
            id="cancelled",
        ),
        pytest.param("deleted_at = now()", "not-reschedulable", id="deleted"),
        pytest.param(
            "start_at = '2026-11-20T09:00Z', end_at = '2026-11-20T09:30Z'", "appointment-finished", id="finished"
        ),
    ],
)
async def test_a_cancelled_deleted_or_finished_appointment_is_refused_with_409_and_its_state_and_nothing_is_written(
    desk: Desk, state: str, code: str
) -> None:
    booked = await desk.book()
    await desk.execute(f"UPDATE appointments SET {state} WHERE company_id = %(company_id)s")
    before = await _everything(desk)
    with pytest.raises(Conflict) as refusal:
        await desk.move(booked.id, MONDAY + minutes(60))
    assert (refusal.value.status, refusal.value.code) == (409, code)
    assert await _everything(desk) == before


async def test_an_unconfirmed_appointment_moves_and_stays_unconfirmed(desk: Desk) -> None:
    booked = await desk.book()
    await desk.execute("UPDATE appointments SET status = 'tentative' WHERE company_id = %(company_id)s")
    moved = await desk.move(booked.id, MONDAY + minutes(60))
    assert moved.stored.appointment.status == "tentative"
    assert (await desk.get(booked.id)).appointment.status == "tentative"
    assert "STATUS:TENTATIVE" in moved.stored.ics


async def test_the_same_start_is_no_change_nothing_is_written_and_the_sequence_stays(desk: Desk) -> None:
    booked = await desk.book()
    before = await _everything(desk)
    same = await desk.move(booked.id, booked.start)
    assert same.change is None
    assert same.stored.appointment.sequence == booked.sequence
    assert await _everything(desk) == before


async def test_the_duration_survives_a_later_edit_of_the_meeting_type(desk: Desk) -> None:
    booked = await desk.book()
    await desk.set_type(meeting_info={"name": "Longer now", "duration": 90})
    moved = (await desk.move(booked.id, MONDAY + minutes(60))).stored.appointment
    assert moved.duration == booked.duration == timedelta(minutes=30)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
async def test_the_duration_survives_both_dst_nights(desk: Desk, day: str) -> None:
    booked = await desk.book()
    desk.now = msgspec.convert(f"{day}T00:00:00Z", type(MONDAY)) - timedelta(days=2)
    night = msgspec.convert(f"{day}T00:45:00Z", type(MONDAY))
    moved = await desk.move(booked.id, night, overrides=frozenset({"hours", "notice"}))
    assert moved.stored.appointment.duration == timedelta(minutes=30)


async def test_whatever_is_not_about_time_is_byte_equal_before_and_after(desk: Desk) -> None:
    attendee = desk.attendee(
        notes={"What about?": "the knee", "nested": {"a": [1, None]}}, bringalong_emails=("mum@example.org",)
    )
    await desk.book(attendee=attendee, location="Room 2", metadata={"source": "web"}, ics_title="Knee")
    await desk.execute(
        """UPDATE appointments SET note = 'bring the X-ray', payment_id = 'pi_1', transcription = 'Hello.',
            summary = 'They met.', ics_description = 'About the knee', crm_options = '{"hubspotContactSync": true}'
        WHERE company_id = %(company_id)s"""
    )
    [booked], before = (
        await desk.rows("SELECT id FROM appointments WHERE company_id = %(company_id)s"),
        await _timeless(desk),
    )
    assert len(before) == 2
    await desk.move(booked[0], MONDAY + minutes(60))
    assert await _timeless(desk) == before


async def test_dtstamp_is_never_earlier_than_before_though_the_clock_was_set_back(desk: Desk) -> None:
    booked = await desk.book()
    desk.now -= timedelta(hours=1)
    moved = await desk.move(booked.id, MONDAY + minutes(60))
    cancelled = await desk.cancel(booked.id)
    stamps = [stored.appointment.stamped_at for stored in (moved.stored, cancelled)]
    assert stamps == [booked.stamped_at, booked.stamped_at]
    assert all(f"DTSTAMP:{booked.stamped_at:%Y%m%dT%H%M%SZ}" in stored.ics for stored in (moved.stored, cancelled))


async def _timeless(desk: Desk) -> list[object]:
    """The rows of the appointment and its attendee as text, without what a move is about."""
    return await desk.rows(_TIMELESS, about_time=list(_ABOUT_TIME))


async def _everything(desk: Desk) -> list[object]:
    tables = ("appointments", "blocked_times", "changes", "reminders", "effects")
    queries = (f"SELECT t::text FROM {table} t WHERE company_id = %(company_id)s ORDER BY 1" for table in tables)
    jobs = await desk.rows("SELECT count(*) FROM procrastinate_jobs")
    return [*[await desk.rows(query) for query in queries], jobs]


_TIMELESS = """
    SELECT (to_jsonb(a) - %(about_time)s::text[])::text FROM appointments a WHERE company_id = %(company_id)s
    UNION ALL
    SELECT t::text FROM attendees t WHERE company_id = %(company_id)s
"""
