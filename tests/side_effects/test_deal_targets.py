"""Where crmOptions say that a deal goes, and what happens when nothing is there: invariant 28."""

from uuid import uuid4

import httpx
import msgspec
import pytest

from slotkeeper.accounts.bootstrap import bootstrap
from slotkeeper.crm.pipelines import list_pipelines
from slotkeeper.crm.stages import delete_stage
from slotkeeper.db.pool import Connection
from tests.api.conftest import bearer, built, client, opened
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.sales import Sales, sales

__all__ = ["built", "client", "opened", "sales"]


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
