"""Communications: calls, e-mails and messages that somebody logs."""

from typing import Annotated
from uuid import UUID

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.communication import Communication, CommunicationPatch, NewCommunication
from slotkeeper.crm.communications import (
    communications_of,
    delete_communication,
    log_communication,
    update_communication,
)
from slotkeeper.crm.parents import one_parent
from slotkeeper.records.caller import Caller


@get("/communications", summary="List communications", responses=problems(*READING))
async def list_communications(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    contact_id: Annotated[UUID | None, QueryParameter(name="contactId")] = None,
    deal_id: Annotated[UUID | None, QueryParameter(name="dealId")] = None,
    crm_company_id: Annotated[UUID | None, QueryParameter(name="crmCompanyId")] = None,
) -> list[Communication]:
    """Of exactly one contact, deal or company; newest first. A contact's are those of their deals too, and the other
    way round."""
    parent = one_parent(contact_id=contact_id, deal_id=deal_id, crm_company_id=crm_company_id)
    async with services.pool.connection() as connection:
        return await communications_of(connection, caller.company_id, parent)


@post("/communications", summary="Log a communication", responses=problems(*WRITING))
async def log_a_communication(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewCommunication]
) -> Communication:
    """On exactly one contact, deal or company."""
    async with services.pool.connection() as connection:
        return await log_communication(connection, caller, data)


@patch("/communications/{id:str}", summary="Correct a communication", responses=problems(*WRITING))
async def update_a_communication(
    communication_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[CommunicationPatch],
) -> Communication:
    """Only what is given changes."""
    async with services.pool.connection() as connection:
        return await update_communication(connection, caller, communication_id, data)


@delete("/communications/{id:str}", summary="Delete a communication", responses=problems(*READING))
async def delete_a_communication(
    communication_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """For good."""
    async with services.pool.connection() as connection:
        await delete_communication(connection, caller.company_id, communication_id)


HANDLERS = (list_communications, log_a_communication, update_a_communication, delete_a_communication)
