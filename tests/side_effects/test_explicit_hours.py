"""A schedule whose hours are events of its owner's real calendar, known by their title."""

from datetime import datetime
from typing import Any

import pytest

from slotkeeper.errors import Malformed, NotFree
from slotkeeper.schedules.stored import list_availabilities
from slotkeeper.schedules.weekly_schedules import AvailabilityPatch, update_availability
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.outside_calendar import OutsideCalendar

EVENING = MONDAY.replace(hour=19)
"""20:00 in Berlin: outside the weekly hours."""


async def explicit(office: Office, **patch: Any) -> None:
    patch = {"use_explicit_availability": True, "explicit_availability_event_title": "Surgery", **patch}
    async with office.pool.connection() as connection:
        [schedule] = await list_availabilities(connection, office.caller, office.company.user_id)
        await update_availability(connection, office.caller, schedule.id, AvailabilityPatch(**patch))


async def is_free(office: Office, start: datetime) -> bool:
    try:
        await office.book(start, notify="none")
    except NotFree:
        return False
    return True


@pytest.mark.parametrize("transparency", ["OPAQUE", "TRANSPARENT"])
@pytest.mark.parametrize("title", ["Surgery", " surgery "])
async def test_the_hours_are_the_events_of_that_title_whether_they_show_as_busy_or_free(
    office: Office, outside: OutsideCalendar, transparency: str, title: str
) -> None:
    await outside.block(EVENING, minutes(60), title=title, transparency=transparency)
    await office.work()
    assert not await is_free(office, EVENING)
    await explicit(office)
    await office.work()
    starts = [MONDAY, EVENING - minutes(15), EVENING, EVENING + minutes(30), EVENING + minutes(60)]
    assert [await is_free(office, start) for start in starts] == [False, False, True, True, False]


async def test_other_events_block_these_hours_as_any(office: Office, outside: OutsideCalendar) -> None:
    await outside.block(EVENING, minutes(60), title="Surgery")
    await outside.block(EVENING, minutes(30))
    await explicit(office)
    await office.work()
    assert [await is_free(office, EVENING + minutes(n)) for n in (0, 30)] == [False, True]


async def test_without_such_events_there_are_no_hours_and_weekly_ones_return_with_the_setting(
    office: Office, outside: OutsideCalendar
) -> None:
    await explicit(office)
    await office.work()
    assert not await is_free(office, MONDAY)
    await explicit(office, use_explicit_availability=False)
    assert await is_free(office, MONDAY)


async def test_of_events_that_are_no_hours_only_the_time_is_kept_and_only_where_they_block(
    office: Office, outside: OutsideCalendar
) -> None:
    await outside.block(EVENING, minutes(60), title="Surgery")
    await outside.block(MONDAY, minutes(30), title="Private")
    await outside.block(MONDAY, minutes(30), title="Birthday", transparency="TRANSPARENT")
    await explicit(office)
    await office.work()
    kept = "SELECT uid, title FROM external_busy_times WHERE company_id = %(company_id)s ORDER BY uid"
    assert await office.rows(kept) == [("private", None), ("surgery", "Surgery")]


@pytest.mark.parametrize("title", [None, " "])
async def test_events_need_a_title_to_be_known_by(office: Office, title: str | None) -> None:
    with pytest.raises(Malformed, match="explicitAvailabilityEventTitle"):
        await explicit(office, explicit_availability_event_title=title)
