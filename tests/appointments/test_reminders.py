"""Reminders are replanned with the move: invariant 33."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.appointments.reminders import plan_reminders
from tests.support.desk import MONDAY, Desk, minutes

_PLANNED = "SELECT due_at, sequence FROM reminders WHERE company_id = %(company_id)s AND state = 'planned' ORDER BY 1"


async def test_a_move_replans_the_reminders_by_the_same_delta(desk: Desk) -> None:
    booked = await desk.book()
    before = await desk.rows(_PLANNED)
    await desk.move(booked.id, MONDAY + minutes(90))
    after = await desk.rows(_PLANNED)
    assert [due for due, _ in after] == [due + minutes(90) for due, _ in before]
    assert {sequence for _, sequence in after} == {1}


async def test_the_answer_names_exactly_the_reminders_that_are_planned(desk: Desk) -> None:
    booked = await desk.book()
    moved = await desk.move(booked.id, MONDAY + minutes(90))
    planned = await desk.rows("SELECT id FROM reminders WHERE company_id = %(company_id)s AND state = 'planned'")
    assert set(moved.stored.reminder_ids) == {row[0] for row in planned}
    assert (await desk.get(booked.id)).reminder_ids == moved.stored.reminder_ids


async def test_cancelling_drops_the_reminders(desk: Desk) -> None:
    booked = await desk.book()
    await desk.cancel(booked.id)
    assert await desk.rows(_PLANNED) == []


@given(
    before=st.lists(st.integers(0, 60 * 24 * 30), max_size=6),
    ahead=st.integers(0, 60 * 24 * 30),
)
def test_a_plan_holds_each_reminder_still_ahead_once_and_none_that_is_past_due(before: list[int], ahead: int) -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    start = now + timedelta(minutes=ahead)
    plan = plan_reminders(uuid4(), 3, start, before, now)
    assert sorted(r.minutes_before for r in plan) == sorted({m for m in before if m < ahead})
    assert all(now < r.due_at == start - timedelta(minutes=r.minutes_before) for r in plan)
    assert len({r.id for r in plan}) == len(plan)
