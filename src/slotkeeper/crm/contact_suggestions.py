"""Whom a deal without a contact is probably about: somebody whose telephone number or name stands in it."""

import re
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.crm.contact import CONTACT_JOINS, CONTACT_JSON, Contact
from slotkeeper.crm.deal import get_deal
from slotkeeper.db.pool import Connection, fetch_all

_NUMBER = re.compile(r"[0-9][0-9 ()/.-]{5,}[0-9]")
_WORD = re.compile(r"\w+")
_FEWEST_DIGITS = 6


class Suggestion(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``reason`` is ``phone`` or ``name``; ``score`` is from 0 to 1."""

    contact_id: UUID
    reason: str
    score: float
    contact: Contact


async def contact_suggestions(
    connection: Connection, company_id: UUID, deal_id: UUID, now: datetime
) -> Sequence[Suggestion]:
    """None for a deal that has a contact; else the likeliest ten. Raises ``NotFound``."""
    deal = await get_deal(connection, company_id, deal_id, now)
    if deal.contacts:
        return []
    params = {
        "company_id": company_id,
        "words": _WORD.findall(deal.name.lower()),
        "numbers": numbers_in(f"{deal.name}\n{deal.notes or ''}"),
    }
    return await fetch_all(connection, Suggestion, _SUGGEST, params)


def numbers_in(text: str) -> list[str]:
    """The digits of what may be a telephone number, without zeros in front, as countries differ in them."""
    numbers = (re.sub(r"[^0-9]", "", found).lstrip("0") for found in _NUMBER.findall(text))
    return [number for number in numbers if len(number) >= _FEWEST_DIGITS]


_SUGGEST = f"""
    WITH near AS (
        SELECT k.id, 'phone' AS reason, 0.9 AS score
        FROM unnest(%(numbers)s::text[]) AS n (digits)
        JOIN crm_contacts k ON k.company_id = %(company_id)s AND k.words LIKE '%%' || n.digits || '%%'
        WHERE k.deleted_at IS NULL
        UNION ALL
        SELECT k.id, 'name', 0.7 FROM crm_contacts k
        WHERE k.company_id = %(company_id)s AND k.deleted_at IS NULL
            AND lower(k.first_name) = ANY (%(words)s::text[]) AND lower(k.last_name) = ANY (%(words)s::text[])
    ), best AS (
        SELECT DISTINCT ON (id) * FROM near ORDER BY id, score DESC
    )
    SELECT json_build_object(
        'contactId', k.id, 'reason', best.reason, 'score', best.score, 'contact', {CONTACT_JSON}
    )::text
    FROM best JOIN crm_contacts k ON k.company_id = %(company_id)s AND k.id = best.id {CONTACT_JOINS}
    ORDER BY best.score DESC, k.id LIMIT 10
"""
