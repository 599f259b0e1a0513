"""The jobs that change appointments by themselves; the worker registers them by importing this module."""

import logging
from typing import cast
from uuid import UUID

import msgspec
from procrastinate import JobContext

from slotkeeper.appointments.expired_holds import forget_expired_holds
from slotkeeper.appointments.provisional import expire
from slotkeeper.appointments.reschedule_bulk import run_job
from slotkeeper.db.attempts import in_attempts
from slotkeeper.db.pool import Connection, fetch_all
from slotkeeper.jobs.queue import QUEUE, WhenTold, queue
from slotkeeper.side_effects.outward import Outward
from slotkeeper.side_effects.tasks import OUTWARD

logger = logging.getLogger(__name__)
_AT_ONCE = 200


class Due(msgspec.Struct, frozen=True, kw_only=True):
    company_id: UUID
    id: UUID


@queue.periodic(cron="* * * * *")
@queue.task(name="expire_requests", queue=QUEUE, pass_context=True, queueing_lock="expire_requests")
async def expire_requests_job(context: JobContext, timestamp: int) -> None:  # noqa: ARG001 - a periodic job gets it
    await expire_requests(cast("Outward", context.additional_context[OUTWARD]))


@queue.task(name="move_many", queue=QUEUE, pass_context=True, retry=WhenTold())
async def move_many_job(context: JobContext, company_id: str, job_id: str) -> None:
    outward = cast("Outward", context.additional_context[OUTWARD])
    await run_job(outward.pool, UUID(company_id), UUID(job_id), outward.clock())


async def expire_requests(outward: Outward) -> None:
    """Each in a transaction of its own: one that fails stays due and stops no other."""
    now = outward.clock()
    async with outward.pool.connection() as connection:
        due = await fetch_all(connection, Due, _DUE, {"now": now, "limit": _AT_ONCE})
    for request in due:

        async def attempt(connection: Connection, _locked: bool, request: Due = request) -> None:
            await expire(connection, request.company_id, request.id, now)
            await forget_expired_holds(connection, request.company_id, now)

        try:
            await in_attempts(outward.pool, attempt)
        except Exception:  # whatever it is, the others must expire all the same
            logger.exception("request %s did not expire", request.id)


_DUE = """
    SELECT json_build_object('company_id', company_id, 'id', id)::text
    FROM provisional_bookings
    WHERE status = 'pending' AND expires_at <= %(now)s
    ORDER BY expires_at LIMIT %(limit)s
"""
