"""What is in a host's real calendar blocks the host, the appointment's own event excepted: invariant 10."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from msgspec.structs import replace

from slotkeeper.db.pool import open_pool
from slotkeeper.errors import Conflict, NotFree
from slotkeeper.side_effects.pull_busy_times import pull_busy_times
from tests.support.caldav_server import USERNAME
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.outside_calendar import OutsideCalendar


async def test_an_outside_event_blocks_a_move(office: Office, outside: OutsideCalendar) -> None:
    booked = await office.book()
    await outside.block(MONDAY + minutes(60), minutes(30))
    await pull_busy_times(office.outward)
    with pytest.raises(Conflict) as refused:
        await office.move(booked.id, MONDAY + minutes(60))
    assert refused.value.status == 409
    await office.move(booked.id, MONDAY + minutes(90))


async def test_an_outside_event_that_is_gone_blocks_nothing(office: Office, outside: OutsideCalendar) -> None:
    booked = await office.book()
    await outside.block(MONDAY + minutes(60), minutes(30))
    await pull_busy_times(office.outward)
    await outside.server.delete(f"{outside.url}dentist.ics")
    await pull_busy_times(office.outward)
    await office.move(booked.id, MONDAY + minutes(60))
    assert (await office.get(booked.id)).appointment.start == MONDAY + minutes(60)


async def test_its_own_event_never_blocks_an_appointment_but_blocks_others(
    office: Office, outside: OutsideCalendar
) -> None:
    booked = await office.book()
    await office.work()
    await pull_busy_times(office.outward)
    busy = "SELECT uid FROM external_busy_times WHERE company_id = %(company_id)s"
    assert await office.rows(busy) == [(booked.uid,)]
    await office.move(booked.id, MONDAY + minutes(15))
    with pytest.raises(Conflict):
        await office.book(MONDAY + minutes(30))


async def test_a_move_that_was_decided_before_the_calendar_was_read_is_decided_again(
    office: Office, outside: OutsideCalendar
) -> None:
    booked = await office.book()
    await office.work()
    await outside.block(MONDAY + minutes(60), minutes(30))
    reading: list[int] = []

    def meanwhile(version: int) -> None:
        """Called between the move's reading and its writing."""
        if not reading:
            reading.append(version)
            with ThreadPoolExecutor(1) as thread:
                thread.submit(asyncio.run, _pull(office)).result()

    with pytest.raises(NotFree):
        await office.move(booked.id, MONDAY + minutes(60), precondition=meanwhile)
    assert len(reading) == 1


async def _pull(office: Office) -> None:
    async with open_pool(office.settings.database_url, 2) as pool:
        await pull_busy_times(replace(office.outward, pool=pool))


async def test_a_calendar_is_read_right_after_it_was_connected(office: Office, outside: OutsideCalendar) -> None:
    await outside.block(MONDAY, minutes(30))
    await office.work()
    with pytest.raises(Conflict):
        await office.book(MONDAY)


async def test_a_calendar_that_cannot_be_read_keeps_what_it_said_last_and_never_stops_the_next(
    office: Office, outside: OutsideCalendar
) -> None:
    await outside.block(MONDAY, minutes(30))
    await office.work()
    await office.execute("UPDATE connections SET provider = 'uninstalled' WHERE company_id = %(company_id)s")
    await outside.connect("private")
    await outside.block(MONDAY + minutes(60), minutes(30))
    await pull_busy_times(office.outward)
    for start in (MONDAY, MONDAY + minutes(60)):
        with pytest.raises(Conflict):
            await office.book(start)


async def test_a_calendar_that_refuses_its_password_is_shown_as_broken(
    office: Office, outside: OutsideCalendar, tmp_path: Path
) -> None:
    (tmp_path / "users").write_text(f"{USERNAME}:another\n")
    await pull_busy_times(office.outward)
    assert not await outside.is_connected()
