"""A booking makes or moves a deal where the meeting type says so, never a second one: invariants 2, 25, 28 and 32."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx
import msgspec
import pytest

from slotkeeper.accounts.bootstrap import bootstrap
from slotkeeper.crm.close_deal import Reopened, Won, reopen_deal, win_deal
from slotkeeper.crm.deal import Deal, get_deal
from slotkeeper.crm.deal_history import DealActivity, deal_activity, deal_appointments
from slotkeeper.crm.list_deals import DealSearch, list_deals
from slotkeeper.crm.merge_deals import merge_deals
from slotkeeper.crm.page import Page
from slotkeeper.crm.pipeline import Pipeline
from slotkeeper.crm.pipelines import list_pipelines
from slotkeeper.crm.stages import delete_stage
from slotkeeper.crm.update_deal import DealPatch, delete_deal, update_deal
from slotkeeper.db.pool import Connection
from tests.api.conftest import bearer, client, opened
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office

__all__ = ["client", "opened"]


class Sales:
    """The office's pipeline, and its deals as the API shows them."""

    def __init__(self, office: Office, pipeline: Pipeline) -> None:
        self.office = office
        self.pipeline = pipeline
        self.stages = {stage.name: stage.id for stage in pipeline.stages}
        self.company_id = office.company.company_id

    async def keep_in(self, stage: str | None = None, **options: Any) -> None:
        """Bookings of the meeting type make deals in this stage."""
        ids = {"internalCrmPipelineId": str(self.pipeline.id)}
        ids |= {"internalCrmStageId": str(self.stages[stage])} if stage else {}
        await self.office.set_type(crm_options={**ids, **options})

    async def deals(self) -> list[Deal]:
        async with self.office.pool.connection() as connection:
            search = DealSearch(page=Page(), sort_order="ASC")
            return list((await list_deals(connection, self.company_id, search, self.office.now)).rows)

    async def only_deal(self) -> Deal:
        [deal] = await self.deals()
        return deal

    async def history(self, deal: Deal) -> list[DealActivity]:
        async with self.office.pool.connection() as connection:
            lines = await deal_activity(connection, self.company_id, deal.id, 200, self.office.now)
        return lines[::-1]

    async def kinds(self, deal: Deal) -> list[str]:
        return [line.activity_type for line in await self.history(deal)]

    async def move(self, deal: Deal, stage: str) -> None:
        async with self.office.pool.connection() as connection:
            patch = DealPatch(stage_id=self.stages[stage])
            await update_deal(connection, self.office.caller, deal.id, patch, self.office.now)


@pytest.fixture
async def sales(office: Office) -> Sales:
    async with office.pool.connection() as connection:
        [pipeline] = await list_pipelines(connection, office.caller)
    return Sales(office, pipeline)


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


@pytest.mark.parametrize(
    "options",
    [
        pytest.param({"internalCrmPipelineId": str(uuid4())}, id="no such pipeline"),
        pytest.param({"internalCrmPipelineId": "1"}, id="no id at all"),
        pytest.param({"internalCrmStageId": str(uuid4())}, id="no such stage in the pipeline"),
    ],
)
async def test_ids_that_do_not_exist_wait_for_a_person_and_the_answer_says_so(
    office: Office, sales: Sales, client: httpx.AsyncClient, options: dict[str, str]
) -> None:
    await sales.keep_in(None, **options)
    booked = await office.book()
    await office.work()
    assert await sales.deals() == []
    states = {effect.target: (effect.state, effect.error_code) for effect in await office.effects(booked.id, "crm")}
    assert states["internal:internal:deal"] == ("needs_person", "crm_rejected_internal")
    assert {state for target, (state, _) in states.items() if not target.endswith(":deal")} == {"done"}
    answer = await client.get(f"/v4/appointment/{booked.id}", headers=bearer(office.company.token))
    assert answer.json()["resolvableErrors"] == [{"errorCode": "crm_rejected_internal"}]


async def test_a_person_corrects_the_meeting_type_and_tries_again(
    office: Office, sales: Sales, client: httpx.AsyncClient
) -> None:
    await sales.keep_in(None, internalCrmStageId=str(uuid4()))
    booked = await office.book()
    await office.work()
    await sales.keep_in("Offer")
    [effect] = [one for one in await office.effects(booked.id, "crm") if one.state == "needs_person"]
    path = f"/v4/appointment/{booked.id}/effects/{effect.id}/retry"
    assert (await client.post(path, headers=bearer(office.company.token))).status_code == 200
    await office.work()
    assert (await sales.only_deal()).stage.name == "Offer"
    answer = await client.get(f"/v4/appointment/{booked.id}", headers=bearer(office.company.token))
    assert answer.json()["resolvableErrors"] == []


async def test_another_companys_pipeline_is_as_unknown_as_any(
    office: Office, sales: Sales, connection: Connection
) -> None:
    other = await bootstrap(connection, office.outward.vault, company="Other", email="o@example.com", timezone="UTC")
    theirs = msgspec.structs.replace(office.caller, company_id=other.company_id, user_id=other.user_id)
    [foreign] = await list_pipelines(connection, theirs)
    await sales.keep_in(None, internalCrmPipelineId=str(foreign.id))
    booked = await office.book()
    await office.work()
    [effect] = [one for one in await office.effects(booked.id, "crm") if one.state == "needs_person"]
    assert effect.error_code == "crm_rejected_internal"


async def test_the_deals_stage_may_go_and_the_deal_goes_on(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified")
    booked = await office.book()
    await office.work()
    gone, target = sales.stages["Qualified"], sales.stages["Lead"]
    async with office.pool.connection() as connection:
        await delete_stage(connection, sales.company_id, sales.pipeline.id, gone, target)
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    deal = await sales.only_deal()
    assert deal.stage.name == "Lead"
    assert (await office.get(booked.id)).error_codes == ()


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
