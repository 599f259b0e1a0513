"""The office's sales: its pipeline, what its bookings do there, and its deals as the API shows them."""

from typing import Any

import pytest

from slotkeeper.crm.deal import Deal
from slotkeeper.crm.deal_history import DealActivity, deal_activity
from slotkeeper.crm.list_deals import DealSearch, list_deals
from slotkeeper.crm.page import Page
from slotkeeper.crm.pipeline import Pipeline
from slotkeeper.crm.pipelines import list_pipelines
from slotkeeper.crm.update_deal import DealPatch, update_deal
from tests.support.office import Office


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
