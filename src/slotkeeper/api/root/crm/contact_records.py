"""What hangs on a contact: its timeline, notes, e-mails and attachments."""

from collections.abc import Sequence
from typing import Annotated, cast, get_args
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from slotkeeper.api.lists import listed
from slotkeeper.api.openapi import READING, problems
from slotkeeper.api.root.crm.attachments import Attachment, attachments_of
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.contact_timeline import EntryType, Timeline, contact_timeline
from slotkeeper.crm.emails import Emails, emails_with
from slotkeeper.crm.notes import Note, notes_on
from slotkeeper.crm.parents import Parent
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Caller

Types = Annotated[
    list[str] | None,
    QueryParameter(description=f"Of {', '.join(get_args(EntryType))}; repeated, or with commas between", max_items=20),
]
EmailLimit = Annotated[int, QueryParameter(ge=1, le=200)]
Offset = Annotated[int, QueryParameter(ge=0, le=1_000_000)]


@get("/contacts/{id:str}/activity", summary="A contact's timeline", responses=problems(*READING))
async def get_contact_activity(
    contact_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    types: Types = None,
    cursor: Annotated[str | None, QueryParameter(max_length=200, description="`nextCursor` of the page before")] = None,
    limit: Annotated[int, QueryParameter(ge=1, le=50)] = 30,
) -> Timeline:
    """Newest first; what hangs on the contact's deals is in it too."""
    wanted = listed(types)
    if unknown := [name for name in wanted if name not in get_args(EntryType)]:
        raise Malformed.field("types", f"unknown: {unknown[0]!r}; there are {', '.join(get_args(EntryType))}")
    async with services.pool.connection() as connection:
        return await contact_timeline(
            connection,
            caller.company_id,
            contact_id,
            types=cast("Sequence[EntryType]", wanted),
            cursor=cursor,
            limit=limit,
        )


@get("/contacts/{id:str}/notes", summary="A contact's notes", responses=problems(*READING))
async def list_contact_notes(
    contact_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Note]:
    """Pinned ones first, then the newest."""
    async with services.pool.connection() as connection:
        return await notes_on(connection, caller.company_id, _contact(contact_id))


@get("/contacts/{id:str}/emails", summary="A contact's e-mails", responses=problems(*READING))
async def list_contact_emails(
    contact_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    limit: EmailLimit = 50,
    offset: Offset = 0,
) -> Emails:
    """Those that were logged as communications, on the contact or its deals."""
    async with services.pool.connection() as connection:
        return await emails_with(connection, caller.company_id, _contact(contact_id), limit=limit, offset=offset)


@get("/contacts/{id:str}/attachments", summary="A contact's attachments", responses=problems(*READING))
async def list_contact_attachments(
    contact_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Attachment]:
    """Always empty: no files are kept."""
    return await attachments_of(services, caller, _contact(contact_id))


def _contact(contact_id: UUID) -> Parent:
    return Parent(field="contactId", id=contact_id)


HANDLERS = (get_contact_activity, list_contact_notes, list_contact_emails, list_contact_attachments)
