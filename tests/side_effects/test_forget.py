from slotkeeper.jobs.queue import opened_queue
from slotkeeper.side_effects.forget import forget_old_records
from tests.support.office import Office


async def test_counted_requests_are_forgotten_when_they_count_no_more(office: Office) -> None:
    await office.execute("""
        INSERT INTO rate_limits (company_id, who, route, taken, refused, forget_at)
        SELECT %(company_id)s, 'me', route, ARRAY[now()], false, now() + age
        FROM (VALUES ('counts', interval '1 minute'), ('counts no more', interval '-1 minute')) v (route, age)
    """)
    async with opened_queue(office.pool) as queue:
        await forget_old_records(office.outward, queue.job_manager)
    left = await office.rows("SELECT route FROM rate_limits WHERE company_id = %(company_id)s")
    assert left == [("counts",)]


async def test_jobs_of_more_than_a_day_ago_are_forgotten_and_the_ledger_stays(office: Office) -> None:
    booked = await office.book()
    await office.work()
    await office.execute("UPDATE procrastinate_events SET at = at - interval '25 hours'")
    async with opened_queue(office.pool) as queue:
        await forget_old_records(office.outward, queue.job_manager)
    assert await office.rows("SELECT count(*) FROM procrastinate_jobs") == [(0,)]
    assert len(await office.effects(booked.id)) == 4
