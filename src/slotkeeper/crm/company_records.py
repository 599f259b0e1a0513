"""What a company has: its contacts and its meetings; and what all companies come to."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.crm.company import get_company
from slotkeeper.crm.contact import CONTACT_JOINS, CONTACT_JSON, Contact
from slotkeeper.db.pool import Connection, fetch, fetch_all


class MeetingHistory(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Of its contacts' appointments that were not cancelled; ``people`` are the contacts who had one."""

    meetings: int
    people: int
    first_meeting_at: datetime | None
    last_meeting_at: datetime | None


class OfIndustry(msgspec.Struct, frozen=True, kw_only=True):
    industry: str | None
    count: int


class OfSize(msgspec.Struct, frozen=True, kw_only=True):
    size: str | None
    count: int


class CompanySummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    total_companies: int
    total_deals_value: float
    companies_with_deals: int
    by_industry: Sequence[OfIndustry]
    by_size: Sequence[OfSize]


async def company_contacts(connection: Connection, company_id: UUID, crm_company_id: UUID) -> list[Contact]:
    """Newest first; at most a thousand. Raises ``NotFound``."""
    await get_company(connection, company_id, crm_company_id)
    return await fetch_all(connection, Contact, _CONTACTS, {"company_id": company_id, "id": crm_company_id})


async def meeting_history(connection: Connection, company_id: UUID, crm_company_id: UUID) -> MeetingHistory:
    """Raises ``NotFound``."""
    await get_company(connection, company_id, crm_company_id)
    found = await fetch(connection, MeetingHistory, _MEETINGS, {"company_id": company_id, "id": crm_company_id})
    return found or MeetingHistory(meetings=0, people=0, first_meeting_at=None, last_meeting_at=None)


async def company_summary(connection: Connection, company_id: UUID, owner_id: UUID | None) -> CompanySummary:
    found = await fetch(connection, CompanySummary, _SUMMARY, {"company_id": company_id, "owner_id": owner_id})
    if found is None:
        raise LookupError("a summary is always one row")
    return found


_CONTACTS = f"""
    SELECT ({CONTACT_JSON})::text FROM crm_contacts k {CONTACT_JOINS}
    WHERE k.company_id = %(company_id)s AND k.crm_company_id = %(id)s AND k.deleted_at IS NULL
    ORDER BY k.created_at DESC, k.id LIMIT 1000
"""

_MEETINGS = """
    SELECT json_build_object(
        'meetings', count(DISTINCT v.appointment_id), 'people', count(DISTINCT v.contact_id),
        'firstMeetingAt', min(v.start_at), 'lastMeetingAt', max(v.start_at)
    )::text
    FROM crm_contacts k
    JOIN crm_activities v ON v.company_id = k.company_id AND v.contact_id = k.id AND v.outcome <> 'cancelled'
    WHERE k.company_id = %(company_id)s AND k.crm_company_id = %(id)s AND k.deleted_at IS NULL
"""

_SUMMARY = """
    WITH listed AS (
        SELECT m.industry, m.size, deals.count, deals.value
        FROM crm_companies m
        CROSS JOIN LATERAL (
            SELECT count(*), coalesce(sum(d.value), 0) AS value FROM crm_deals d
            WHERE d.company_id = m.company_id AND d.crm_company_id = m.id AND d.deleted_at IS NULL
        ) deals
        WHERE m.company_id = %(company_id)s AND m.deleted_at IS NULL
            AND (%(owner_id)s::uuid IS NULL OR m.owner_id = %(owner_id)s)
    )
    SELECT json_build_object(
        'totalCompanies', (SELECT count(*) FROM listed),
        'totalDealsValue', (SELECT coalesce(sum(value), 0) FROM listed),
        'companiesWithDeals', (SELECT count(*) FROM listed WHERE count > 0),
        'byIndustry', (
            SELECT coalesce(json_agg(json_build_object('industry', g.industry, 'count', g.count)
                ORDER BY g.count DESC, g.industry), '[]')
            FROM (SELECT industry, count(*) FROM listed GROUP BY industry) g
        ),
        'bySize', (
            SELECT coalesce(json_agg(json_build_object('size', g.size, 'count', g.count)
                ORDER BY g.count DESC, g.size), '[]')
            FROM (SELECT size, count(*) FROM listed GROUP BY size) g
        )
    )::text
"""
