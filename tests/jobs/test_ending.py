"""Jobs end with what they did, and whoever waits for their lock starts at once."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from uuid import UUID

from procrastinate.jobs import Job, Status

from slotkeeper.jobs.ending import Jobs
from slotkeeper.jobs.queue import QUEUE, jobs, opened_queue
from slotkeeper.side_effects.carry_out import carry_out
from slotkeeper.side_effects.fan_out import fan_out
from slotkeeper.side_effects.tasks import OUTWARD
from tests.jobs.interrupted import Interrupted
from tests.side_effects.conftest import mail_server, office, webhook_receiver
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office

__all__ = ["mail_server", "office", "webhook_receiver"]


async def test_an_effect_and_its_job_are_done_in_one_transaction(office: Office) -> None:
    await office.book()
    await office.work()
    assert (
        await office.rows("""
            SELECT e.xmin = x.xmin FROM effects e
            JOIN procrastinate_jobs j ON j.args ->> 'effect_id' = e.id::text
            JOIN procrastinate_events x ON x.job_id = j.id AND x.type = 'succeeded'
            WHERE e.company_id = %(company_id)s
        """)
        == [(True,)] * 4
    )


async def test_a_change_is_fanned_out_and_its_job_ends_in_one_transaction(office: Office) -> None:
    await office.book()
    await office.work()
    assert await office.rows("""
        SELECT h.xmin = x.xmin FROM changes h
        JOIN procrastinate_jobs j ON j.args ->> 'appointment_id' = h.appointment_id::text
        JOIN procrastinate_events x ON x.job_id = j.id AND x.type = 'succeeded'
        WHERE h.company_id = %(company_id)s AND j.task_name = 'after_change'
    """) == [(True,)]


async def test_jobs_of_one_lock_follow_each_other_at_once(office: Office) -> None:
    """This worker looks by itself only every hour: it has to be told."""
    booked = await office.book()
    for n in range(1, 9):
        await office.move(booked.id, MONDAY + minutes(30 * n))
    async with _worker(office):
        received = await office.mail.wait_for(2 * 9, timeout=8)
    moves = [str(r.message["Subject"]) for r in received if r.rcpt_tos == ("ann@example.org",)]
    assert [subject.partition(":")[0] for subject in moves] == ["Booked", *["Moved"] * 8]


async def test_what_a_worker_is_told_while_it_looks_is_not_lost(office: Office) -> None:
    connector = Interrupted()
    await connector.open_async(office.pool)
    its_jobs = Jobs(connector)
    worker = await its_jobs.register_worker()
    listening = asyncio.create_task(its_jobs.listen_for_jobs(on_notification=_hear, queues=[QUEUE]))

    async def meanwhile() -> None:
        await office.book()
        assert its_jobs._tell is not None
        await its_jobs._tell(channel="", notification={"type": "job_inserted", "job_id": 0})

    connector.then = meanwhile
    assert await its_jobs.fetch_job([QUEUE], worker) is not None
    listening.cancel()


async def test_a_job_that_was_taken_over_is_not_ended_by_the_worker_that_had_it(office: Office) -> None:
    booked = await office.book()
    async with opened_queue(office.pool):
        former, other = await jobs.register_worker(), await jobs.register_worker()
        change = await _fetch(former)
        await office.execute("UPDATE procrastinate_jobs SET worker_id = %(other)s", other=other)
        await fan_out(office.outward, office.company.company_id, booked.id, 0, change)
        assert await office.rows("SELECT status::text FROM procrastinate_jobs WHERE lock LIKE 'change/%%'") == [
            ("doing",)
        ]
        await jobs.finish_job(change, Status.SUCCEEDED, delete_job=False)
    assert len(await office.effects(booked.id)) == 4


async def test_what_was_fetched_while_the_worker_stopped_is_given_back(office: Office) -> None:
    booked = await office.book()
    doing = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'doing'"
    async with opened_queue(office.pool):
        worker = await jobs.register_worker()
        change = await _fetch(worker)
        await fan_out(office.outward, office.company.company_id, booked.id, 0, change)
        await jobs.finish_job(change, Status.SUCCEEDED, delete_job=False)
        effect = await _fetch(worker)
        effect_id = UUID(str(effect.task_kwargs["effect_id"]))
        await carry_out(office.outward, office.company.company_id, effect_id, effect)
        await jobs.finish_job(effect, Status.SUCCEEDED, delete_job=False)
        assert await office.rows(doing) == [(1,)]
    assert await office.rows(doing) == [(0,)]
    await office.work()
    assert {e.state for e in await office.effects(booked.id)} == {"done"}
    assert len(office.mail.received) == 2


async def test_a_job_that_has_ended_and_is_interrupted_right_after_is_not_run_again(office: Office) -> None:
    booked = await office.book()
    async with opened_queue(office.pool):
        change = await _fetch(await jobs.register_worker())
        await fan_out(office.outward, office.company.company_id, booked.id, 0, change)
        await jobs.retry_job(change)
    assert await office.rows("SELECT status::text FROM procrastinate_jobs WHERE lock LIKE 'change/%%'") == [
        ("succeeded",)
    ]


async def _fetch(worker: int) -> Job:
    job = await jobs.fetch_job([QUEUE], worker)
    assert job is not None
    return job


async def _hear(**_: object) -> None:
    """A worker would look again now, if it waited."""


@asynccontextmanager
async def _worker(office: Office) -> AsyncIterator[None]:
    async with opened_queue(office.pool) as queue:
        running = asyncio.create_task(
            queue.run_worker_async(
                queues=[QUEUE],
                concurrency=4,
                fetch_job_polling_interval=3600,
                install_signal_handlers=False,
                additional_context={OUTWARD: office.outward},
            )
        )
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
