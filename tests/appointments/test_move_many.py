import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.appointments.bulk import BulkMove, Shift
from slotkeeper.appointments.move_many import in_order
from slotkeeper.appointments.move_outcome import Outcome
from slotkeeper.appointments.reschedule import Reschedule
from slotkeeper.appointments.reschedule_bulk import get_job, plan, run, run_job, start_job
from slotkeeper.errors import NotFound, NotFree
from slotkeeper.records.appointment import Appointment
from tests.support.desk import MONDAY, Desk, minutes

HALF_AN_HOUR = Shift(by=timedelta(minutes=30))


async def chain(desk: Desk, length: int = 3) -> list[Appointment]:
    """Back to back: each stands where the one before it is to go."""
    return [await desk.book(MONDAY + minutes(30 * n)) for n in range(length)]


async def moved(desk: Desk, appointments: list[Appointment], *, dry_run: bool = False, **fields: Any) -> list[Outcome]:
    bulk = BulkMove(appointment_ids=tuple(a.id for a in appointments), **fields)
    moves = await plan(desk.pool, desk.caller, bulk, desk.now)
    return await run(desk.pool, desk.caller, bulk, moves, desk.now, dry_run=dry_run)


async def starts(desk: Desk, appointments: list[Appointment]) -> list[int]:
    """Minutes after ``MONDAY``."""
    found = [(await desk.get(appointment.id)).appointment.start for appointment in appointments]
    return [int((start - MONDAY).total_seconds() // 60) for start in found]


@pytest.mark.parametrize("mode", ["allOrNothing", "bestEffort"])
@pytest.mark.parametrize("by", [30, -30])
async def test_a_chain_shifts_as_a_whole_though_each_stands_in_the_way_of_another(
    desk: Desk, mode: str, by: int
) -> None:
    appointments = await chain(desk)
    outcomes = await moved(desk, appointments, shift=Shift(by=minutes(by)), mode=mode)
    assert [outcome.status for outcome in outcomes] == ["moved"] * 3
    assert await starts(desk, appointments) == [by, 30 + by, 60 + by]


async def test_all_or_nothing_moves_none_where_one_cannot_and_says_which(desk: Desk) -> None:
    appointments = await chain(desk)
    await desk.book(MONDAY + minutes(105))
    outcomes = await moved(desk, appointments, shift=HALF_AN_HOUR)
    told = {outcome.appointment_id: outcome for outcome in outcomes}
    assert [told[a.id].status for a in appointments] == ["wouldMove", "wouldMove", "refused"]
    assert told[appointments[2].id].error_code == "slot-occupied"
    assert await starts(desk, appointments) == [0, 30, 60]
    with pytest.raises(NotFree):
        await desk.book(MONDAY)


async def test_best_effort_moves_what_can_be_moved(desk: Desk) -> None:
    first, second = await desk.book(), await desk.book(MONDAY + minutes(120))
    await desk.book(MONDAY + minutes(150))
    outcomes = await moved(desk, [first, second], shift=HALF_AN_HOUR, mode="bestEffort")
    assert {outcome.appointment_id: outcome.status for outcome in outcomes} == {first.id: "moved", second.id: "refused"}
    assert await starts(desk, [first, second]) == [30, 120]


@pytest.mark.parametrize("mode", ["allOrNothing", "bestEffort"])
async def test_a_dry_run_says_what_would_happen_and_writes_nothing(desk: Desk, mode: str) -> None:
    appointments = await chain(desk)
    dry = await moved(desk, appointments, shift=HALF_AN_HOUR, mode=mode, dry_run=True)
    assert await starts(desk, appointments) == [0, 30, 60]
    assert await desk.rows("SELECT 1 FROM changes WHERE company_id = %(company_id)s AND kind = 'rescheduled'") == []
    real = await moved(desk, appointments, shift=HALF_AN_HOUR, mode=mode)
    assert [(o.appointment_id, o.start) for o in dry] == [(o.appointment_id, o.start) for o in real]
    assert {o.status for o in dry} == {"wouldMove"}


async def test_two_change_places(desk: Desk) -> None:
    first, second = await chain(desk, 2)
    bulk = BulkMove(appointment_ids=(first.id, second.id))
    moves = [
        Reschedule(appointment_id=first.id, start=second.start),
        Reschedule(appointment_id=second.id, start=first.start),
    ]
    await run(desk.pool, desk.caller, bulk, moves, desk.now)
    assert await starts(desk, [first, second]) == [30, 0]


async def test_what_stays_is_not_in_the_way_of_itself_and_keeps_its_place(desk: Desk) -> None:
    first, second = await chain(desk, 2)
    bulk = BulkMove(appointment_ids=(first.id, second.id))
    moves = in_order(
        [
            (first.start, Reschedule(appointment_id=first.id, start=second.start)),
            (second.start, Reschedule(appointment_id=second.id, start=second.start)),
        ]
    )
    outcomes = await run(desk.pool, desk.caller, bulk, moves, desk.now)
    assert {outcome.status for outcome in outcomes} == {"unchanged", "refused"}
    with pytest.raises(NotFree):
        await desk.book(second.start)


async def test_a_hosts_day_goes_to_the_nearest_free_times_after_it(desk: Desk) -> None:
    appointments = await chain(desk)
    tuesday = MONDAY + timedelta(days=1)
    await desk.book(tuesday - minutes(60))
    bulk = BulkMove(
        host_id=desk.company.user_id, day=MONDAY.date(), nearest=True, not_before=tuesday - timedelta(hours=9)
    )
    moves = await plan(desk.pool, desk.caller, bulk, desk.now)
    outcomes = await run(desk.pool, desk.caller, bulk, moves, desk.now)
    assert {outcome.status for outcome in outcomes} == {"moved"}
    found = sorted([(await desk.get(a.id)).appointment.start for a in appointments])
    assert len(set(found)) == 3
    assert all(start >= tuesday - minutes(30) for start in found)


async def test_a_series_shifts_on_the_hosts_clock(desk: Desk) -> None:
    appointments = await chain(desk)
    outcomes = await moved(desk, appointments, shift=Shift(days=120))
    assert {outcome.status for outcome in outcomes} == {"moved"}
    # Berlin's clocks go forward in between: ten o'clock stays ten o'clock.
    assert (await desk.get(appointments[0].id)).appointment.start == MONDAY + timedelta(days=120, hours=-1)


async def test_each_move_has_its_own_history_and_job(desk: Desk) -> None:
    appointments = await chain(desk)
    await moved(desk, appointments, shift=HALF_AN_HOUR, reason="late train")
    rows = await desk.rows("SELECT through, reason FROM changes WHERE company_id = %(company_id)s AND sequence = 1")
    assert rows == [("bulk", "late train")] * 3


async def test_an_unknown_appointment_stops_everything_before_it_begins(desk: Desk, other_desk: Desk) -> None:
    foreign = await other_desk.book()
    with pytest.raises(NotFound):
        await moved(desk, [await desk.book(), foreign], shift=HALF_AN_HOUR)


async def test_a_job_that_died_goes_on_with_what_is_left(desk: Desk) -> None:
    appointments = await chain(desk, 6)
    bulk = BulkMove(appointment_ids=tuple(a.id for a in appointments), shift=HALF_AN_HOUR, mode="bestEffort")
    moves = await plan(desk.pool, desk.caller, bulk, desk.now)
    job_id = await start_job(desk.pool, desk.caller, bulk, moves, desk.now)
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(run_job(_DyingPool(desk), desk.company.company_id, job_id, desk.now), 30)  # type: ignore[arg-type] # a pool that gives up
    async with desk.pool.connection() as connection:
        halfway = await get_job(connection, desk.company.company_id, job_id)
    assert 0 < len(halfway.results) < 6
    for _ in range(2):
        await run_job(desk.pool, desk.company.company_id, job_id, desk.now)
    async with desk.pool.connection() as connection:
        job = await get_job(connection, desk.company.company_id, job_id)
    assert job.state == "done"
    assert [outcome.status for outcome in job.results] == ["moved"] * 6
    assert await starts(desk, appointments) == [30 * n + 30 for n in range(6)]
    assert {a.sequence for a in [(await desk.get(a.id)).appointment for a in appointments]} == {1}


class _DyingPool:
    """Gives connections to the first few, and then dies like a process."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.left = 4

    def connection(self) -> Any:
        self.left -= 1
        if self.left < 0:
            raise TimeoutError
        return self.desk.pool.connection()


@given(st.lists(st.tuples(st.integers(0, 50), st.sampled_from([-30, 30])), unique_by=lambda each: each[0]))
def test_a_shift_is_done_in_an_order_in_which_no_place_is_needed_before_it_is_left(
    spots: list[tuple[int, int]],
) -> None:
    shift = spots[0][1] if spots else 30
    moves = [(MONDAY + minutes(30 * n), n) for n, _ in spots]
    asked = [(present, Reschedule(appointment_id=UUID(int=n), start=present + minutes(shift))) for present, n in moves]
    taken = {present for present, _ in asked}
    at = {move.appointment_id: present for present, move in asked}
    for move in in_order(asked):
        taken.remove(at[move.appointment_id])
        assert move.start not in taken
        taken.add(move.start)
