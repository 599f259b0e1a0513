"""The hours of the host's own zone, with what is off and what is extra: invariant 16."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from slotkeeper.errors import NotFree
from tests.support.desk import MONDAY, Desk, minutes

INSIDE, OUTSIDE = (time(9, 0), time(16, 30)), (time(8, 45), time(16, 45))


@pytest.mark.parametrize(
    "zone",
    [
        "America/New_York",
        "America/Santiago",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Europe/London",
        "Pacific/Kiritimati",
        "Pacific/Pago_Pago",
    ],
)
async def test_moving_within_working_hours_means_the_hours_of_the_hosts_own_zone_at_that_instant(
    desk: Desk, zone: str
) -> None:
    host = await desk.add_host(zone)
    desk.now = datetime(2037, 1, 1, tzinfo=UTC)
    booked = await desk.book(_at(zone, date(2037, 1, 5), time(9, 0)), host_ids=(host,))
    for day in _around_changes(zone):
        for wall_clock in INSIDE:
            start = _at(zone, day, wall_clock)
            assert (await desk.move(booked.id, start)).stored.appointment.start == start
        for wall_clock in OUTSIDE:
            with pytest.raises(NotFree) as refusal:
                await desk.move(booked.id, _at(zone, day, wall_clock))
            assert refusal.value.code == "outside-working-hours"


def _around_changes(zone: str) -> Iterator[date]:
    """The Friday before and the Monday after each Sunday on which the clock changes; a weekend where it never does."""
    sundays = [date(2037, 2, 1) + timedelta(weeks=n) for n in range(45)]
    changing = [day for day in sundays if _offset(zone, day) != _offset(zone, day + timedelta(days=1))]
    for sunday in changing or sundays[:1]:
        yield sunday - timedelta(days=2)
        yield sunday + timedelta(days=1)


def _offset(zone: str, day: date) -> timedelta | None:
    return datetime.combine(day, time(), ZoneInfo(zone)).utcoffset()


def _at(zone: str, day: date, wall_clock: time) -> datetime:
    return datetime.combine(day, wall_clock, ZoneInfo(zone)).astimezone(UTC)


@pytest.mark.parametrize("whose", ["the host's", "the company's"])
async def test_time_off_and_extra_hours_count_the_hosts_own_and_the_companys(desk: Desk, whose: str) -> None:
    booked = await desk.book()
    owner = desk.company.user_id if whose == "the host's" else desk.company.company_id
    noon, evening = MONDAY + minutes(120), MONDAY + timedelta(hours=9)
    await _exception(desk, owner, noon, available=False)
    await _exception(desk, owner, evening, available=True)
    await _exception(desk, await desk.add_host(), noon + minutes(30), available=False)
    with pytest.raises(NotFree, match="outside the host's working hours"):
        await desk.move(booked.id, noon)
    for start in (noon + minutes(30), evening):
        await desk.move(booked.id, start)


async def _exception(desk: Desk, owner: UUID, start: datetime, *, available: bool) -> None:
    await desk.execute(
        """INSERT INTO availability_exceptions (company_id, owner_type, owner_id, available, start_at, end_at)
        VALUES (%(company_id)s, 'user', %(owner)s, %(available)s, %(start)s, %(end)s)""",
        owner=owner,
        available=available,
        start=start,
        end=start + minutes(30),
    )
