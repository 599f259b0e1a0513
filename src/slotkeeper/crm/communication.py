"""A communication: a call, an e-mail or a message that somebody logged."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.crm.texts import Moment, Short

CommunicationType = Literal["whatsapp", "email", "call", "sms"]
Direction = Literal["inbound", "outbound"]
CallOutcome = Literal["connected", "no_answer", "voicemail", "busy"]
Body = Annotated[str, msgspec.Meta(max_length=100_000)]
Seconds = Annotated[int, msgspec.Meta(ge=0, le=1_000_000)]


class Communication(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``outcome`` is a call's."""

    id: UUID
    type: CommunicationType
    direction: Direction
    subject: str | None
    body: str
    duration_seconds: int | None
    outcome: CallOutcome | None
    external_id: str | None = None
    """Never set: nothing is read from outside mailboxes."""
    deal_id: UUID | None
    contact_id: UUID | None
    crm_company_id: UUID | None
    logged_by_id: UUID | None
    logged_by_name: str | None
    occurred_at: datetime
    created_at: datetime
    updated_at: datetime


class NewCommunication(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """On exactly one of the three."""

    type: CommunicationType
    direction: Direction
    body: Body
    occurred_at: Moment
    subject: Short | None = None
    duration_seconds: Seconds | None = None
    outcome: CallOutcome | None = None
    deal_id: UUID | None = None
    contact_id: UUID | None = None
    crm_company_id: UUID | None = None


class CommunicationPatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays, null clears; what it hangs on stays."""

    type: CommunicationType | UnsetType = UNSET
    direction: Direction | UnsetType = UNSET
    body: Body | UnsetType = UNSET
    occurred_at: Moment | UnsetType = UNSET
    subject: Short | UnsetType | None = UNSET
    duration_seconds: Seconds | UnsetType | None = UNSET
    outcome: CallOutcome | UnsetType | None = UNSET


COMMUNICATION_JSON = """json_build_object(
    'id', x.id, 'type', x.type, 'direction', x.direction, 'subject', x.subject, 'body', x.body,
    'durationSeconds', x.duration_seconds, 'outcome', x.outcome, 'dealId', x.deal_id, 'contactId', x.contact_id,
    'crmCompanyId', x.crm_company_id, 'loggedById', x.logged_by_id,
    'loggedByName', btrim(xu.given_name || ' ' || xu.family_name), 'occurredAt', x.occurred_at,
    'createdAt', x.created_at, 'updatedAt', x.updated_at
)::text"""
"""Expects ``x`` (crm_communications) and ``COMMUNICATION_JOINS``."""

COMMUNICATION_JOINS = "LEFT JOIN users xu ON xu.company_id = x.company_id AND xu.id = x.logged_by_id"
