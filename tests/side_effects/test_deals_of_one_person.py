"""A person has one open deal in a pipeline, however often they book."""

import asyncio
from datetime import timedelta

import pytest

from slotkeeper.crm.close_deal import Won, win_deal
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.sales import Sales, sales

__all__ = ["sales"]


@pytest.mark.parametrize(
    ("standing", "configured", "stands"),
    [
        pytest.param("Qualified", "Offer", "Offer", id="forward"),
        pytest.param("Offer", "Qualified", "Offer", id="never back"),
        pytest.param("Offer", None, "Offer", id="no stage is named"),
        pytest.param("Offer", "Won", "Offer", id="a booking closes no deal"),
    ],
)
async def test_a_second_booking_of_the_same_person_moves_their_open_deal_on(
    office: Office, sales: Sales, standing: str, configured: str | None, stands: str
) -> None:
    await sales.keep_in("Qualified")
    await office.book()
    await office.work()
    await sales.move(await sales.only_deal(), standing)
    await sales.keep_in(configured)
    await office.book(MONDAY + timedelta(days=1))
    await office.work()
    deal = await sales.only_deal()
    assert deal.stage.name == stands
    assert (await sales.kinds(deal)).count("appointment_booked") == 2


async def test_once_a_deal_is_closed_the_next_booking_makes_another(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    await office.book()
    await office.work()
    async with office.pool.connection() as connection:
        await win_deal(connection, office.caller, (await sales.only_deal()).id, Won(), office.now)
    await office.book(MONDAY + timedelta(days=1))
    await office.work()
    assert [deal.stage.name for deal in await sales.deals()] == ["Won", "Qualified"]


async def test_bookings_of_one_person_at_the_same_moment_make_one_deal(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    await asyncio.gather(*(office.book(MONDAY + timedelta(days=n % 4, hours=n)) for n in range(6)))
    await office.work()
    deal = await sales.only_deal()
    assert (await sales.kinds(deal)).count("appointment_booked") == 6


async def test_each_persons_booking_makes_a_deal_of_its_own(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    for n, email in enumerate(["ann@example.org", "bob@example.org"]):
        await office.book(MONDAY + minutes(60 * n), attendee=office.attendee(email=email))
    await office.work()
    contacts = [deal.contact and deal.contact.email for deal in await sales.deals()]
    assert set(contacts) == {"ann@example.org", "bob@example.org"}
    assert len(contacts) == 2
