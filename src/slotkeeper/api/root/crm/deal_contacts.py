"""Who a deal is about, whom it may be about, and which deals may be the same."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter

from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.contact_suggestions import Suggestion, contact_suggestions
from slotkeeper.crm.deal import DealContact
from slotkeeper.crm.deal_contacts import (
    DealContactPatch,
    NewDealContact,
    add_deal_contact,
    remove_deal_contact,
    update_deal_contact,
)
from slotkeeper.crm.duplicate_deals import DuplicateDeal, duplicate_deals
from slotkeeper.crm.merge_deals import MergedDeals, merge_deals
from slotkeeper.records.caller import Caller

DealContactId = Annotated[UUID, PathParameter(name="dealContactId")]


class MergeBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    duplicate_deal_ids: Annotated[Sequence[UUID], msgspec.Meta(min_length=1, max_length=20)]


@post("/deals/{id:str}/contacts", summary="Add a contact to a deal", responses=problems(*WRITING))
async def add_a_deal_contact(
    deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewDealContact]
) -> DealContact:
    """One that is there already gets the new role; a new primary one takes the place of the one before."""
    async with services.pool.connection() as connection:
        return await add_deal_contact(connection, caller, deal_id, data, services.clock())


@patch("/deals/{id:str}/contacts/{dealContactId:str}", summary="Change a contact's role", responses=problems(*WRITING))
async def update_a_deal_contact(
    deal_id: Id,
    link_id: DealContactId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[DealContactPatch],
) -> DealContact:
    """`dealContactId` is the `id` of an entry in the deal's `contacts`."""
    async with services.pool.connection() as connection:
        return await update_deal_contact(connection, caller, deal_id, link_id, data)


@delete(
    "/deals/{id:str}/contacts/{dealContactId:str}", summary="Remove a contact from a deal", responses=problems(*READING)
)
async def remove_a_deal_contact(
    deal_id: Id,
    link_id: DealContactId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
) -> None:
    """The contact stays."""
    async with services.pool.connection() as connection:
        await remove_deal_contact(connection, caller, deal_id, link_id)


@get("/deals/{id:str}/contact-suggestions", summary="Whom a deal is probably about", responses=problems(*READING))
async def suggest_deal_contacts(
    deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> Sequence[Suggestion]:
    """Empty for a deal that has a contact; nothing is linked."""
    async with services.pool.connection() as connection:
        return await contact_suggestions(connection, caller.company_id, deal_id, services.clock())


@get("/deals/{id:str}/duplicate-candidates", summary="Deals that may be the same", responses=problems(*READING))
async def find_duplicate_deals(
    deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[DuplicateDeal]:
    """The likeliest first, each with a score and reasons; nothing is merged."""
    async with services.pool.connection() as connection:
        return await duplicate_deals(connection, caller.company_id, deal_id, services.clock())


@post("/deals/{id:str}/merge", status_code=200, summary="Merge duplicates into a deal", responses=problems(*WRITING))
async def merge_into_deal(
    deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[MergeBody]
) -> MergedDeals:
    """What hangs on the duplicates moves to this deal, and they are deleted; its own fields stay."""
    async with services.pool.connection() as connection:
        return await merge_deals(connection, caller, deal_id, data.duplicate_deal_ids, services.clock())


HANDLERS = (
    add_a_deal_contact,
    update_a_deal_contact,
    remove_a_deal_contact,
    suggest_deal_contacts,
    find_duplicate_deals,
    merge_into_deal,
)
