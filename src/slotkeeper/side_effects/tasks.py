"""The jobs' names in the queue, and what each runs."""

from typing import cast
from uuid import UUID

from procrastinate import JobContext

from slotkeeper.jobs.queue import QUEUE, WhenTold, queue
from slotkeeper.side_effects.announce import deliver_announcement
from slotkeeper.side_effects.carry_out import carry_out
from slotkeeper.side_effects.fan_out import fan_out
from slotkeeper.side_effects.forget import forget_old_records
from slotkeeper.side_effects.outward import Outward
from slotkeeper.side_effects.pull_busy_times import pull_busy_times, pull_busy_times_of
from slotkeeper.side_effects.send_due_reminders import send_due_reminders

OUTWARD = "outward"
"""Where the worker puts what the handlers need in the job's context."""


@queue.task(name="after_change", queue=QUEUE, pass_context=True, retry=WhenTold())
async def after_change_job(context: JobContext, company_id: str, appointment_id: str, sequence: int) -> None:
    await fan_out(_outward(context), UUID(company_id), UUID(appointment_id), sequence, context.job)


@queue.task(name="carry_out", queue=QUEUE, pass_context=True, retry=WhenTold())
async def carry_out_job(context: JobContext, company_id: str, effect_id: str) -> None:
    await carry_out(_outward(context), UUID(company_id), UUID(effect_id), context.job)


@queue.task(name="deliver_announcement", queue=QUEUE, pass_context=True, retry=WhenTold())
async def deliver_announcement_job(context: JobContext, company_id: str, announcement_id: str) -> None:
    await deliver_announcement(_outward(context), UUID(company_id), UUID(announcement_id))


@queue.periodic(cron="*/10 * * * * *")
@queue.task(name="send_due_reminders", queue=QUEUE, pass_context=True, queueing_lock="send_due_reminders")
async def send_due_reminders_job(context: JobContext, timestamp: int) -> None:
    await send_due_reminders(_outward(context))


@queue.periodic(cron="*/5 * * * *")
@queue.task(name="pull_busy_times", queue=QUEUE, pass_context=True, queueing_lock="pull_busy_times")
async def pull_busy_times_job(context: JobContext, timestamp: int) -> None:
    await pull_busy_times(_outward(context))


@queue.task(name="pull_busy_times_of", queue=QUEUE, pass_context=True, retry=WhenTold())
async def pull_busy_times_of_job(context: JobContext, company_id: str, connection_id: str) -> None:
    await pull_busy_times_of(_outward(context), UUID(company_id), UUID(connection_id))


@queue.periodic(cron="17 * * * *")
@queue.task(name="forget_old_records", queue=QUEUE, pass_context=True, queueing_lock="forget_old_records")
async def forget_old_records_job(context: JobContext, timestamp: int) -> None:
    await forget_old_records(_outward(context), context.app.job_manager)


def _outward(context: JobContext) -> Outward:
    return cast("Outward", context.additional_context[OUTWARD])
