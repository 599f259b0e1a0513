"""A company that is sold to, in a tenant's CRM."""

import re
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.crm.deal import Person, person
from slotkeeper.crm.texts import Long, Name, Phone, Short
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound

Size = Literal["1-10", "11-50", "51-200", "201-500", "501-1000", "1001+"]
Industry = Annotated[str, msgspec.Meta(max_length=100)]
Website = Annotated[str, msgspec.Meta(max_length=500)]
City = Annotated[str, msgspec.Meta(max_length=100)]
Zip = Annotated[str, msgspec.Meta(max_length=20)]


class CompanyAddress(msgspec.Struct, frozen=True, kw_only=True):
    line1: str | None
    line2: str | None
    city: str | None
    zip: str | None
    country: str | None


class Company(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``companyId`` is whose CRM it is in. ``totalDealsValue`` adds its deals whatever their currency."""

    id: UUID
    name: str
    domain: str | None
    industry: str | None
    size: Size | None
    website: str | None
    phone_number: str | None
    address: CompanyAddress
    notes: str | None
    owner_id: UUID | None
    owner: Person | None
    custom_fields: dict[str, Any]
    contacts_count: int
    deals_count: int
    total_deals_value: float
    company_id: UUID
    created_at: datetime
    updated_at: datetime


class CompanyPatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays, null clears; of ``customFields`` the given members change."""

    name: Name | UnsetType = UNSET
    domain: Short | UnsetType | None = UNSET
    industry: Industry | UnsetType | None = UNSET
    size: Size | UnsetType | None = UNSET
    website: Website | UnsetType | None = UNSET
    phone_number: Phone | UnsetType | None = UNSET
    address_line1: Short | UnsetType | None = UNSET
    address_line2: Short | UnsetType | None = UNSET
    address_city: City | UnsetType | None = UNSET
    address_zip: Zip | UnsetType | None = UNSET
    address_country: City | UnsetType | None = UNSET
    notes: Long | UnsetType | None = UNSET
    owner_id: UUID | UnsetType | None = UNSET
    custom_fields: dict[str, Any] | UnsetType | None = UNSET


class NewCompany(CompanyPatch, frozen=True, kw_only=True):
    """``name`` is needed. An ``ownerId`` that is left out is the caller, null is nobody."""

    name: Name


async def get_company(connection: Connection, company_id: UUID, crm_company_id: UUID) -> Company:
    """Raises ``NotFound`` alike for an unknown id, a deleted company and another tenant's."""
    found = await fetch(connection, Company, _GET, {"company_id": company_id, "id": crm_company_id})
    if found is None:
        raise unknown_company(crm_company_id)
    return found


def unknown_company(crm_company_id: UUID) -> NotFound:
    return NotFound(f"company {crm_company_id} not found")


def bare_domain(text: str) -> str:
    """``https://www.Example.com/about`` is ``example.com``."""
    return re.sub(r"^(?:[a-z][a-z0-9+.-]*://)?(?:www\.)?", "", text.strip().lower()).split("/")[0].split("?")[0]


COMPANY_JSON = f"""json_build_object(
    'id', m.id, 'name', m.name, 'domain', m.domain, 'industry', m.industry, 'size', m.size, 'website', m.website,
    'phoneNumber', m.phone_number,
    'address', json_build_object(
        'line1', m.address_line1, 'line2', m.address_line2, 'city', m.address_city, 'zip', m.address_zip,
        'country', m.address_country
    ),
    'notes', m.notes, 'ownerId', m.owner_id, 'owner', {person("mu")}, 'customFields', m.custom_fields,
    'contactsCount', (
        SELECT count(*) FROM crm_contacts c
        WHERE c.company_id = m.company_id AND c.crm_company_id = m.id AND c.deleted_at IS NULL
    ),
    'dealsCount', deals.count, 'totalDealsValue', deals.value, 'companyId', m.company_id,
    'createdAt', m.created_at, 'updatedAt', m.updated_at
)"""
"""Expects ``m`` (crm_companies) and ``COMPANY_JOINS``."""

COMPANY_JOINS = """
    LEFT JOIN users mu ON mu.company_id = m.company_id AND mu.id = m.owner_id
    CROSS JOIN LATERAL (
        SELECT count(*), coalesce(sum(d.value), 0) AS value FROM crm_deals d
        WHERE d.company_id = m.company_id AND d.crm_company_id = m.id AND d.deleted_at IS NULL
    ) deals
"""

_GET = f"""
    SELECT ({COMPANY_JSON})::text FROM crm_companies m {COMPANY_JOINS}
    WHERE m.company_id = %(company_id)s AND m.id = %(id)s AND m.deleted_at IS NULL
"""
