"""A contact: a person whom the company knows, with or without an appointment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.crm.texts import Long, Phone, Short, Tags
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound
from slotkeeper.records.email_address import EmailOrEmpty

Line = Short | UnsetType | None


class Address(msgspec.Struct, frozen=True, kw_only=True):
    line1: Line = UNSET
    line2: Line = UNSET
    line3: Line = UNSET
    city: Line = UNSET
    zip: Line = UNSET
    country: Line = UNSET


class Contact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``additionalData`` is whatever people and imports keep of the contact beside its own fields."""

    id: UUID
    first_name: str | None
    last_name: str | None
    email: str | None
    phone_number: str | None
    tags: Sequence[str]
    notes: str | None
    account_owner_id: UUID | None
    crm_company_id: UUID | None
    language: str | None
    address: Address
    title: str | None
    employer: str | None
    seniority: str | None
    function: str | None
    location: str | None
    additional_data: dict[str, Any]
    company_id: UUID
    created_at: datetime
    updated_at: datetime


class ContactPatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays. ``tags`` replaces the list; of ``address`` and ``additionalData`` the given members
    change, and null removes one."""

    first_name: Short | UnsetType | None = UNSET
    last_name: Short | UnsetType | None = UNSET
    email: EmailOrEmpty | UnsetType | None = UNSET
    phone_number: Phone | UnsetType | None = UNSET
    tags: Tags | UnsetType = UNSET
    notes: Long | UnsetType | None = UNSET
    account_owner_id: UUID | UnsetType | None = UNSET
    crm_company_id: UUID | UnsetType | None = UNSET
    language: Annotated[str, msgspec.Meta(max_length=8)] | UnsetType | None = UNSET
    address: Address | UnsetType | None = UNSET
    title: Short | UnsetType | None = UNSET
    employer: Short | UnsetType | None = UNSET
    seniority: Short | UnsetType | None = UNSET
    function: Short | UnsetType | None = UNSET
    location: Short | UnsetType | None = UNSET
    additional_data: dict[str, Any] | UnsetType | None = UNSET


class NewContact(ContactPatch, frozen=True, kw_only=True):
    """``email`` or ``phoneNumber`` is needed. An ``accountOwnerId`` that is left out is the caller, null is nobody."""


async def get_contact(connection: Connection, company_id: UUID, contact_id: UUID) -> Contact:
    """Raises ``NotFound`` alike for an unknown id, a deleted contact and another company's."""
    found = await fetch(connection, Contact, _GET, {"company_id": company_id, "id": contact_id})
    if found is None:
        raise unknown_contact(contact_id)
    return found


def unknown_contact(contact_id: UUID) -> NotFound:
    return NotFound(f"contact {contact_id} not found")


CONTACT_JSON = """json_build_object(
    'id', k.id, 'firstName', k.first_name, 'lastName', k.last_name, 'email', k.email, 'phoneNumber', k.phone_number,
    'tags', k.tags, 'notes', k.notes, 'accountOwnerId', k.account_owner_id, 'crmCompanyId', kc.id,
    'language', k.language, 'address', k.address, 'title', k.title, 'employer', k.employer, 'seniority', k.seniority,
    'function', k.function, 'location', k.location, 'additionalData', k.additional_data, 'companyId', k.company_id,
    'createdAt', k.created_at, 'updatedAt', k.updated_at
)"""
"""Expects ``k`` (crm_contacts) and ``CONTACT_JOINS``."""

CONTACT_JOINS = """
    LEFT JOIN crm_companies kc ON kc.company_id = k.company_id AND kc.id = k.crm_company_id AND kc.deleted_at IS NULL
"""

_GET = f"""
    SELECT ({CONTACT_JSON})::text FROM crm_contacts k {CONTACT_JOINS}
    WHERE k.company_id = %(company_id)s AND k.id = %(id)s AND k.deleted_at IS NULL
"""
