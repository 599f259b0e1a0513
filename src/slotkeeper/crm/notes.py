"""Notes on a contact, a deal or a company."""

from datetime import datetime
from typing import Annotated
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.crm.given import assignments, given
from slotkeeper.crm.parents import Parent, find_parent, one_parent, require_parent
from slotkeeper.db.pool import Connection, execute, fetch, fetch_all
from slotkeeper.errors import NotFound
from slotkeeper.records.caller import Caller

Content = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]


class Note(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    content: str
    is_pinned: bool
    deal_id: UUID | None
    contact_id: UUID | None
    crm_company_id: UUID | None
    author_id: UUID | None
    created_at: datetime
    updated_at: datetime


class NewNote(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """On exactly one of the three."""

    content: Content
    is_pinned: bool = False
    deal_id: UUID | None = None
    contact_id: UUID | None = None
    crm_company_id: UUID | None = None


class NotePatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    content: Content | UnsetType = UNSET
    is_pinned: bool | UnsetType = UNSET


async def notes_on(connection: Connection, company_id: UUID, parent: Parent) -> list[Note]:
    """Pinned ones first, then newest first. Raises ``NotFound`` for a parent that is none."""
    await find_parent(connection, company_id, parent)
    return await fetch_all(
        connection, Note, _ON.format(column=parent.column), {"company_id": company_id, "id": parent.id}
    )


async def create_note(connection: Connection, caller: Caller, new: NewNote) -> Note:
    """Raises ``Malformed`` unless it hangs on exactly one thing of the company."""
    parent = one_parent(contact_id=new.contact_id, deal_id=new.deal_id, crm_company_id=new.crm_company_id)
    note_id = uuid4()
    params = {"company_id": caller.company_id, "id": note_id, "author_id": caller.user_id, **parent.columns}
    async with connection.transaction():
        await require_parent(connection, caller.company_id, parent)
        await execute(connection, _INSERT, {**params, "content": new.content, "is_pinned": new.is_pinned})
        return await get_note(connection, caller.company_id, note_id)


async def get_note(connection: Connection, company_id: UUID, note_id: UUID) -> Note:
    """Raises ``NotFound``."""
    found = await fetch(connection, Note, _GET, {"company_id": company_id, "id": note_id})
    if found is None:
        raise NotFound(f"note {note_id} not found")
    return found


async def update_note(connection: Connection, company_id: UUID, note_id: UUID, patch: NotePatch) -> Note:
    """Raises ``NotFound``."""
    sets, params = assignments(given(patch))
    await execute(connection, _UPDATE.format(sets=sets), {**params, "company_id": company_id, "id": note_id})
    return await get_note(connection, company_id, note_id)


async def delete_note(connection: Connection, company_id: UUID, note_id: UUID) -> None:
    """Raises ``NotFound``."""
    if (await execute(connection, _DELETE, {"company_id": company_id, "id": note_id})).rowcount == 0:
        raise NotFound(f"note {note_id} not found")


_NOTE_JSON = """json_build_object(
    'id', n.id, 'content', n.content, 'isPinned', n.is_pinned, 'dealId', n.deal_id, 'contactId', n.contact_id,
    'crmCompanyId', n.crm_company_id, 'authorId', n.author_id, 'createdAt', n.created_at, 'updatedAt', n.updated_at
)::text"""

_ON = f"""
    SELECT {_NOTE_JSON} FROM crm_notes n WHERE n.company_id = %(company_id)s AND n.{{column}} = %(id)s
    ORDER BY n.is_pinned DESC, n.created_at DESC, n.id LIMIT 1000
"""

_GET = f"SELECT {_NOTE_JSON} FROM crm_notes n WHERE n.company_id = %(company_id)s AND n.id = %(id)s"

_INSERT = """
    INSERT INTO crm_notes (company_id, id, content, is_pinned, deal_id, contact_id, crm_company_id, author_id)
    VALUES (
        %(company_id)s, %(id)s, %(content)s, %(is_pinned)s, %(deal_id)s, %(contact_id)s, %(crm_company_id)s,
        %(author_id)s
    )
"""

_UPDATE = "UPDATE crm_notes SET {sets} WHERE company_id = %(company_id)s AND id = %(id)s"

_DELETE = "DELETE FROM crm_notes WHERE company_id = %(company_id)s AND id = %(id)s"
