"""Have outside calendars read again now: by the worker, which does so anyway, while the asker waits a moment."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection, execute
from slotkeeper.jobs.queue import defer

PATIENCE = timedelta(seconds=3)
_LOOK_EVERY = timedelta(milliseconds=50)


async def read_again(
    pool: "AsyncConnectionPool[Connection]",
    company_id: UUID,
    connection_ids: Sequence[UUID],
    patience: timedelta = PATIENCE,
) -> None:
    """Returns when each was tried, or patience is at an end: a slow calendar, or no worker, holds up no answer."""
    async with pool.connection() as connection:
        params = {"company_id": company_id, "connection_ids": list(connection_ids), "user_id": None}
        cursor = await execute(connection, _ASK, params)
        jobs = [job_id for (job_id,) in await cursor.fetchall()]
    for _ in range(patience // _LOOK_EVERY):
        if not await _are_waiting(pool, jobs):
            return
        await asyncio.sleep(_LOOK_EVERY.total_seconds())


async def read_all_again(connection: Connection, company_id: UUID, user_id: UUID) -> None:
    """A user's calendars, soon, by jobs of the caller's transaction."""
    await execute(connection, _ASK, {"company_id": company_id, "connection_ids": [], "user_id": user_id})


async def _are_waiting(pool: "AsyncConnectionPool[Connection]", jobs: Sequence[int]) -> bool:
    async with pool.connection() as connection:
        return await (await execute(connection, _WAITING, {"jobs": list(jobs)})).fetchone() is not None


_LOCK = "'busy/' || asked.id"
_JOB_ARGS = "jsonb_build_object('company_id', %(company_id)s::uuid, 'connection_id', asked.id)"

# One job per calendar at a time, whoever asks.
_ASK = f"""
    SELECT coalesce(
        (SELECT min(j.id) FROM procrastinate_jobs j WHERE j.lock = {_LOCK} AND j.status IN ('todo', 'doing')),
        ({defer("pull_busy_times_of", lock=_LOCK, args=_JOB_ARGS)})[1]
    )
    FROM connections asked
    WHERE asked.company_id = %(company_id)s AND asked.deleted_at IS NULL AND asked.kind = 'calendar'
        AND asked.reads_busy AND (asked.id = ANY (%(connection_ids)s::uuid[]) OR asked.user_id = %(user_id)s)
"""

_WAITING = """
    SELECT FROM procrastinate_jobs WHERE id = ANY (%(jobs)s::bigint[]) AND status IN ('todo', 'doing') LIMIT 1
"""
