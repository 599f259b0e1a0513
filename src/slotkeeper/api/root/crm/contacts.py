"""Contacts: find, see, create, change, delete."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter

from slotkeeper.api.lists import listed
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.root.crm.paging import Id, Limit, OwnerId, PageJson, PageNumber, numbers
from slotkeeper.api.services import Services
from slotkeeper.crm.contact import Contact, ContactPatch, NewContact
from slotkeeper.crm.contact_details import ContactDetails, contact_details
from slotkeeper.crm.delete_contacts import delete_contact
from slotkeeper.crm.list_contacts import ContactSearch, ListedContact, SortBy, list_contacts
from slotkeeper.crm.page import Page, SortOrder
from slotkeeper.crm.write_contact import create_contact, update_contact
from slotkeeper.records.caller import Caller

Tags = Annotated[
    list[str] | None, QueryParameter(description="One of these; repeated, or with commas between", max_items=100)
]


class ContactsJson(PageJson, frozen=True, kw_only=True):
    result: Sequence[ListedContact]


class ContactJson(msgspec.Struct, frozen=True, kw_only=True):
    item: Contact


@get("/", summary="Find contacts", responses=problems(*READING))
async def find_contacts(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    search_term: Annotated[str, QueryParameter(name="searchTerm", max_length=200)] = "",
    tags: Tags = None,
    owner_id: OwnerId = None,
    sort_by: Annotated[SortBy, QueryParameter(name="sortBy")] = "createdAt",
    sort_order: Annotated[SortOrder, QueryParameter(name="sortOrder")] = "DESC",
    page: PageNumber = 1,
    limit: Limit = 50,
) -> ContactsJson:
    """Every word of `searchTerm` has to be in a name, the e-mail address or the telephone number."""
    wanted = Page(number=page, limit=limit)
    search = ContactSearch(
        page=wanted,
        search_term=search_term,
        tags=listed(tags),
        owner_id=owner_id,
        sort_by=sort_by,
        sort_order=sort_order,
    )
    async with services.pool.connection() as connection:
        found = await list_contacts(connection, caller.company_id, search)
    return ContactsJson(result=found.rows, **numbers(wanted, found.total))


@get("/details", summary="A contact with its appointments and answers", responses=problems(*READING))
async def get_contact_details(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    contact_id: Annotated[UUID | None, QueryParameter(name="contactId")] = None,
    attendee_id: Annotated[UUID | None, QueryParameter(name="attendeeId", description="Of an appointment")] = None,
) -> ContactDetails:
    """By `contactId`, or by the `attendeeId` of somebody in an appointment."""
    async with services.pool.connection() as connection:
        return await contact_details(connection, caller.company_id, contact_id, attendee_id)


@post("/", summary="Create a contact", responses=problems(*WRITING))
async def create_a_contact(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewContact]
) -> ContactJson:
    """Needs `email` or `phoneNumber`. 409 `contact-exists` where another contact has the e-mail address."""
    async with services.pool.connection() as connection:
        return ContactJson(item=await create_contact(connection, caller, data))


@patch("/{id:str}", summary="Change a contact", responses=problems(*WRITING))
async def update_a_contact(
    contact_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[ContactPatch],
) -> Contact:
    """Only what is given changes; `tags` replaces the list. 409 `contact-exists` as above."""
    async with services.pool.connection() as connection:
        return await update_contact(connection, caller, contact_id, data)


@delete("/{id:str}", summary="Delete a contact", responses=problems(*READING))
async def delete_a_contact(
    contact_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """It disappears; appointments and deals stay as they were."""
    async with services.pool.connection() as connection:
        await delete_contact(connection, caller.company_id, contact_id)


HANDLERS = (find_contacts, get_contact_details, create_a_contact, update_a_contact, delete_a_contact)
