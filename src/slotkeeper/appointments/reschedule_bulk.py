"""Carry out a move of many, at once or as a job that can be watched and that a crash does not lose."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID, uuid4

import msgspec
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from slotkeeper.appointments.bulk import BulkMove, meant_by, move_to, shifted, to_nearest_free
from slotkeeper.appointments.move_many import Find, Record, in_order, move_all, move_one, try_each
from slotkeeper.appointments.move_outcome import Outcome
from slotkeeper.appointments.reschedule import Reschedule
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import NotFound
from slotkeeper.jobs.queue import defer
from slotkeeper.records.caller import Caller

Pool = AsyncConnectionPool[Connection]


class Target(msgspec.Struct, frozen=True, kw_only=True):
    appointment_id: UUID
    start: datetime


class BulkJob(msgspec.Struct, frozen=True, kw_only=True):
    """``caller`` is kept without its link key, which no move needs."""

    id: UUID
    company_id: UUID
    caller: Caller
    moves: tuple[Target, ...]
    request: BulkMove
    state: Literal["waiting", "done"] = "waiting"
    results: tuple[Outcome, ...] = ()
    created_at: datetime
    finished_at: datetime | None = None


async def plan(pool: Pool, caller: Caller, bulk: BulkMove, now: datetime) -> list[Reschedule]:
    """Which moves these are, in the order in which they are done. Raises ``NotFound``, ``Malformed``."""
    async with pool.connection() as connection:
        present = await meant_by(connection, caller, bulk, now)
    return in_order([(each.start, shifted(each, bulk)) for each in present])


async def run(
    pool: Pool,
    caller: Caller,
    bulk: BulkMove,
    moves: Sequence[Reschedule],
    now: datetime,
    *,
    dry_run: bool = False,
    record: Record | None = None,
) -> list[Outcome]:
    """One outcome per move."""
    find = _finder(caller, bulk, now)
    if bulk.mode == "allOrNothing":
        outcomes = await move_all(pool, caller, moves, now, find=find, dry_run=dry_run, record=record)
    elif dry_run:
        outcomes = await try_each(pool, caller, moves, now, find=find)
    else:
        outcomes = [await move_one(pool, caller, move, now, find=find, record=record) for move in moves]
    return outcomes


def _finder(caller: Caller, bulk: BulkMove, now: datetime) -> Find | None:
    async def find(connection: Connection, move: Reschedule, ignored: Sequence[UUID]) -> Reschedule:
        return await to_nearest_free(connection, caller, move, bulk, now, ignored)

    return find if bulk.nearest else None


async def start_job(pool: Pool, caller: Caller, bulk: BulkMove, moves: Sequence[Reschedule], now: datetime) -> UUID:
    """The worker does it; ``get_job`` tells how far it is."""
    job_id = uuid4()
    params = {
        "company_id": caller.company_id,
        "id": job_id,
        "user_id": caller.user_id,
        "caller": Jsonb(msgspec.to_builtins(msgspec.structs.replace(caller, link_key=b""))),
        "moves": Jsonb([{"appointment_id": str(m.appointment_id), "start": m.start.isoformat()} for m in moves]),
        "request": Jsonb(msgspec.to_builtins(bulk)),
        "now": now,
        "job": Jsonb({"company_id": str(caller.company_id), "job_id": str(job_id)}),
        "lock": f"bulk/{job_id}",
    }
    async with pool.connection() as connection:
        await execute(connection, _START, params)
    return job_id


async def get_job(connection: Connection, company_id: UUID, job_id: UUID) -> BulkJob:
    """Raises ``NotFound`` alike for an unknown id and another company's."""
    job = await fetch(connection, BulkJob, _GET, {"company_id": company_id, "id": job_id})
    if job is None:
        raise NotFound(f"job {job_id} not found")
    return job


async def run_job(pool: Pool, company_id: UUID, job_id: UUID, now: datetime) -> None:
    """Each outcome is written down with its move: a job that died goes on with what is left."""
    async with pool.connection() as connection:
        job = await get_job(connection, company_id, job_id)
    if job.state == "done":
        return
    written = {outcome.appointment_id for outcome in job.results}
    left = [
        move_to(target.appointment_id, target.start, job.request)
        for target in job.moves
        if target.appointment_id not in written
    ]

    async def record(connection: Connection, outcomes: Sequence[Outcome]) -> None:
        params = {"company_id": company_id, "id": job_id, "outcomes": Jsonb(msgspec.to_builtins(list(outcomes)))}
        await execute(connection, _RECORD, params)

    outcomes = await run(pool, job.caller, job.request, left, now, record=record)
    async with pool.connection() as connection:
        if job.request.mode == "allOrNothing" and any(outcome.status == "refused" for outcome in outcomes):
            await record(connection, outcomes)
        await execute(connection, _FINISH, {"company_id": company_id, "id": job_id, "now": now})


_START = f"""
    WITH started AS (
        INSERT INTO bulk_moves (company_id, id, user_id, caller, moves, request, created_at)
        VALUES (%(company_id)s, %(id)s, %(user_id)s, %(caller)s, %(moves)s, %(request)s, %(now)s)
        RETURNING id
    )
    SELECT {defer("move_many", lock="%(lock)s", args="%(job)s")} FROM started
"""

_GET = """
    SELECT json_build_object(
        'id', id, 'company_id', company_id, 'caller', caller, 'moves', moves, 'request', request, 'state', state,
        'results', results, 'created_at', created_at, 'finished_at', finished_at
    )::text
    FROM bulk_moves WHERE company_id = %(company_id)s AND id = %(id)s
"""

_RECORD = """
    UPDATE bulk_moves SET results = results || %(outcomes)s
    WHERE company_id = %(company_id)s AND id = %(id)s
"""

_FINISH = """
    UPDATE bulk_moves SET state = 'done', finished_at = %(now)s WHERE company_id = %(company_id)s AND id = %(id)s
"""
