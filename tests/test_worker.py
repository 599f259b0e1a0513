import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from slotkeeper.jobs.queue import QUEUE, queue
from slotkeeper.worker import take_over_stalled_jobs
from tests.jobs.interrupted import Interrupted
from tests.support.desk import Desk


@pytest.fixture
async def desk(pool: "AsyncConnectionPool[Connection]", company: Bootstrapped) -> Desk:
    async with pool.connection() as connection:
        await connection.execute("TRUNCATE procrastinate_jobs CASCADE")
    return Desk(pool, company)


async def test_another_worker_that_is_quicker_leaves_the_other_stalled_jobs_to_be_taken_over(desk: Desk) -> None:
    connector = Interrupted()
    await connector.open_async(desk.pool)
    for _ in range(2):
        await desk.book(host_ids=(await desk.add_host(),))
    with queue.replace_connector(connector) as app:
        dead = await app.job_manager.register_worker()
        fetched = [await app.job_manager.fetch_job([QUEUE], dead) for _ in range(2)]
        await desk.execute("UPDATE procrastinate_workers SET last_heartbeat = now() - interval '1 minute'")

        async def another_is_quicker() -> None:
            assert fetched[0] is not None
            await app.job_manager.retry_job(fetched[0])

        connector.then = another_is_quicker
        await take_over_stalled_jobs(app, silence=30)
    assert await desk.rows("SELECT DISTINCT status::text FROM procrastinate_jobs") == [("todo",)]
