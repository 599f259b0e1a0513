"""The bodies of webhooks that tell of no appointment, flat with ``webhookType`` first (docs/decisions/0062)."""

from datetime import datetime
from uuid import UUID

import msgspec


class WebhookNewEmployee(msgspec.Struct, frozen=True, rename="camel", tag_field="webhookType", tag="new_employee"):
    """A user as the company's list of users shows them."""

    id: UUID
    email: str
    given_name: str
    family_name: str
    full_name: str
    slug: str
    timezone: str
    language: str
    is_admin: bool
    user_type: str
    company_id: UUID
    created_at: datetime


class WebhookCredentialError(
    msgspec.Struct, frozen=True, rename="camel", tag_field="webhookType", tag="credential_error"
):
    """A connected account that will not work again by itself; ``userId`` null: the company's."""

    id: UUID
    provider: str
    user_id: UUID | None
    company_id: UUID
    occurred_at: datetime
