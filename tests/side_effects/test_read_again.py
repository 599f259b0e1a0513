"""An asker can have a host's outside calendars read again, and waits for it no longer than a moment."""

import asyncio
from datetime import timedelta
from uuid import UUID

from slotkeeper.side_effects.read_again import read_again
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.outside_calendar import OutsideCalendar

AT_ONCE = timedelta(0)
LONG = timedelta(minutes=5)
BUSY = "SELECT start_at FROM external_busy_times WHERE company_id = %(company_id)s"
JOBS = "SELECT id FROM procrastinate_jobs WHERE task_name = 'pull_busy_times_of' AND status = 'todo'"


async def calendars(office: Office) -> list[UUID]:
    return [row[0] for row in await office.rows("SELECT id FROM connections WHERE company_id = %(company_id)s")]


async def test_whoever_asks_gets_on_as_soon_as_the_worker_has_read_it(office: Office, outside: OutsideCalendar) -> None:
    await office.work()
    await outside.block(MONDAY, minutes(30))
    asking = asyncio.create_task(read_again(office.pool, office.company.company_id, await calendars(office), LONG))
    while not await office.rows(JOBS):
        assert not asking.done()
    await office.work()
    await asking
    assert await office.rows(BUSY) == [(MONDAY,)]


async def test_without_a_worker_nobody_waits_for_ever_and_asking_again_adds_no_job(
    office: Office, outside: OutsideCalendar
) -> None:
    await office.work()
    for _ in range(3):
        await read_again(office.pool, office.company.company_id, await calendars(office), AT_ONCE)
    assert len(await office.rows(JOBS)) == 1
