"""One appointment, one identity: invariants 1 to 8."""

import asyncio
from datetime import timedelta

import msgspec
import pytest

from slotkeeper.errors import Conflict
from slotkeeper.records.appointment import Appointment
from tests.support.desk import MONDAY, Desk, minutes

_TIME_FIELDS = frozenset({"start", "end", "sequence", "version", "updated_at", "rescheduled_at", "stamped_at"})


async def test_any_number_of_concurrent_reschedules_of_one_appointment_leave_exactly_one_active_row(desk: Desk) -> None:
    booked = await desk.book()
    starts = [MONDAY + minutes(30 * n) for n in range(1, 9)]
    answers = await asyncio.gather(*(desk.move(booked.id, start) for start in starts), return_exceptions=True)

    refused = [answer for answer in answers if isinstance(answer, BaseException)]
    assert all(isinstance(answer, Conflict) for answer in refused)
    rows = await desk.rows("SELECT start_at, sequence FROM appointments WHERE company_id = %(company_id)s")
    blocked = await desk.rows("SELECT start_at FROM blocked_times WHERE company_id = %(company_id)s")
    assert len(rows) == len(blocked) == 1
    assert rows[0][0] == blocked[0][0]
    assert rows[0][0] in starts
    assert rows[0][1] == len(starts) - len(refused)


async def test_id_uid_join_link_and_attendees_are_the_same_after_ten_moves(desk: Desk) -> None:
    booked = await desk.book()
    for n in range(1, 11):
        await desk.move(booked.id, MONDAY + minutes(15 * n))
    moved = (await desk.get(booked.id)).appointment
    assert (moved.id, moved.uid, moved.meeting_link, moved.attendees) == (
        booked.id,
        booked.uid,
        booked.meeting_link,
        booked.attendees,
    )
    assert moved.sequence == 10


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
async def test_an_appointment_that_is_over_is_refused_with_its_state_and_nothing_is_written(
    desk: Desk, state: str, code: str
) -> None:
    booked = await desk.book()
    await desk.execute(f"UPDATE appointments SET {state} WHERE company_id = %(company_id)s")
    before = await _everything(desk)
    with pytest.raises(Conflict) as refusal:
        await desk.move(booked.id, MONDAY + minutes(60))
    assert refusal.value.code == code
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


async def test_whatever_is_not_about_time_is_equal_before_and_after(desk: Desk) -> None:
    attendee = desk.attendee(
        notes={"What about?": "the knee", "nested": {"a": [1, None]}}, bringalong_emails=("mum@example.org",)
    )
    booked = await desk.book(attendee=attendee, location="Room 2", metadata={"source": "web"})
    await desk.execute(
        "UPDATE appointments SET note = 'bring the X-ray', payment_id = 'pi_1' WHERE company_id = %(company_id)s"
    )
    before = await desk.get(booked.id)
    await desk.move(booked.id, MONDAY + minutes(60))
    after = await desk.get(booked.id)
    assert _timeless(after.appointment) == _timeless(before.appointment)
    assert (after.metadata, after.payment_id, after.crm_options) == (
        before.metadata,
        before.payment_id,
        before.crm_options,
    )


def _timeless(appointment: Appointment) -> dict[str, object]:
    fields = msgspec.structs.asdict(appointment)
    return {name: value for name, value in fields.items() if name not in _TIME_FIELDS}


async def _everything(desk: Desk) -> list[object]:
    tables = ("appointments", "blocked_times", "changes", "reminders", "effects")
    queries = (f"SELECT t::text FROM {table} t WHERE company_id = %(company_id)s ORDER BY 1" for table in tables)
    jobs = await desk.rows("SELECT count(*) FROM procrastinate_jobs")
    return [*[await desk.rows(query) for query in queries], jobs]
