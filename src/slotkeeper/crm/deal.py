"""A deal: what may be sold to whom, and how far it has come."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal
from uuid import UUID

import msgspec

from slotkeeper.crm.pipeline import STAGE_JSON, Stage
from slotkeeper.db.deals import By
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import NotFound
from slotkeeper.records.caller import Caller

Role = Literal["primary", "decision_maker", "influencer", "user", "other"]


class Person(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A user of the company, who owns something or has to do it."""

    id: UUID
    given_name: str
    family_name: str
    full_name: str
    email: str


class LinkedContact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    first_name: str | None
    last_name: str | None
    email: str | None
    phone_number: str | None


class LinkedCompany(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str
    domain: str | None


class DealContact(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``id`` is the link's own."""

    id: UUID
    deal_id: UUID
    contact_id: UUID
    role: Role
    is_primary: bool
    contact: LinkedContact
    created_at: datetime


class Deal(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``contactId`` is the primary one of ``contacts``. ``isRotting``: longer in its stage than that allows."""

    id: UUID
    name: str
    value: float | None
    currency: str
    expected_close_date: date | None
    notes: str | None
    crm_company_id: UUID | None
    contact_id: UUID | None
    pipeline_id: UUID
    stage_id: UUID
    owner_id: UUID | None
    company_id: UUID
    lost_reason: str | None
    lost_reason_note: str | None
    won_at: datetime | None
    lost_at: datetime | None
    entered_stage_at: datetime
    is_rotting: bool
    custom_fields: dict[str, Any]
    crm_company: LinkedCompany | None
    contact: LinkedContact | None
    stage: Stage
    owner: Person | None
    contacts: Sequence[DealContact]
    created_at: datetime
    updated_at: datetime


async def get_deal(connection: Connection, company_id: UUID, deal_id: UUID, now: datetime) -> Deal:
    """Raises ``NotFound`` alike for an unknown id, a deleted deal and another company's."""
    found = await fetch(connection, Deal, _GET, {"company_id": company_id, "id": deal_id, "now": now})
    if found is None:
        raise unknown_deal(deal_id)
    return found


async def lock_deal(connection: Connection, company_id: UUID, deal_id: UUID) -> None:
    """Until the transaction ends, nobody else changes it. Raises ``NotFound``."""
    cursor = await execute(connection, _LOCK, {"company_id": company_id, "id": deal_id})
    if await cursor.fetchone() is None:
        raise unknown_deal(deal_id)


def unknown_deal(deal_id: UUID) -> NotFound:
    return NotFound(f"deal {deal_id} not found")


def by(caller: Caller) -> By:
    return By(id=caller.user_id, name=caller.user_name)


def linked_contact(alias: str) -> str:
    return f"""json_build_object(
        'id', {alias}.id, 'firstName', {alias}.first_name, 'lastName', {alias}.last_name, 'email', {alias}.email,
        'phoneNumber', {alias}.phone_number
    )"""


def person(alias: str) -> str:
    """SQL; null where the joined user is."""
    return f"""CASE WHEN {alias}.id IS NOT NULL THEN json_build_object(
        'id', {alias}.id, 'givenName', {alias}.given_name, 'familyName', {alias}.family_name,
        'fullName', btrim({alias}.given_name || ' ' || {alias}.family_name), 'email', {alias}.email
    ) END"""


DEAL_CONTACT_JSON = f"""json_build_object(
    'id', l.id, 'dealId', l.deal_id, 'contactId', l.contact_id, 'role', l.role, 'isPrimary', l.is_primary,
    'contact', {linked_contact("lk")}, 'createdAt', l.created_at
)"""
"""Expects ``l`` (crm_deal_contacts) and ``lk``, its contact."""

DEAL_JSON = f"""json_build_object(
    'id', d.id, 'name', d.name, 'value', d.value, 'currency', d.currency, 'expectedCloseDate', d.expected_close_date,
    'notes', d.notes, 'crmCompanyId', dc.id, 'contactId', dk.id, 'pipelineId', d.pipeline_id, 'stageId', d.stage_id,
    'ownerId', d.owner_id, 'companyId', d.company_id, 'lostReason', d.lost_reason,
    'lostReasonNote', d.lost_reason_note, 'wonAt', d.won_at, 'lostAt', d.lost_at,
    'enteredStageAt', d.entered_stage_at,
    'isRotting', d.won_at IS NULL AND d.lost_at IS NULL
        AND coalesce(d.entered_stage_at + make_interval(days => s.rotting_days) < %(now)s, false),
    'customFields', d.custom_fields,
    'crmCompany', CASE WHEN dc.id IS NOT NULL THEN json_build_object(
        'id', dc.id, 'name', dc.name, 'domain', dc.domain
    ) END,
    'contact', CASE WHEN dk.id IS NOT NULL THEN {linked_contact("dk")} END,
    'stage', {STAGE_JSON},
    'owner', {person("du")},
    'contacts', (
        SELECT coalesce(json_agg({DEAL_CONTACT_JSON} ORDER BY l.is_primary DESC, l.created_at, l.id), '[]')
        FROM crm_deal_contacts l
        JOIN crm_contacts lk ON lk.company_id = l.company_id AND lk.id = l.contact_id AND lk.deleted_at IS NULL
        WHERE l.company_id = d.company_id AND l.deal_id = d.id
    ),
    'createdAt', d.created_at, 'updatedAt', d.updated_at
)"""
"""Expects ``d`` (crm_deals), ``DEAL_JOINS`` and ``%(now)s``."""

DEAL_JOINS = """
    JOIN crm_stages s ON s.company_id = d.company_id AND s.id = d.stage_id
    LEFT JOIN crm_companies dc ON dc.company_id = d.company_id AND dc.id = d.crm_company_id AND dc.deleted_at IS NULL
    LEFT JOIN crm_deal_contacts dl ON dl.company_id = d.company_id AND dl.deal_id = d.id AND dl.is_primary
    LEFT JOIN crm_contacts dk ON dk.company_id = d.company_id AND dk.id = dl.contact_id AND dk.deleted_at IS NULL
    LEFT JOIN users du ON du.company_id = d.company_id AND du.id = d.owner_id
"""

_ONE = "d.company_id = %(company_id)s AND d.id = %(id)s AND d.deleted_at IS NULL"

_GET = f"SELECT ({DEAL_JSON})::text FROM crm_deals d {DEAL_JOINS} WHERE {_ONE}"

_LOCK = f"SELECT d.id FROM crm_deals d WHERE {_ONE} FOR UPDATE"
