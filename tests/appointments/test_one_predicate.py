"""Listing and writing use one predicate, and every entry point passes it: invariants 9, 15 and 19."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from psycopg import errors

from slotkeeper.appointments.reschedule import Reschedule, read
from slotkeeper.appointments.situation import booking_rules
from slotkeeper.availability.slots import free_slots
from slotkeeper.db.attempts import Stale, in_attempts
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, NotFree
from tests.support.desk import MONDAY, Desk, minutes


@pytest.mark.parametrize("limits", [{}, {"day": 2}], ids=["buffers", "buffers and a limit"])
async def test_a_write_succeeds_if_and_only_if_the_slot_is_listed_in_the_same_snapshot(
    desk: Desk, limits: dict[str, int]
) -> None:
    """A list reads days around its range, a write only what is near its start."""
    await desk.set_type(
        meeting_info={"name": "Buffered", "duration": 45, "bufferBefore": 15, "bufferAfter": 30},
        booking_limits=limits,
        booking_minimum=120,
    )
    for start in (MONDAY + minutes(60), MONDAY + minutes(240), MONDAY + timedelta(days=1, hours=2)):
        await desk.book(start)
    booked = await desk.book(MONDAY + timedelta(days=2))
    listed = await _listed(desk, booked.id)
    assert listed
    written = set()
    for start in _ASKED:
        try:
            await desk.move(booked.id, start)
        except NotFree:
            continue
        written.add(start)
        await desk.move(booked.id, MONDAY + timedelta(days=2))
    assert written == listed


_ASKED = [MONDAY + timedelta(days=day) + minutes(15 * n) for day in (0, 1) for n in range(-4, 32)]
"""Two working days, with an hour before and an hour after each."""


async def _listed(desk: Desk, appointment_id: UUID) -> set[datetime]:
    request = Reschedule(appointment_id=appointment_id, start=MONDAY)
    async with desk.pool.connection() as connection:
        situation = await read(connection, desk.caller, request, desk.now, reach=timedelta(days=2))
    info = situation.stored.appointment.meeting_info
    rules = booking_rules(situation.meeting_type, info, info.duration * 60, situation.hosts, desk.now)
    first, last = (int(at.timestamp()) for at in (_ASKED[0], _ASKED[-1]))
    hosts = [host.availability for host in situation.hosts]
    found = free_slots(first, last + 1, rules, hosts, int(desk.now.timestamp()))
    return {datetime.fromtimestamp(start, UTC) for start in found}


async def test_booking_and_rescheduling_refuse_the_same_time_for_the_same_reason(desk: Desk) -> None:
    await desk.book(MONDAY + minutes(60))
    booked = await desk.book()
    with pytest.raises(NotFree) as by_booking:
        await desk.book(MONDAY + minutes(75))
    with pytest.raises(NotFree) as by_moving:
        await desk.move(booked.id, MONDAY + minutes(75))
    assert by_booking.value.conflicts == by_moving.value.conflicts


LOST = {
    "serialization failure": "RAISE EXCEPTION USING ERRCODE = 'serialization_failure'",
    "deadlock": "RAISE EXCEPTION USING ERRCODE = 'deadlock_detected'",
    "overlap": "RAISE EXCEPTION USING ERRCODE = 'exclusion_violation'",
    "stale": None,
}
"""How a race is lost, and the PL/pgSQL that loses it so."""


@pytest.mark.parametrize("lost", LOST)
async def test_serialization_failures_deadlocks_and_lost_races_are_retried_with_a_bound_then_409_never_500(
    desk: Desk, lost: str
) -> None:
    attempts = []

    async def attempt(connection: Connection, locked: bool) -> None:
        attempts.append(locked)
        await _lose(connection, lost)

    with pytest.raises(Conflict) as refusal:
        await in_attempts(desk.pool, attempt)
    assert (refusal.value.status, refusal.value.code) == (409, "busy")
    assert attempts == [False, True, True, True, True]


@pytest.mark.parametrize("lost", LOST)
async def test_a_race_that_is_lost_once_is_won_with_the_locks_held(desk: Desk, lost: str) -> None:
    async def attempt(connection: Connection, locked: bool) -> str:
        if not locked:
            await _lose(connection, lost)
        return "written"

    assert await in_attempts(desk.pool, attempt) == "written"


async def _lose(connection: Connection, lost: str) -> None:
    if statement := LOST[lost]:
        await connection.execute(f"DO $$ BEGIN {statement}; END $$".encode())
    raise Stale


async def test_another_database_error_is_not_retried(desk: Desk) -> None:
    async def attempt(connection: Connection, _: bool) -> None:
        await connection.execute("SELECT 1/0")

    with pytest.raises(errors.DivisionByZero):
        await in_attempts(desk.pool, attempt)
