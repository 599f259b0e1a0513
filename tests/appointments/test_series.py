from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.appointments.booking import Booked, Booking
from slotkeeper.appointments.cancel import Cancel
from slotkeeper.appointments.series import Recurrence, book_series, cancel_series, occurrences
from slotkeeper.errors import NotFree
from tests.support.desk import MONDAY, Desk

WEEKLY = Recurrence(frequency="weekly", count=4)


async def booked_series(desk: Desk, recurrence: Recurrence = WEEKLY) -> list[Booked]:
    request = Booking(meeting_type_id=desk.company.meeting_type_id, start=MONDAY, attendee=desk.attendee())
    async with desk.pool.connection() as connection:
        return await book_series(connection, desk.caller, request, recurrence, desk.now)


async def test_each_occurrence_is_an_appointment_at_the_same_time_of_day(desk: Desk) -> None:
    series = await booked_series(desk)
    assert [booked.appointment.start for booked in series] == [MONDAY + timedelta(weeks=n) for n in range(4)]
    assert len({booked.appointment.series_id for booked in series}) == 1
    assert len({booked.appointment.uid for booked in series}) == 4


async def test_one_occurrence_that_is_taken_books_none(desk: Desk) -> None:
    await desk.book(MONDAY + timedelta(weeks=2))
    with pytest.raises(NotFree, match=r"the occurrence at 2037-12-21"):
        await booked_series(desk)
    await desk.book()


async def test_the_series_is_cancelled_from_the_named_occurrence_on(desk: Desk) -> None:
    series = [booked.appointment for booked in await booked_series(desk)]
    async with desk.pool.connection() as connection:
        await cancel_series(connection, desk.caller, Cancel(appointment_id=series[1].id), desk.now)
    states = [(await desk.get(appointment.id)).appointment.status for appointment in series]
    assert states == ["confirmed", "cancelled", "cancelled", "cancelled"]


async def test_one_occurrence_moves_alone(desk: Desk) -> None:
    series = [booked.appointment for booked in await booked_series(desk)]
    await desk.move(series[1].id, series[1].start + timedelta(hours=1))
    starts = [(await desk.get(appointment.id)).appointment.start for appointment in series]
    assert starts == [s.start + timedelta(hours=n == 1) for n, s in enumerate(series)]


@given(
    zone=st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Chatham", "UTC"]),
    day=st.integers(0, 364),
    frequency=st.sampled_from(["daily", "weekly"]),
    interval=st.integers(1, 4),
)
def test_the_clock_of_the_hosts_zone_shows_the_same_time_at_each_occurrence(
    zone: str, day: int, frequency: str, interval: int
) -> None:
    first = datetime(2027, 1, 1, 10, 30, tzinfo=ZoneInfo(zone)).astimezone(UTC) + timedelta(days=day)
    recurrence = Recurrence(frequency="daily" if frequency == "daily" else "weekly", interval=interval, count=20)
    shown = {start.astimezone(ZoneInfo(zone)).time() for start in (first, *occurrences(first, zone, recurrence))}
    assert len(shown) == 1


def test_a_month_without_the_day_has_no_occurrence() -> None:
    first = datetime(2027, 1, 31, 9, 0, tzinfo=UTC)
    monthly = Recurrence(frequency="monthly", count=4)
    assert [start.month for start in occurrences(first, "UTC", monthly)] == [3, 5, 7]
