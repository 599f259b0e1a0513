"""What is kept for a while only: idempotency records and finished jobs for a day, counted requests while they count.

The ledger stays.
"""

from procrastinate.manager import JobManager

from slotkeeper.side_effects.outward import Outward

_KEEP_HOURS = 24


async def forget_old_records(outward: Outward, jobs: JobManager) -> None:
    async with outward.pool.connection() as connection:
        await connection.execute("DELETE FROM idempotency_records WHERE created_at < now() - interval '24 hours'")
        await connection.execute("DELETE FROM rate_limits WHERE forget_at < now()")
    await jobs.delete_old_jobs(nb_hours=_KEEP_HOURS)
