"""Move many appointments: all of them or none, or as many as can be.

All or none is one transaction: every appointment is lifted off its hosts' calendars first, so that one may take the
place that another leaves. As many as can be is one ordinary move after the other, in an order in which a shift frees
the places that are needed next.
"""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.expired_holds import forget_expired_holds
from slotkeeper.appointments.move_outcome import Outcome, outcome_of, refused, undone
from slotkeeper.appointments.moving import read_moving
from slotkeeper.appointments.reschedule import Reschedule, decide, reschedule, write_move
from slotkeeper.appointments.verdict import not_free
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import SlotkeeperError
from slotkeeper.records.caller import Mover

Find = Callable[[Connection, Reschedule, Sequence[UUID]], Awaitable[Reschedule]]
"""Gives a move its start, looking past the appointments named."""
Record = Callable[[Connection, Sequence[Outcome]], Awaitable[None]]


class RolledBack(Exception):
    """Nothing was moved: not all can be, or it was only tried."""

    def __init__(self, outcomes: Sequence[Outcome]) -> None:
        super().__init__("rolled back")
        self.outcomes = [undone(outcome) for outcome in outcomes]


async def move_all(
    pool: "AsyncConnectionPool[Connection]",
    mover: Mover,
    moves: Sequence[Reschedule],
    now: datetime,
    *,
    find: Find | None = None,
    dry_run: bool = False,
    record: Record | None = None,
) -> list[Outcome]:
    """Every one, or none: then an outcome is ``refused``. ``moves`` are ``in_order``.

    ``record`` is called in the same transaction. Raises ``Conflict`` where others keep getting ahead.
    """

    async def attempt(connection: Connection, _locked: bool) -> list[Outcome]:
        async with connection.transaction():
            outcomes = await _move_lifted(connection, mover, moves, now, find)
            if dry_run or any(outcome.status == "refused" for outcome in outcomes):
                raise RolledBack(outcomes)
            if record is not None:
                await record(connection, outcomes)
            return outcomes

    try:
        return await in_attempts(pool, attempt)
    except RolledBack as told:
        return told.outcomes


async def move_one(
    pool: "AsyncConnectionPool[Connection]",
    mover: Mover,
    move: Reschedule,
    now: datetime,
    *,
    find: Find | None = None,
    record: Record | None = None,
) -> Outcome:
    """One of as many as can be, by itself. ``record`` is called in the same transaction."""

    async def attempt(connection: Connection, locked: bool) -> Outcome:
        async with connection.transaction():
            outcome = await _moved(connection, mover, move, now, find, locked=locked)
            if record is not None:
                await record(connection, [outcome])
            return outcome

    return await in_attempts(pool, attempt)


async def try_each(
    pool: "AsyncConnectionPool[Connection]",
    mover: Mover,
    moves: Sequence[Reschedule],
    now: datetime,
    *,
    find: Find | None = None,
) -> list[Outcome]:
    """What moving one after the other would do: each sees what those before it did, and nothing stays."""

    async def attempt(connection: Connection, _locked: bool) -> list[Outcome]:
        async with connection.transaction():
            raise RolledBack([await _moved(connection, mover, move, now, find, locked=True) for move in moves])

    try:
        return await in_attempts(pool, attempt)
    except RolledBack as told:
        return told.outcomes


async def _moved(
    connection: Connection, mover: Mover, move: Reschedule, now: datetime, find: Find | None, *, locked: bool
) -> Outcome:
    try:
        move = await find(connection, move, ()) if find else move
        return outcome_of(await reschedule(connection, mover, move, now, locked=locked), move)
    except SlotkeeperError as refusal:
        return refused(move, refusal)


def in_order(moves: Sequence[tuple[datetime, Reschedule]]) -> list[Reschedule]:
    """Pure. ``moves`` come with their present starts. What stays keeps its place before others look for theirs; of
    those that go later the last goes first, of those that go earlier the first."""
    staying = [move for present, move in moves if move.start == present]
    later = [each for each in moves if each[1].start > each[0]]
    earlier = [each for each in moves if each[1].start < each[0]]
    return [
        *staying,
        *(move for _, move in sorted(later, key=lambda m: m[0], reverse=True)),
        *(move for _, move in sorted(earlier, key=lambda m: m[0])),
    ]


async def _move_lifted(
    connection: Connection, mover: Mover, moves: Sequence[Reschedule], now: datetime, find: Find | None
) -> list[Outcome]:
    ids = [move.appointment_id for move in moves]
    params = {"company_id": mover.company_id, "ids": ids}
    await execute(connection, _LOCK, params)
    await forget_expired_holds(connection, mover.company_id, now)
    await execute(connection, _LIFT, params)
    outcomes: list[Outcome] = []
    for move in moves:
        outcome = await _place(connection, mover, move, now, ids, find)
        outcomes.append(outcome)
        if outcome.status != "refused":
            ids.remove(move.appointment_id)
    return outcomes


async def _place(
    connection: Connection,
    mover: Mover,
    move: Reschedule,
    now: datetime,
    lifted: Sequence[UUID],
    find: Find | None,
) -> Outcome:
    """One that stays where it is takes its place there again."""
    try:
        move = await find(connection, move, lifted) if find else move
        moving = await read_moving(connection, mover.company_id, move.appointment_id, move.start, now, ignored=lifted)
        decision = decide(moving, mover, move, now)
    except SlotkeeperError as refusal:
        return refused(move, refusal)
    if decision.verdict.refused:
        return refused(move, not_free(decision.verdict.refused, ()))
    if decision.change is None:
        await execute(connection, _PUT_BACK, {"company_id": mover.company_id, "id": move.appointment_id})
    else:
        await write_move(connection, moving, decision, decision.change)
    return outcome_of(decision, move)


_LOCK = """
    SELECT 1 FROM host_calendars
    WHERE company_id = %(company_id)s AND host_id IN (
        SELECT unnest(host_ids) FROM appointments WHERE company_id = %(company_id)s AND id = ANY (%(ids)s::uuid[])
    )
    ORDER BY host_id
    FOR UPDATE
"""

_LIFT = """
    UPDATE blocked_times SET exclusive = false
    WHERE company_id = %(company_id)s AND source_id = ANY (%(ids)s::uuid[]) AND source = 'appointment'
"""

_PUT_BACK = """
    UPDATE blocked_times b SET exclusive = NOT EXISTS (
        SELECT FROM blocked_times o
        WHERE o.company_id = b.company_id AND o.host_id = b.host_id AND o.source_id <> b.source_id
            AND tstzrange(o.start_at, o.end_at) && tstzrange(b.start_at, b.end_at)
    )
    WHERE b.company_id = %(company_id)s AND b.source_id = %(id)s
"""
