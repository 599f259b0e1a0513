"""Find contacts: by words, tags and owner, a page at a time."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.crm.contact import CONTACT_JOINS, CONTACT_JSON, Contact
from slotkeeper.crm.meeting import Meeting, meetings_of
from slotkeeper.crm.page import Page, SortOrder, page_sql
from slotkeeper.crm.words import matching
from slotkeeper.db.pool import Connection, fetch

SortBy = Literal["firstName", "lastName", "email", "createdAt"]
_MEETINGS_SHOWN = 10


class ContactSearch(msgspec.Struct, frozen=True, kw_only=True):
    """Every word of ``search_term`` is in a name, the address or the telephone number; one of the ``tags`` fits."""

    page: Page
    search_term: str = ""
    tags: Sequence[str] = ()
    owner_id: UUID | None = None
    sort_by: SortBy = "createdAt"
    sort_order: SortOrder = "DESC"


class ListedContact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``item`` is the contact, with its ten newest ``appointments``.

    The members beside them repeat the contact's, for clients that read a row as the contact itself.
    """

    item: Contact
    appointments: Sequence[Meeting]
    id: UUID
    first_name: str | None
    last_name: str | None
    email: str | None
    phone_number: str | None
    crm_company_id: UUID | None


class FoundContacts(msgspec.Struct, frozen=True, kw_only=True):
    rows: Sequence[ListedContact]
    total: int


async def list_contacts(connection: Connection, company_id: UUID, search: ContactSearch) -> FoundContacts:
    where, params = matching("k.words", search.search_term)
    where += ["k.tags && %(tags)s::text[]"] if search.tags else []
    where += ["k.account_owner_id = %(owner_id)s"] if search.owner_id else []
    sql = page_sql(
        table="crm_contacts",
        alias="k",
        joins=CONTACT_JOINS,
        where=["k.company_id = %(company_id)s", "k.deleted_at IS NULL", *where],
        order=f"{_COLUMNS[search.sort_by]} {search.sort_order}, k.id {search.sort_order}",
        document=_LISTED_JSON,
    )
    params |= {"company_id": company_id, "tags": list(search.tags), "owner_id": search.owner_id}
    params |= {"limit": search.page.limit, "offset": search.page.offset}
    return await fetch(connection, FoundContacts, sql, params) or FoundContacts(rows=(), total=0)


_COLUMNS: dict[SortBy, str] = {
    "firstName": "lower(k.first_name)",
    "lastName": "lower(k.last_name)",
    "email": "lower(k.email)",
    "createdAt": "k.created_at",
}

_LISTED_JSON = f"""json_build_object(
    'item', {CONTACT_JSON}, 'appointments', {meetings_of("k", at_most=_MEETINGS_SHOWN)},
    'id', k.id, 'firstName', k.first_name, 'lastName', k.last_name, 'email', k.email,
    'phoneNumber', k.phone_number, 'crmCompanyId', kc.id
)"""
