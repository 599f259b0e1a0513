"""Attachments of a contact, a deal or a company: there are none, as no files are kept."""

from uuid import UUID

import msgspec

from slotkeeper.api.services import Services
from slotkeeper.crm.parents import Parent, find_parent
from slotkeeper.records.caller import Caller


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str


async def attachments_of(services: Services, caller: Caller, parent: Parent) -> list[Attachment]:
    """Empty. Raises ``NotFound`` for a parent that is none."""
    async with services.pool.connection() as connection:
        await find_parent(connection, caller.company_id, parent)
    return []
