"""Deals that look like the same deal: alike in name, with the same company or the same people."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.crm.deal import DEAL_JOINS, DEAL_JSON, Deal, get_deal
from slotkeeper.db.pool import Connection, fetch_all

_ALIKE = 0.5
"""Of pg_trgm's similarity, from 0 to 1; the database looks from 0.3 on."""


class Likeness(msgspec.Struct, frozen=True, kw_only=True):
    """How another deal is like this one; ``name`` is from 0 to 1."""

    name: float
    same_company: bool
    same_contact: bool


class Candidate(msgspec.Struct, frozen=True, kw_only=True):
    likeness: Likeness
    deal: Deal


class DuplicateDeal(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``score`` is from 0 to 1; ``reasons`` are ``name``, ``company``, ``contact``."""

    deal_id: UUID
    name: str
    score: float
    reasons: Sequence[str]
    deal: Deal


async def duplicate_deals(
    connection: Connection, company_id: UUID, deal_id: UUID, now: datetime
) -> list[DuplicateDeal]:
    """The likeliest first, at most twenty. Raises ``NotFound``."""
    await get_deal(connection, company_id, deal_id, now)
    params = {"company_id": company_id, "id": deal_id, "now": now}
    candidates = await fetch_all(connection, Candidate, _CANDIDATES, params)
    likely = [_as_duplicate(candidate) for candidate in candidates if reasons(candidate.likeness)]
    return sorted(likely, key=lambda duplicate: -duplicate.score)[:20]


def reasons(likeness: Likeness) -> list[str]:
    """Why it may be a duplicate; the same company or contact alone says nothing, as one customer buys often."""
    alike = likeness.name >= _ALIKE
    if not alike and not (likeness.same_company and likeness.same_contact):
        return []
    named = {"name": alike, "company": likeness.same_company, "contact": likeness.same_contact}
    return [reason for reason, holds in named.items() if holds]


def score(likeness: Likeness) -> float:
    return round(0.6 * likeness.name + 0.2 * likeness.same_company + 0.2 * likeness.same_contact, 3)


def _as_duplicate(candidate: Candidate) -> DuplicateDeal:
    deal = candidate.deal
    return DuplicateDeal(
        deal_id=deal.id,
        name=deal.name,
        score=score(candidate.likeness),
        reasons=reasons(candidate.likeness),
        deal=deal,
    )


_CANDIDATES = f"""
    WITH this AS (
        SELECT * FROM crm_deals WHERE company_id = %(company_id)s AND id = %(id)s
    ), people AS (
        SELECT array_agg(contact_id) AS ids FROM crm_deal_contacts
        WHERE company_id = %(company_id)s AND deal_id = %(id)s
    ), near AS (
        SELECT o.id FROM this JOIN crm_deals o ON o.company_id = this.company_id AND o.name %% this.name
        WHERE o.company_id = %(company_id)s AND o.deleted_at IS NULL
        UNION
        SELECT o.id FROM this JOIN crm_deals o ON o.company_id = this.company_id
            AND o.crm_company_id = this.crm_company_id
        WHERE o.company_id = %(company_id)s AND o.deleted_at IS NULL
    )
    SELECT json_build_object(
        'likeness', json_build_object(
            'name', similarity(d.name, this.name),
            'same_company', coalesce(d.crm_company_id = this.crm_company_id, false),
            'same_contact', EXISTS (
                SELECT FROM crm_deal_contacts l, people
                WHERE l.company_id = d.company_id AND l.deal_id = d.id AND l.contact_id = ANY (people.ids)
            )
        ),
        'deal', {DEAL_JSON}
    )::text
    FROM this, near
    JOIN crm_deals d ON d.company_id = %(company_id)s AND d.id = near.id
    {DEAL_JOINS}
    WHERE d.id <> this.id AND d.deleted_at IS NULL
    ORDER BY similarity(d.name, this.name) DESC, d.id LIMIT 100
"""
