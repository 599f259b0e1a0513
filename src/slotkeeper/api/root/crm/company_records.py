"""What hangs on a company: its contacts, deals, meetings, notes and attachments."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency

from slotkeeper.api.openapi import READING, problems
from slotkeeper.api.root.crm.attachments import Attachment, attachments_of
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.company import get_company
from slotkeeper.crm.company_records import MeetingHistory, company_contacts, meeting_history
from slotkeeper.crm.contact import Contact
from slotkeeper.crm.deal import Deal
from slotkeeper.crm.list_deals import deals_of_company
from slotkeeper.crm.notes import Note, notes_on
from slotkeeper.crm.parents import Parent
from slotkeeper.records.caller import Caller


@get("/companies/{id:str}/contacts", summary="A company's contacts", responses=problems(*READING))
async def list_company_contacts(
    crm_company_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Contact]:
    """Newest first, a thousand at most."""
    async with services.pool.connection() as connection:
        return await company_contacts(connection, caller.company_id, crm_company_id)


@get("/companies/{id:str}/deals", summary="A company's deals", responses=problems(*READING))
async def list_company_deals(
    crm_company_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Deal]:
    """Across all pipelines, newest first, a thousand at most."""
    async with services.pool.connection() as connection:
        await get_company(connection, caller.company_id, crm_company_id)
        return await deals_of_company(connection, caller.company_id, crm_company_id, services.clock())


@get("/companies/{id:str}/meeting-history", summary="A company's meetings in numbers", responses=problems(*READING))
async def get_company_meeting_history(
    crm_company_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> MeetingHistory:
    """Of its contacts' appointments that were not cancelled."""
    async with services.pool.connection() as connection:
        return await meeting_history(connection, caller.company_id, crm_company_id)


@get("/companies/{id:str}/notes", summary="A company's notes", responses=problems(*READING))
async def list_company_notes(
    crm_company_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Note]:
    """Pinned ones first, then the newest."""
    async with services.pool.connection() as connection:
        return await notes_on(connection, caller.company_id, _company(crm_company_id))


@get("/companies/{id:str}/attachments", summary="A company's attachments", responses=problems(*READING))
async def list_company_attachments(
    crm_company_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Attachment]:
    """Always empty: no files are kept."""
    return await attachments_of(services, caller, _company(crm_company_id))


def _company(crm_company_id: UUID) -> Parent:
    return Parent(field="crmCompanyId", id=crm_company_id)


HANDLERS = (
    list_company_contacts,
    list_company_deals,
    get_company_meeting_history,
    list_company_notes,
    list_company_attachments,
)
