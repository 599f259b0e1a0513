"""Many at once: contacts and deals in, contacts out."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody
from litestar.types import Guard

from slotkeeper.api.at_most import at_most
from slotkeeper.api.openapi import WRITING, problems
from slotkeeper.api.services import Services
from slotkeeper.crm.delete_contacts import DeletedContacts, delete_contacts
from slotkeeper.crm.import_contacts import ImportedContacts, import_contacts
from slotkeeper.crm.import_deals import DealImport, ImportedDeals, import_deals
from slotkeeper.crm.import_rows import ContactRow
from slotkeeper.records.caller import Caller

THREE_A_MINUTE: list[Guard] = [at_most(3, per=timedelta(minutes=1))]
"""Of each of the two, and of each user (meetergo-v4-api.md 1.5)."""

MAX_BULK_BODY = 4 * 1024 * 1024
"""Bytes: a thousand contacts with notes are more than any other body."""


class BulkContacts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Without ``updateExisting`` contacts whose e-mail address is known stay as they are."""

    contacts: Annotated[Sequence[ContactRow], msgspec.Meta(min_length=1, max_length=1000)]
    update_existing: bool | None = False


class BulkDelete(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    contact_ids: Annotated[Sequence[UUID], msgspec.Meta(min_length=1, max_length=500)]


@post(
    "/bulk",
    summary="Create or update many contacts",
    guards=THREE_A_MINUTE,
    request_max_body_size=MAX_BULK_BODY,
    responses=problems(*WRITING),
)
async def bulk_create_contacts(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[BulkContacts]
) -> ImportedContacts:
    """What is wrong with a row is told in `issues`, and does not stop the others. Up to 4 MiB, three times a minute."""
    async with services.pool.connection() as connection:
        return await import_contacts(connection, caller, data.contacts, update=bool(data.update_existing))


@post(
    "/bulk-delete",
    status_code=200,
    summary="Delete many contacts",
    guards=THREE_A_MINUTE,
    responses=problems(*WRITING),
)
async def bulk_delete_contacts(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[BulkDelete]
) -> DeletedContacts:
    """Ids that name no contact of the company are skipped. Three requests a minute."""
    async with services.pool.connection() as connection:
        return await delete_contacts(connection, caller.company_id, data.contact_ids)


@post(
    "/deals/bulk-import",
    summary="Import deals with their contacts",
    request_max_body_size=MAX_BULK_BODY,
    responses=problems(*WRITING),
)
async def bulk_import_deals(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[DealImport]
) -> ImportedDeals:
    """One deal for each row, in one stage; its contact is found by e-mail address, or made. Bodies up to 4 MiB."""
    async with services.pool.connection() as connection:
        return await import_deals(connection, caller, data)


HANDLERS = (bulk_create_contacts, bulk_delete_contacts, bulk_import_deals)
