"""A booking makes a deal where the meeting type says so, and never a second one: invariants 2, 25 and 32."""

from datetime import timedelta

from slotkeeper.crm.close_deal import Reopened, Won, reopen_deal, win_deal
from slotkeeper.crm.deal import get_deal
from slotkeeper.crm.deal_history import deal_appointments
from slotkeeper.crm.merge_deals import merge_deals
from slotkeeper.crm.update_deal import delete_deal
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.sales import Sales, sales

__all__ = ["sales"]


async def test_a_booking_makes_a_deal_in_the_configured_stage_about_its_main_attendee(
    office: Office, sales: Sales
) -> None:
    await sales.keep_in("Meeting")
    booked = await office.book()
    await office.work()
    deal = await sales.only_deal()
    assert (deal.name, deal.stage_id) == ("30-minute meeting - Ann Example", sales.stages["Meeting"])
    assert (deal.owner_id, deal.contact and deal.contact.email) == (office.company.user_id, "ann@example.org")
    assert (deal.won_at, deal.lost_at) == (None, None)
    async with office.pool.connection() as connection:
        meetings = await deal_appointments(connection, sales.company_id, deal.id, office.now)
    assert [(m.id, m.attendee_id) for m in meetings] == [(booked.id, booked.attendees[0].id)]


async def test_without_a_stage_the_deal_begins_in_the_first_open_one(office: Office, sales: Sales) -> None:
    await sales.keep_in()
    await office.book()
    await office.work()
    assert (await sales.only_deal()).stage.name == "Lead"


async def test_without_a_pipeline_no_deal_is_made(office: Office, sales: Sales) -> None:
    booked = await office.book()
    await office.work()
    assert await sales.deals() == []
    assert not any(effect.target.endswith(":deal") for effect in await office.effects(booked.id, "crm"))


async def test_ten_moves_keep_the_deal_the_contact_and_the_meeting(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    booked = await office.book()
    await office.work()
    deal = await sales.only_deal()
    for n in range(1, 11):
        await office.move(booked.id, MONDAY + timedelta(days=n // 5, minutes=30 * n))
        await office.work()
    assert [one.id for one in await sales.deals()] == [deal.id]
    assert await office.rows("SELECT count(*) FROM crm_contacts WHERE company_id = %(company_id)s") == [(1,)]
    assert await office.rows("SELECT count(*) FROM crm_activities WHERE company_id = %(company_id)s") == [(1,)]
    assert await sales.kinds(deal) == ["created", "appointment_booked", *["appointment_rescheduled"] * 10]


async def test_three_quick_moves_make_one_deal_and_tell_of_the_last(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    booked = await office.book()
    for n in (1, 2, 3):
        await office.move(booked.id, MONDAY + minutes(60 * n))
    await office.work()
    deal = await sales.only_deal()
    [_, line] = await sales.history(deal)
    assert (line.activity_type, line.metadata["start"]) == (
        "appointment_rescheduled",
        (MONDAY + minutes(180)).isoformat(),
    )


async def test_a_move_leaves_the_deal_in_the_stage_to_which_a_person_took_it(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    booked = await office.book()
    await office.work()
    await sales.move(await sales.only_deal(), "Offer")
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert (await sales.only_deal()).stage.name == "Offer"


async def test_a_cancelled_appointment_leaves_the_deal_open_with_a_line(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    booked = await office.book()
    await office.work()
    await office.cancel(booked.id)
    await office.work()
    deal = await sales.only_deal()
    assert (deal.stage.name, deal.lost_at) == ("Qualified", None)
    assert (await sales.kinds(deal))[-1] == "appointment_cancelled"


async def test_an_appointment_cancelled_before_the_worker_came_leaves_the_same_deal(
    office: Office, sales: Sales
) -> None:
    await sales.keep_in("Qualified")
    booked = await office.book()
    await office.cancel(booked.id)
    await office.work()
    assert (await sales.only_deal()).stage.name == "Qualified"


async def test_a_job_that_runs_again_makes_no_second_deal_and_no_second_line(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    await office.book()
    await office.work()
    before = await sales.history(await sales.only_deal())
    await office.execute("UPDATE effects SET state = 'pending' WHERE company_id = %(company_id)s AND kind = 'crm'")
    await office.execute("DELETE FROM external_refs WHERE company_id = %(company_id)s AND record = 'deal'")
    await office.execute(
        "UPDATE procrastinate_jobs SET status = 'todo' WHERE status = 'succeeded' AND queueing_lock IS NULL"
    )
    await office.work()
    assert await sales.history(await sales.only_deal()) == before


async def test_a_deal_that_a_person_deleted_does_not_come_back_with_a_move(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    booked = await office.book()
    await office.work()
    async with office.pool.connection() as connection:
        await delete_deal(connection, sales.company_id, (await sales.only_deal()).id)
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert await sales.deals() == []


async def test_after_a_merge_the_appointment_belongs_to_the_deal_that_survived(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    appointments = []
    for n, email in enumerate(["ann@example.org", "bob@example.org"]):
        appointments.append(await office.book(MONDAY + minutes(60 * n), attendee=office.attendee(email=email)))
    await office.work()
    survivor, duplicate = await sales.deals()
    async with office.pool.connection() as connection:
        await merge_deals(connection, office.caller, survivor.id, [duplicate.id], office.now)
    for n, appointment in enumerate(appointments):
        await office.move(appointment.id, MONDAY + timedelta(days=1, hours=n))
    await office.work()
    assert [deal.id for deal in await sales.deals()] == [survivor.id]
    assert (await sales.kinds(survivor)).count("appointment_rescheduled") == 2


async def test_a_reopened_deal_goes_back_to_where_it_was_won(office: Office, sales: Sales) -> None:
    await sales.keep_in("Offer")
    await office.book()
    await office.work()
    deal = await sales.only_deal()
    async with office.pool.connection() as connection:
        await win_deal(connection, office.caller, deal.id, Won(), office.now)
        await reopen_deal(connection, office.caller, deal.id, Reopened(), office.now)
        reopened = await get_deal(connection, sales.company_id, deal.id, office.now)
    assert (reopened.stage.name, reopened.won_at) == ("Offer", None)
