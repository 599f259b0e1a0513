"""Everything that happened with a contact, newest first: meetings, answers, notes, tasks and communications.

What hangs on the contact's deals is theirs too.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.crm.contact import get_contact
from slotkeeper.crm.cursor import Cursor, read, written
from slotkeeper.crm.reach import REACHED_BY
from slotkeeper.db.pool import Connection, fetch_all

EntryType = Literal["meeting", "email", "form", "note", "task", "communication", "conversation"]


class EntryOwner(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    full_name: str


class EntryDeal(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str


class TimelineEntry(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``source`` is where the entry is kept; ``deal`` is set where it hangs on a deal and not on the contact itself."""

    id: UUID
    type: EntryType
    source: str
    occurred_at: datetime
    title: str
    summary: str | None
    direction: str | None
    status: str | None
    owner: EntryOwner | None
    deal: EntryDeal | None


class Timeline(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    items: Sequence[TimelineEntry]
    next_cursor: str | None
    has_more: bool


async def contact_timeline(
    connection: Connection,
    company_id: UUID,
    contact_id: UUID,
    *,
    types: Collection[EntryType] = (),
    cursor: str | None = None,
    limit: int = 30,
) -> Timeline:
    """Of all types where none is named. Raises ``NotFound``, and ``Malformed`` for a cursor that was never given."""
    after = read(cursor) if cursor else None
    await get_contact(connection, company_id, contact_id)
    chosen = [sql for name, sql in _ENTRIES.items() if name in types or not types]
    if not chosen:
        return Timeline(items=(), next_cursor=None, has_more=False)
    params = {
        "company_id": company_id,
        "id": contact_id,
        "before": after and after.occurred_at,
        "before_id": after and after.id,
        "limit": limit + 1,
    }
    found = await fetch_all(connection, TimelineEntry, _TIMELINE.format(entries=" UNION ALL ".join(chosen)), params)
    more = len(found) > limit
    last = found[limit - 1] if more else None
    return Timeline(
        items=found[:limit],
        next_cursor=written(Cursor(last.occurred_at, last.id)) if last else None,
        has_more=more,
    )


_OWN = f"x.company_id = %(company_id)s AND {REACHED_BY['contact_id']}"

_ENTRIES: dict[EntryType, str] = {
    "meeting": """
        SELECT y.id, 'meeting' AS type, 'appointment' AS source, y.start_at AS occurred_at, y.title,
            NULL::text AS summary, NULL::text AS direction, y.outcome AS status, a.host_ids[1] AS owner_id,
            NULL::uuid AS deal_id
        FROM crm_activities y JOIN appointments a ON a.company_id = y.company_id AND a.id = y.appointment_id
        WHERE y.company_id = %(company_id)s AND y.contact_id = %(id)s
    """,
    "form": """
        SELECT t.id, 'form', 'attendee', t.created_at, y.title, t.notes::text, 'inbound', NULL, NULL::uuid, NULL::uuid
        FROM crm_activities y JOIN attendees t ON t.company_id = y.company_id AND t.id = y.attendee_id
        WHERE y.company_id = %(company_id)s AND y.contact_id = %(id)s AND t.notes <> '{}'
    """,
    "note": f"""
        SELECT x.id, 'note', 'note', x.created_at, left(x.content, 100), x.content, NULL, NULL, x.author_id, x.deal_id
        FROM crm_notes x WHERE {_OWN}
    """,
    "task": f"""
        SELECT x.id, 'task', 'task', coalesce(x.completed_at, x.due_at), x.title, x.description, NULL,
            CASE WHEN x.completed_at IS NULL THEN 'open' ELSE 'completed' END, x.assignee_id, x.deal_id
        FROM crm_tasks x WHERE {_OWN}
    """,
    "email": f"""
        SELECT x.id, 'email', 'communication', x.occurred_at, coalesce(x.subject, 'email'), x.body, x.direction,
            x.outcome, x.logged_by_id, x.deal_id
        FROM crm_communications x WHERE {_OWN} AND x.type = 'email'
    """,
    "communication": f"""
        SELECT x.id, 'communication', x.type, x.occurred_at, coalesce(x.subject, x.type), x.body, x.direction,
            x.outcome, x.logged_by_id, x.deal_id
        FROM crm_communications x WHERE {_OWN} AND x.type <> 'email'
    """,
}
"""An e-mail that was logged is an entry of its own type; conversations are not kept."""

_TIMELINE = """
    SELECT json_build_object(
        'id', e.id, 'type', e.type, 'source', e.source, 'occurredAt', e.occurred_at, 'title', e.title,
        'summary', e.summary, 'direction', e.direction, 'status', e.status,
        'owner', CASE WHEN u.id IS NOT NULL THEN json_build_object(
            'id', u.id, 'fullName', btrim(u.given_name || ' ' || u.family_name)
        ) END,
        'deal', CASE WHEN d.id IS NOT NULL THEN json_build_object('id', d.id, 'name', d.name) END
    )::text
    FROM ({entries}) AS e (
        id, type, source, occurred_at, title, summary, direction, status, owner_id, deal_id
    )
    LEFT JOIN users u ON u.company_id = %(company_id)s AND u.id = e.owner_id
    LEFT JOIN crm_deals d ON d.company_id = %(company_id)s AND d.id = e.deal_id AND d.deleted_at IS NULL
    WHERE %(before)s::timestamptz IS NULL OR (e.occurred_at, e.id) < (%(before)s, %(before_id)s::uuid)
    ORDER BY e.occurred_at DESC, e.id DESC
    LIMIT %(limit)s
"""
