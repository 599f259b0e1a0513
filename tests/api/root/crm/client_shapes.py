"""What clients read of the CRM: strict types for every member that they know, nulls where they allow.

After the output schemas of the MCP clients and the reads of the n8n node (meetergo-v4-api.md 3.2, 3.3). Decoded
strictly: a number where they expect a text fails.
"""

from typing import Any

import msgspec

Str = str | None
Num = float | None
Record = dict[str, Any]


class Shape(msgspec.Struct, rename="camel"):
    pass


class Contact(Shape):
    id: str
    first_name: Str
    last_name: Str
    email: Str
    phone_number: Str
    tags: list[str]
    notes: Str
    account_owner_id: Str
    crm_company_id: Str
    language: Str
    address: Record | None
    title: Str
    employer: Str
    seniority: Str
    function: Str
    location: Str
    additional_data: Record | None
    created_at: str


class Item(Shape):
    """As the n8n node reads it."""

    item: Contact


class Row(Shape):
    """``item`` as the n8n node reads it; the members beside it as an MCP client reads a row."""

    item: Contact
    appointments: list[Record]
    id: str
    first_name: Str
    last_name: Str
    email: Str
    phone_number: Str
    crm_company_id: Str


class Contacts(Shape):
    result: list[Row]
    total: int
    total_pages: int
    page: int


class Details(Shape):
    item: Contact
    appointments: list[Record]
    form_answers: list[Record]


class Imported(Shape):
    created: int
    updated: int
    skipped: int
    failed: int
    issues: list[Record]


class Deleted(Shape):
    requested: int
    deleted: int
    skipped: int


class Entry(Shape):
    id: str
    type: str
    source: Str
    occurred_at: str
    title: Str
    summary: Str
    direction: Str
    status: Str
    owner: Record | None
    deal: Record | None


class Timeline(Shape):
    items: list[Entry]
    next_cursor: Str
    has_more: bool


class Email(Shape):
    id: str
    subject: Str
    snippet: Str
    from_email: Str
    to_emails: list[str]
    direction: Str
    sent_at: str
    provider: Str
    contact_id: Str
    deal_id: Str
    created_at: Str


class Emails(Shape):
    data: list[Email]
    total: int


class EmailBody(Shape):
    html: Str
    text: Str
    attachments: list[Record]


class Capability(Shape):
    can_send: bool
    provider: Str


class Stage(Shape):
    id: str
    name: str
    color: str
    order: float
    is_won: bool
    is_lost: bool
    win_probability: Num
    rotting_days: Num
    required_custom_fields: list[str]
    pipeline_id: str
    sales_milestone: Str


class Pipeline(Shape):
    id: str
    name: str
    is_default: bool
    company_id: str
    stages: list[Stage]
    created_at: str
    updated_at: str


class DealContact(Shape):
    id: str
    deal_id: str
    contact_id: str
    role: str
    is_primary: bool
    contact: Record
    created_at: str


class Deal(Shape):
    id: str
    name: str
    value: Num
    currency: Str
    expected_close_date: Str
    notes: Str
    crm_company_id: Str
    contact_id: Str
    pipeline_id: str
    stage_id: str
    owner_id: Str
    company_id: str
    lost_reason: Str
    lost_reason_note: Str
    won_at: Str
    lost_at: Str
    entered_stage_at: str
    is_rotting: bool
    custom_fields: Record
    crm_company: Record | None
    contact: Record | None
    stage: Record
    owner: Record | None
    contacts: list[DealContact]
    created_at: str
    updated_at: str


class Deals(Shape):
    deals: list[Deal]
    total: int
    page: int
    limit: int
    total_pages: int


class DealActivity(Shape):
    id: str
    deal_id: str
    activity_type: str
    from_stage_id: Str
    from_stage_name: Str
    to_stage_id: Str
    to_stage_name: Str
    changed_by_id: Str
    changed_by_name: Str
    metadata: Record
    changed_at: str


class DealSummary(Shape):
    total_deals: int
    total_value: float
    weighted_forecast: float
    open_deals: int
    won_deals: int
    lost_deals: int
    currencies: list[Record]
    display_currency: str
    by_stage: list[Record]


class Limits(Shape):
    count: int
    limit: int


class Merged(Shape):
    deal_id: str
    merged_count: int
    moved: dict[str, int]


class ImportedDeals(Shape):
    contacts_created: int
    contacts_updated: int
    contacts_skipped: int
    deals_created: int
    deals_skipped: int
    failed: int
    issues: list[Record]
