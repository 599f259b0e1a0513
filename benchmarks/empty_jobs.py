"""The floor of the drain: a worker, opened as ours is, whose jobs do nothing."""

import asyncio
import sys

from slotkeeper.jobs.queue import QUEUE, opened_queue, queue

TASK = "nothing"


@queue.task(name=TASK, queue=QUEUE)
async def nothing() -> None:
    """The job."""


async def run(database_url: str) -> None:
    async with opened_queue(database_url, 4) as app:
        await app.run_worker_async(queues=[QUEUE], concurrency=10)


if __name__ == "__main__":
    asyncio.run(run(sys.argv[1]))
