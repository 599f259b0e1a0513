"""Every edit of hours makes its owner's calendar grow, and what is booked next is judged by it."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from uuid import UUID

import pytest

from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, NotFree
from slotkeeper.records.schedule import WeeklySchedule
from slotkeeper.schedules.exceptions import (
    ExceptionPatch,
    NewException,
    create_exception,
    delete_exception,
    update_exception,
)
from slotkeeper.schedules.holiday_sets import HolidaySet, set_holidays
from slotkeeper.schedules.stored import list_availabilities
from slotkeeper.schedules.weekly_schedules import (
    AvailabilityPatch,
    NewAvailability,
    create_availability,
    delete_availability,
    update_availability,
)
from tests.support.desk import MONDAY, Desk

HOUR = timedelta(hours=1)
Edit = Callable[[Desk, Connection], Awaitable[object]]


async def default_of(desk: Desk, connection: Connection) -> UUID:
    schedules = await list_availabilities(connection, desk.caller, desk.caller.user_id)
    return next(schedule.id for schedule in schedules if schedule.is_default)


async def another(desk: Desk, connection: Connection) -> UUID:
    new = NewAvailability(user_id=desk.caller.user_id, name="Other", schedule=WeeklySchedule(), timezone="UTC")
    return (await create_availability(connection, desk.caller, new)).id


async def day_off(desk: Desk, connection: Connection, **fields: object) -> int:
    new = NewException(start=MONDAY - HOUR, end=MONDAY + HOUR, **fields)  # type: ignore[arg-type]
    return (await create_exception(connection, desk.caller, new)).id


async def close_the_week(desk: Desk, connection: Connection) -> None:
    patch = AvailabilityPatch(schedule=WeeklySchedule())
    await update_availability(connection, desk.caller, await default_of(desk, connection), patch)


async def move_the_zone(desk: Desk, connection: Connection) -> None:
    patch = AvailabilityPatch(timezone="Pacific/Auckland")
    await update_availability(connection, desk.caller, await default_of(desk, connection), patch)


async def change_the_default(desk: Desk, connection: Connection) -> None:
    closed = await another(desk, connection)
    await update_availability(connection, desk.caller, closed, AvailabilityPatch(is_default=True))


async def take_a_day_off(desk: Desk, connection: Connection) -> None:
    await day_off(desk, connection)


async def take_the_day_off_later(desk: Desk, connection: Connection) -> None:
    extra = await day_off(desk, connection, available=True)
    await update_exception(connection, desk.caller, extra, ExceptionPatch(available=False))


async def close_the_company(desk: Desk, connection: Connection) -> None:
    await day_off(desk, connection, owner_type="company")


CLOSING = [close_the_week, move_the_zone, change_the_default, take_a_day_off, take_the_day_off_later, close_the_company]


@pytest.mark.parametrize("edit", [pytest.param(edit, id=edit.__name__.replace("_", " ")) for edit in CLOSING])
async def test_after_an_edit_that_closes_the_hour_it_cannot_be_booked(desk: Desk, edit: Edit) -> None:
    async with desk.pool.connection() as connection:
        await edit(desk, connection)
    with pytest.raises(NotFree) as refusal:
        await desk.book()
    assert refusal.value.code == "outside-working-hours"


async def test_a_public_holiday_cannot_be_booked_and_the_day_after_can(desk: Desk) -> None:
    """Monday the 7th; Immaculate Conception is the 8th, a holiday in Austria."""
    async with desk.pool.connection() as connection:
        await set_holidays(
            connection, desk.caller, await default_of(desk, connection), HolidaySet(year=2037, country="AT")
        )
    for days, free in ((0, True), (1, False), (2, True)):
        if free:
            await desk.book(MONDAY + timedelta(days=days))
        else:
            with pytest.raises(NotFree):
                await desk.book(MONDAY + timedelta(days=days))


async def test_an_edit_that_opens_hours_is_seen_at_once(desk: Desk) -> None:
    sunday = MONDAY - timedelta(days=1)
    with pytest.raises(NotFree):
        await desk.book(sunday)
    async with desk.pool.connection() as connection:
        new = NewException(start=sunday, end=sunday + HOUR, available=True)
        extra = (await create_exception(connection, desk.caller, new)).id
    await desk.book(sunday)
    async with desk.pool.connection() as connection:
        await delete_exception(connection, desk.caller, extra)
    with pytest.raises(NotFree):
        await desk.book(sunday + HOUR / 2)


async def versions(desk: Desk) -> Mapping[UUID, int]:
    return dict(await desk.rows("SELECT host_id, version FROM host_calendars WHERE company_id = %(company_id)s"))


async def delete_another(desk: Desk, connection: Connection) -> None:
    await delete_availability(connection, desk.caller, await another(desk, connection))


async def rename_the_day_off(desk: Desk, connection: Connection) -> None:
    await update_exception(connection, desk.caller, await day_off(desk, connection), ExceptionPatch(title="Away"))


async def come_back(desk: Desk, connection: Connection) -> None:
    await delete_exception(connection, desk.caller, await day_off(desk, connection))


async def keep_holidays(desk: Desk, connection: Connection) -> None:
    wanted = HolidaySet(year=2037, country="DE")
    await set_holidays(connection, desk.caller, await default_of(desk, connection), wanted)


async def reopen_the_company(desk: Desk, connection: Connection) -> None:
    await delete_exception(connection, desk.caller, await day_off(desk, connection, owner_type="company"))


@pytest.mark.parametrize(
    ("edit", "steps", "steps_of_others"),
    [
        pytest.param(close_the_week, 1, 0, id="a week's hours"),
        pytest.param(move_the_zone, 1, 0, id="a schedule's zone"),
        pytest.param(change_the_default, 2, 0, id="a new schedule, and another default"),
        pytest.param(delete_another, 2, 0, id="a new schedule, deleted"),
        pytest.param(take_a_day_off, 1, 0, id="a new exception"),
        pytest.param(take_the_day_off_later, 2, 0, id="a new exception, changed"),
        pytest.param(rename_the_day_off, 2, 0, id="a new exception, renamed"),
        pytest.param(come_back, 2, 0, id="a new exception, deleted"),
        pytest.param(close_the_company, 1, 1, id="an exception of the company"),
        pytest.param(reopen_the_company, 2, 2, id="an exception of the company, deleted"),
        pytest.param(keep_holidays, 1, 0, id="a set of holidays"),
    ],
)
async def test_each_step_of_an_edit_makes_the_calendars_that_it_concerns_grow_and_no_others(
    desk: Desk, edit: Edit, steps: int, steps_of_others: int
) -> None:
    colleague = await desk.add_host()
    before = await versions(desk)
    async with desk.pool.connection() as connection:
        await edit(desk, connection)
    grown = {host: version - before[host] for host, version in (await versions(desk)).items()}
    assert grown == {desk.caller.user_id: steps, colleague: steps_of_others}


async def test_an_edit_that_is_refused_leaves_the_calendar_as_it_was(desk: Desk) -> None:
    before = await versions(desk)
    async with desk.pool.connection() as connection:
        default = await default_of(desk, connection)
        with pytest.raises(Conflict):
            await delete_availability(connection, desk.caller, default)
    assert await versions(desk) == before


async def test_a_schedules_own_exceptions_are_shown_with_no_other(desk: Desk, connection: Connection) -> None:
    """A meeting type's inline hours bring exceptions that are theirs alone."""
    other = await another(desk, connection)
    await day_off(desk, connection, title="everybody's")
    await day_off(desk, connection, title="its own")
    await desk.execute(
        """
        UPDATE availability_exceptions SET availability_id = %(id)s
        WHERE company_id = %(company_id)s AND title = 'its own'
        """,
        id=other,
    )
    schedules = await list_availabilities(connection, desk.caller, desk.caller.user_id)
    titles = {s.id: {exception.title for exception in s.availability_exceptions} for s in schedules}
    assert titles == {await default_of(desk, connection): {"everybody's"}, other: {"everybody's", "its own"}}
