"""Procrastinate's queue in our own database (docs/decisions/0003).

A job is inserted by ``defer``'s SQL inside the statement that causes it: it exists if and only if its cause does.
Jobs of one ``lock`` run one after the other, in the order in which they were inserted.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from uuid import UUID

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection
from slotkeeper.jobs.ending import Jobs

QUEUE = "effects"
queue = App(connector=PsycopgConnector())
"""Holds the tasks; a worker opens it on its database with ``opened_queue``."""
jobs = queue.job_manager = Jobs(queue.connector)


@asynccontextmanager
async def opened_queue(pool: "AsyncConnectionPool[Connection]") -> AsyncIterator[App]:
    """On our own pool, where a statement is prepared once and is a transaction of its own: procrastinate's asks each
    connection whether it lives and brackets each statement with BEGIN and COMMIT, four round trips instead of one."""
    with queue.replace_connector(PsycopgConnector()) as app:
        async with app.open_async(pool):
            try:
                yield app
            finally:
                await jobs.give_back()


def defer(task: str, *, lock: str, args: str) -> str:
    """SQL that inserts one job per row; ``lock`` and ``args`` are SQL expressions (text and jsonb)."""
    row = f"ROW('{QUEUE}', '{task}', 0, {lock}, NULL, {args}, NULL)::procrastinate_job_to_defer_v1"
    return f"procrastinate_defer_jobs_v1(ARRAY[{row}])"


class TryAgain(Exception):
    """Raised by a task to run again at ``at``; everything else that a task raises runs again after a minute."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"again at {at:%Y-%m-%dT%H:%M:%SZ}")
        self.at = at


class WhenTold(BaseRetryStrategy):
    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002 - its interface
        if isinstance(exception, TryAgain):
            return RetryDecision(retry_at=exception.at)
        return RetryDecision(retry_in={"seconds": 60})


def change_lock(appointment_id: UUID) -> str:
    """Changes of one appointment are fanned out in their order."""
    return f"change/{appointment_id}"


def effect_lock(appointment_id: UUID, target: str) -> str:
    """Effects of one appointment at one target happen in their order."""
    return f"effect/{appointment_id}/{target}"
