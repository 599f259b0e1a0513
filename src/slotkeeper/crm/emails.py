"""E-mails with contacts: those that were logged as communications. No mailbox is read."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.crm.communication import Direction
from slotkeeper.crm.parents import Parent, find_parent
from slotkeeper.crm.reach import REACHED_BY
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound


class Email(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``snippet`` is the first 200 characters. Who sent it is in the contact; ``provider`` is a mailbox's, so null."""

    id: UUID
    subject: str | None
    snippet: str
    from_email: str | None
    to_emails: Sequence[str]
    direction: Direction
    sent_at: datetime
    provider: str | None = None
    contact_id: UUID | None
    deal_id: UUID | None
    created_at: datetime


class Emails(msgspec.Struct, frozen=True, kw_only=True):
    data: Sequence[Email]
    total: int


class EmailBody(msgspec.Struct, frozen=True, kw_only=True):
    html: str | None
    text: str
    attachments: Sequence[str] = ()


class SendCapability(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    can_send: bool
    provider: str | None


NO_MAILBOX = SendCapability(can_send=False, provider=None)


async def emails_with(connection: Connection, company_id: UUID, parent: Parent, *, limit: int, offset: int) -> Emails:
    """Newest first. Raises ``NotFound`` for a parent that is none."""
    await find_parent(connection, company_id, parent)
    params = {"company_id": company_id, "id": parent.id, "limit": limit, "offset": offset}
    found = await fetch(connection, Emails, _LIST.format(reached=REACHED_BY[parent.column]), params)
    return found or Emails(data=(), total=0)


async def email_body(connection: Connection, company_id: UUID, email_id: UUID) -> EmailBody:
    """Raises ``NotFound``."""
    found = await fetch(connection, EmailBody, _BODY, {"company_id": company_id, "id": email_id})
    if found is None:
        raise NotFound(f"e-mail {email_id} not found")
    return found


# The other side is the contact whose mail it is; our side is whoever logged it.
_LIST = """
    WITH mails AS (
        SELECT x.*, k.email AS theirs, u.email AS ours FROM crm_communications x
        LEFT JOIN crm_contacts k ON k.company_id = x.company_id AND k.id = x.contact_id AND k.deleted_at IS NULL
        LEFT JOIN users u ON u.company_id = x.company_id AND u.id = x.logged_by_id
        WHERE x.company_id = %(company_id)s AND x.type = 'email' AND {reached}
    )
    SELECT json_build_object(
        'total', (SELECT count(*) FROM mails),
        'data', (
            SELECT coalesce(json_agg(json_build_object(
                'id', m.id, 'subject', m.subject, 'snippet', left(m.body, 200),
                'fromEmail', CASE m.direction WHEN 'inbound' THEN m.theirs ELSE m.ours END,
                'toEmails', array_remove(ARRAY[CASE m.direction WHEN 'inbound' THEN m.ours ELSE m.theirs END], NULL),
                'direction', m.direction, 'sentAt', m.occurred_at, 'contactId', m.contact_id, 'dealId', m.deal_id,
                'createdAt', m.created_at
            ) ORDER BY m.occurred_at DESC, m.id), '[]')
            FROM (SELECT * FROM mails ORDER BY occurred_at DESC, id LIMIT %(limit)s OFFSET %(offset)s) m
        )
    )::text
"""

_BODY = """
    SELECT json_build_object('html', NULL, 'text', x.body)::text FROM crm_communications x
    WHERE x.company_id = %(company_id)s AND x.id = %(id)s AND x.type = 'email'
"""
