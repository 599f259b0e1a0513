"""What hangs on a deal: its history, appointments, notes, communications, e-mails and attachments."""

from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from slotkeeper.api.openapi import READING, problems
from slotkeeper.api.root.crm.attachments import Attachment, attachments_of
from slotkeeper.api.root.crm.contact_records import EmailLimit, Offset
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.communication import Communication
from slotkeeper.crm.communications import communications_of
from slotkeeper.crm.deal_history import DealActivity, deal_activity, deal_appointments
from slotkeeper.crm.emails import Emails, emails_with
from slotkeeper.crm.meeting import Meeting
from slotkeeper.crm.notes import Note, notes_on
from slotkeeper.crm.parents import Parent
from slotkeeper.records.caller import Caller


@get("/deals/{id:str}/activity", summary="A deal's history", responses=problems(*READING))
async def get_deal_activity(
    deal_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    limit: Annotated[int, QueryParameter(ge=1, le=200)] = 50,
) -> list[DealActivity]:
    """Newest first."""
    async with services.pool.connection() as connection:
        return await deal_activity(connection, caller.company_id, deal_id, limit, services.clock())


@get("/deals/{id:str}/appointments", summary="A deal's appointments", responses=problems(*READING))
async def list_deal_appointments(
    deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Meeting]:
    """Newest first."""
    async with services.pool.connection() as connection:
        return await deal_appointments(connection, caller.company_id, deal_id, services.clock())


@get("/deals/{id:str}/notes", summary="A deal's notes", responses=problems(*READING))
async def list_deal_notes(
    deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Note]:
    """Pinned ones first, then the newest."""
    async with services.pool.connection() as connection:
        return await notes_on(connection, caller.company_id, _deal(deal_id))


@get("/deals/{id:str}/communications", summary="A deal's communications", responses=problems(*READING))
async def list_deal_communications(
    deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Communication]:
    """Newest first; those of its contacts are in it too."""
    async with services.pool.connection() as connection:
        return await communications_of(connection, caller.company_id, _deal(deal_id))


@get("/deals/{id:str}/emails", summary="A deal's e-mails", responses=problems(*READING))
async def list_deal_emails(
    deal_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    limit: EmailLimit = 50,
    offset: Offset = 0,
) -> Emails:
    """Those that were logged as communications, on the deal or its contacts."""
    async with services.pool.connection() as connection:
        return await emails_with(connection, caller.company_id, _deal(deal_id), limit=limit, offset=offset)


@get("/deals/{id:str}/attachments", summary="A deal's attachments", responses=problems(*READING))
async def list_deal_attachments(
    deal_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Attachment]:
    """Always empty: no files are kept."""
    return await attachments_of(services, caller, _deal(deal_id))


def _deal(deal_id: UUID) -> Parent:
    return Parent(field="dealId", id=deal_id)


HANDLERS = (
    get_deal_activity,
    list_deal_appointments,
    list_deal_notes,
    list_deal_communications,
    list_deal_emails,
    list_deal_attachments,
)
