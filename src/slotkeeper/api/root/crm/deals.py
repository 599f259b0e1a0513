"""Deals: find, see, create, change, delete."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.root.crm.paging import Id, Limit, OwnerId, PageJson, PageNumber, Search, numbers
from slotkeeper.api.services import Services
from slotkeeper.crm.create_deal import NewDeal, create_deal
from slotkeeper.crm.deal import Deal, get_deal
from slotkeeper.crm.deal_summary import DealLimits, DealSummary, deal_limits, deal_summary
from slotkeeper.crm.list_deals import DealSearch, SortBy, list_deals
from slotkeeper.crm.page import Page, SortOrder
from slotkeeper.crm.update_deal import DealPatch, delete_deal, update_deal
from slotkeeper.records.caller import Caller

PipelineId = Annotated[UUID | None, QueryParameter(name="pipelineId")]


class DealsJson(PageJson, frozen=True, kw_only=True):
    deals: Sequence[Deal]


@get("/deals", summary="Find deals", responses=problems(*READING))
async def find_deals(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    *,
    search: Search = "",
    pipeline_id: PipelineId = None,
    stage_id: Annotated[UUID | None, QueryParameter(name="stageId")] = None,
    owner_id: OwnerId = None,
    contact_id: Annotated[UUID | None, QueryParameter(name="contactId")] = None,
    crm_company_id: Annotated[UUID | None, QueryParameter(name="crmCompanyId")] = None,
    is_open: Annotated[bool | None, QueryParameter(name="isOpen")] = None,
    is_won: Annotated[bool | None, QueryParameter(name="isWon")] = None,
    is_lost: Annotated[bool | None, QueryParameter(name="isLost")] = None,
    sort_by: Annotated[SortBy, QueryParameter(name="sortBy")] = "createdAt",
    sort_order: Annotated[SortOrder, QueryParameter(name="sortOrder")] = "DESC",
    page: PageNumber = 1,
    limit: Limit = 50,
) -> DealsJson:
    """Every word of `search` has to be in the deal's name."""
    wanted = Page(number=page, limit=limit)
    asked = DealSearch(
        page=wanted,
        search=search,
        pipeline_id=pipeline_id,
        stage_id=stage_id,
        owner_id=owner_id,
        contact_id=contact_id,
        crm_company_id=crm_company_id,
        is_open=is_open,
        is_won=is_won,
        is_lost=is_lost,
        sort_by=sort_by,
        sort_order=sort_order,
    )
    async with services.pool.connection() as connection:
        found = await list_deals(connection, caller.company_id, asked, services.clock())
    return DealsJson(deals=found.rows, **numbers(wanted, found.total))


@get("/deals/summary", summary="What the deals come to", responses=problems(*READING))
async def get_deal_summary(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    owner_id: OwnerId = None,
    pipeline_id: PipelineId = None,
) -> DealSummary:
    """Of one owner, of one pipeline, or of all."""
    async with services.pool.connection() as connection:
        return await deal_summary(connection, caller.company_id, owner_id=owner_id, pipeline_id=pipeline_id)


@get("/deals/limits", summary="How many deals there are, and may be", responses=problems(*READING))
async def get_deal_limits(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> DealLimits:
    """`limit` is -1: there is none."""
    async with services.pool.connection() as connection:
        return await deal_limits(connection, caller.company_id)


@get("/deals/{id:str}", summary="Get a deal", responses=problems(*READING))
async def get_a_deal(deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]) -> Deal:
    async with services.pool.connection() as connection:
        return await get_deal(connection, caller.company_id, deal_id, services.clock())


@post("/deals", summary="Create a deal", responses=problems(*WRITING))
async def create_a_deal(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewDeal]
) -> Deal:
    """An owner that is left out is the caller. The stage must be one of the pipeline."""
    async with services.pool.connection() as connection:
        return await create_deal(connection, caller, data, services.clock())


@patch("/deals/{id:str}", summary="Change a deal", responses=problems(*WRITING))
async def update_a_deal(
    deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[DealPatch]
) -> Deal:
    """Only what is given changes. Entering a stage that counts as won or lost closes the deal."""
    async with services.pool.connection() as connection:
        return await update_deal(connection, caller, deal_id, data, services.clock())


@delete("/deals/{id:str}", summary="Delete a deal", responses=problems(*READING))
async def delete_a_deal(deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]) -> None:
    async with services.pool.connection() as connection:
        await delete_deal(connection, caller.company_id, deal_id)


HANDLERS = (
    find_deals,
    get_deal_summary,
    get_deal_limits,
    get_a_deal,
    create_a_deal,
    update_a_deal,
    delete_a_deal,
)
