"""The floor of the drain: a worker, opened as ours is, whose jobs do nothing."""

import asyncio
import sys

from uvicorn.loops.auto import auto_loop_factory

from slotkeeper.db.pool import open_pool
from slotkeeper.jobs.queue import QUEUE, opened_queue, queue

TASK = "nothing"


@queue.task(name=TASK, queue=QUEUE)
async def nothing() -> None:
    """The job."""


async def run(database_url: str) -> None:
    async with open_pool(database_url, 14) as pool, opened_queue(pool) as app:
        await app.run_worker_async(queues=[QUEUE], concurrency=10)


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:
        runner.run(run(sys.argv[1]))
