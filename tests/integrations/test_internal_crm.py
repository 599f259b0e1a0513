"""The internal CRM on a real database, written to as the worker writes: one record after the other, by its refs."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.db.pool import Connection
from slotkeeper.integrations.crms.internal import InternalCrm
from slotkeeper.jobs.outcomes import Later
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Kind
from slotkeeper.records.connection import ExternalRef
from tests.ics.sample import change
from tests.support.desk import MONDAY, Desk

Pool = AsyncConnectionPool[Connection]


class Office(Desk):
    """A front desk that keeps its CRM."""

    def __init__(self, pool: Pool, company: Bootstrapped) -> None:
        super().__init__(pool, company)
        self.refs: dict[str, ExternalRef] = {}

    async def follow(self, appointment: Appointment, kind: Kind) -> None:
        what = change(appointment_id=appointment.id, kind=kind)
        for record in InternalCrm().records({}, appointment, what):
            await self.write(record, appointment, kind)

    async def write(self, record: str, appointment: Appointment, kind: Kind = "booked") -> Sequence[ExternalRef]:
        what = change(appointment_id=appointment.id, kind=kind)
        done = await InternalCrm().write(record, None, appointment, what, self.refs, self.pool)
        self.refs |= {ref.record: ref for ref in done.refs}
        return done.refs

    async def contacts(self) -> list[Any]:
        return await self.rows(
            "SELECT email, first_name, last_name, phone_number FROM crm_contacts "
            "WHERE company_id = %(company_id)s AND deleted_at IS NULL ORDER BY created_at, email"
        )

    async def activities(self) -> list[Any]:
        return await self.rows(
            "SELECT id, start_at, end_at, outcome FROM crm_activities WHERE company_id = %(company_id)s"
        )


@pytest.fixture
def office(pool: Pool, company: Bootstrapped) -> Office:
    return Office(pool, company)


async def test_crm_records_are_updated_in_place_a_move_creates_no_new_contact_and_no_second_meeting(
    office: Office,
) -> None:
    booked = await office.book()
    await office.follow(booked, "booked")
    [(activity, *scheduled)] = await office.activities()
    assert scheduled == [booked.start, booked.end, "scheduled"]
    for day in range(1, 4):
        start = MONDAY + timedelta(days=day)
        await office.move(booked.id, start)
        await office.follow((await office.get(booked.id)).appointment, "rescheduled")
        assert await office.activities() == [(activity, start, start + timedelta(minutes=30), "rescheduled")]
        assert await office.contacts() == [("ann@example.org", "Ann", "Example", None)]


async def test_a_cancelled_appointment_stays_as_a_cancelled_activity(office: Office) -> None:
    booked = await office.book()
    await office.follow(booked, "booked")
    await office.cancel(booked.id)
    await office.follow((await office.get(booked.id)).appointment, "cancelled")
    assert [activity[-1] for activity in await office.activities()] == ["cancelled"]


async def test_a_job_that_runs_twice_writes_once(office: Office) -> None:
    booked = await office.book()
    await office.follow(booked, "booked")
    office.refs.clear()
    before = await office.contacts(), await office.activities()
    await office.follow(booked, "booked")
    assert (await office.contacts(), await office.activities()) == before


async def test_concurrent_bookings_of_one_person_make_one_contact(office: Office) -> None:
    spellings = ["ann@example.org", "Ann@Example.org", "ANN@EXAMPLE.ORG"]
    appointments = [
        await office.book(MONDAY + timedelta(hours=n), attendee=office.attendee(email=spellings[n % 3]))
        for n in range(6)
    ]
    written = await asyncio.gather(
        *(office.write(f"contact:{a.attendees[0].id}", a) for a in appointments for _ in range(3))
    )
    assert len({ref.external_id for refs in written for ref in refs}) == 1
    assert len(await office.contacts()) == 1


async def test_a_later_booking_fills_what_is_empty_and_changes_nothing_else(office: Office) -> None:
    nameless = office.attendee(fullname=None)
    with_telephone = office.attendee(email="ANN@example.org", fullname="Ann Example", phone="+49 30 1")
    another_name = office.attendee(fullname="Annie Other", phone="+49 30 2")
    for hours, attendee in enumerate([nameless, with_telephone, another_name]):
        await office.follow(await office.book(MONDAY + timedelta(hours=hours), attendee=attendee), "booked")
    assert await office.contacts() == [("ann@example.org", "Ann", "Example", "+49 30 1")]


async def test_a_contact_whose_address_was_changed_in_the_crm_is_still_the_attendees(office: Office) -> None:
    booked = await office.book()
    await office.follow(booked, "booked")
    await office.execute("UPDATE crm_contacts SET email = 'new@example.org' WHERE company_id = %(company_id)s")
    await office.follow(booked, "rescheduled")
    assert [contact[0] for contact in await office.contacts()] == ["new@example.org"]
    assert len(await office.activities()) == 1


async def test_an_attendee_without_an_address_is_one_contact_with_their_telephone(office: Office) -> None:
    booked = await office.book(attendee=office.attendee(email=None, phone="+49 30 1"))
    for _ in range(2):
        office.refs.clear()
        await office.follow(booked, "booked")
    assert await office.contacts() == [(None, "Ann", "Example", "+49 30 1")]
    assert len(await office.activities()) == 1


async def test_a_contact_that_was_deleted_is_made_again(office: Office) -> None:
    booked = await office.book()
    await office.follow(booked, "booked")
    await office.execute("UPDATE crm_contacts SET deleted_at = now() WHERE company_id = %(company_id)s")
    await office.follow(booked, "rescheduled")
    assert [contact[0] for contact in await office.contacts()] == ["ann@example.org"]


async def test_companies_do_not_share_contacts(office: Office, connection: Connection) -> None:
    await office.follow(await office.book(), "booked")
    cursor = await connection.execute(
        "SELECT count(*) FROM crm_contacts WHERE email = 'ann@example.org' AND company_id = %s", (uuid4(),)
    )
    assert await cursor.fetchone() == (0,)


async def test_an_activity_waits_for_its_contact(office: Office) -> None:
    booked = await office.book()
    with pytest.raises(Later, match="the contact is not written yet"):
        await office.write(f"activity:{booked.attendees[0].id}", booked)


async def test_an_attendee_who_has_left_gets_no_contact(office: Office) -> None:
    booked = await office.book()
    assert await office.write(f"contact:{UUID(int=0)}", booked) == ()
    assert await office.contacts() == []
