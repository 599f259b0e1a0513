"""Delete contacts: they disappear, and what happened with them stays in the records of appointments and deals."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from slotkeeper.crm.contact import unknown_contact
from slotkeeper.db.pool import Connection, execute


class DeletedContacts(msgspec.Struct, frozen=True, kw_only=True):
    """``skipped`` names no contact of the company, or one that was deleted before."""

    requested: int
    deleted: int
    skipped: int


async def delete_contact(connection: Connection, company_id: UUID, contact_id: UUID) -> None:
    """Raises ``NotFound``."""
    if not await _delete(connection, company_id, [contact_id]):
        raise unknown_contact(contact_id)


async def delete_contacts(connection: Connection, company_id: UUID, contact_ids: Sequence[UUID]) -> DeletedContacts:
    deleted = await _delete(connection, company_id, contact_ids)
    requested = len(contact_ids)
    return DeletedContacts(requested=requested, deleted=deleted, skipped=requested - deleted)


async def _delete(connection: Connection, company_id: UUID, contact_ids: Sequence[UUID]) -> int:
    cursor = await execute(connection, _DELETE, {"company_id": company_id, "ids": list(contact_ids)})
    return cursor.rowcount


# In order, so that two requests that name the same contacts wait for each other.
_DELETE = """
    UPDATE crm_contacts k SET deleted_at = now(), updated_at = now()
    FROM (
        SELECT company_id, id FROM crm_contacts
        WHERE company_id = %(company_id)s AND id = ANY (%(ids)s::uuid[]) AND deleted_at IS NULL
        ORDER BY id FOR UPDATE
    ) locked
    WHERE k.company_id = locked.company_id AND k.id = locked.id
"""
