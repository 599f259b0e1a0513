"""Deals are won, lost and reopened. The bodies may be left out."""

from litestar import patch
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.openapi import WRITING, problems
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.close_deal import Lost, Reopened, Won, lose_deal, reopen_deal, win_deal
from slotkeeper.crm.deal import Deal
from slotkeeper.records.caller import Caller


@patch("/deals/{id:str}/won", summary="A deal is won", responses=problems(*WRITING))
async def mark_deal_won(
    deal_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[Won | None] = None,
) -> Deal:
    """It goes to `wonStageId`, else to the pipeline's first stage that counts as won."""
    async with services.pool.connection() as connection:
        return await win_deal(connection, caller, deal_id, data or Won(), services.clock())


@patch("/deals/{id:str}/lost", summary="A deal is lost", responses=problems(*WRITING))
async def mark_deal_lost(
    deal_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[Lost | None] = None,
) -> Deal:
    """`lostReason` is required where the company's settings say so."""
    async with services.pool.connection() as connection:
        return await lose_deal(connection, caller, deal_id, data or Lost(), services.clock())


@patch("/deals/{id:str}/reopen", summary="A deal is open again", responses=problems(*WRITING))
async def reopen_a_deal(
    deal_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[Reopened | None] = None,
) -> Deal:
    """It goes to `stageId`, else to where it stood before it was closed."""
    async with services.pool.connection() as connection:
        return await reopen_deal(connection, caller, deal_id, data or Reopened(), services.clock())


HANDLERS = (mark_deal_won, mark_deal_lost, reopen_a_deal)
