"""Runs the jobs: any number of workers, on any machine that reaches the database."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from procrastinate import App
from procrastinate.exceptions import ConnectorException
from uvicorn.loops.auto import auto_loop_factory

from slotkeeper.appointments import tasks  # noqa: F401 - registers its jobs
from slotkeeper.db.pool import open_pool
from slotkeeper.emails.smtp import SmtpSender
from slotkeeper.jobs.queue import QUEUE, opened_queue
from slotkeeper.outbound.client import kept_clients
from slotkeeper.secrets import Vault
from slotkeeper.settings import Settings, load_settings
from slotkeeper.side_effects.outward import Outward
from slotkeeper.side_effects.tasks import OUTWARD

logger = logging.getLogger(__name__)
_MISSED_BEATS = 3
_QUEUE_CONNECTIONS = 4
_POLLING_INTERVAL = 1.0  # seconds; what was put off, and locks that another worker released, are announced by nobody


async def run_worker(settings: Settings) -> None:
    """Until SIGTERM or SIGINT; jobs under way are finished first."""
    async with outward_of(settings) as outward, opened_queue(outward.pool) as queue:
        rescuer = asyncio.create_task(_keep_taking_over(queue, settings.worker_heartbeat))
        try:
            await queue.run_worker_async(
                queues=[QUEUE, "default"],
                concurrency=settings.worker_concurrency,
                fetch_job_polling_interval=_POLLING_INTERVAL,
                additional_context={OUTWARD: outward},
                update_heartbeat_interval=settings.worker_heartbeat,
                stalled_worker_timeout=settings.worker_heartbeat * _MISSED_BEATS,
                shutdown_graceful_timeout=settings.worker_heartbeat * _MISSED_BEATS,
            )
        finally:
            rescuer.cancel()


@contextlib.asynccontextmanager
async def outward_of(settings: Settings) -> AsyncIterator[Outward]:
    async with (
        open_pool(settings.database_url, settings.worker_concurrency + _QUEUE_CONNECTIONS) as pool,
        SmtpSender(settings) as smtp,
        kept_clients() as webhook_clients,
    ):
        yield Outward(
            settings=settings,
            vault=Vault(settings.secret_key),
            pool=pool,
            smtp=smtp,
            clock=lambda: datetime.now(UTC),
            webhook_clients=webhook_clients,
        )


async def _keep_taking_over(queue: App, heartbeat: float) -> None:
    while True:
        try:
            await take_over_stalled_jobs(queue, heartbeat * _MISSED_BEATS)
        except ConnectorException as error:
            logger.warning("the queue could not be asked for stalled jobs: %s", error)
        await asyncio.sleep(heartbeat)


async def take_over_stalled_jobs(queue: App, silence: float) -> None:
    """A worker that died in the middle of a job gives no sign of life; its jobs become waiting again."""
    for job in await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence):
        logger.warning("taking over job %s of a worker that died", job.id)
        try:
            await queue.job_manager.retry_job(job)
        except ConnectorException:
            logger.warning("another worker has taken over job %s", job.id)


def work() -> None:
    """Run the jobs until SIGTERM or SIGINT, on the same kind of event loop as the server."""
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(run_worker(load_settings()))


def main() -> None:
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    work()


if __name__ == "__main__":
    main()
