"""Find deals, a page at a time."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.crm.deal import DEAL_JOINS, DEAL_JSON, Deal
from slotkeeper.crm.page import Page, SortOrder, page_sql
from slotkeeper.crm.words import matching
from slotkeeper.db.pool import Connection, fetch, fetch_all

SortBy = Literal["name", "value", "expectedCloseDate", "enteredStageAt", "createdAt", "updatedAt"]


class DealSearch(msgspec.Struct, frozen=True, kw_only=True):
    """What is None or empty is not asked; of ``contact_id``, deals in which they have any role."""

    page: Page
    search: str = ""
    pipeline_id: UUID | None = None
    stage_id: UUID | None = None
    owner_id: UUID | None = None
    contact_id: UUID | None = None
    crm_company_id: UUID | None = None
    is_open: bool | None = None
    is_won: bool | None = None
    is_lost: bool | None = None
    sort_by: SortBy = "createdAt"
    sort_order: SortOrder = "DESC"


class FoundDeals(msgspec.Struct, frozen=True, kw_only=True):
    rows: Sequence[Deal]
    total: int


async def list_deals(connection: Connection, company_id: UUID, search: DealSearch, now: datetime) -> FoundDeals:
    where, params = matching("d.name", search.search)
    where += [sql for name, sql in _FILTERS.items() if getattr(search, name) is not None]
    sql = page_sql(
        table="crm_deals",
        alias="d",
        joins=DEAL_JOINS,
        where=["d.company_id = %(company_id)s", "d.deleted_at IS NULL", *where],
        order=f"{_COLUMNS[search.sort_by]} {search.sort_order}, d.id {search.sort_order}",
        document=DEAL_JSON,
    )
    params |= {name: getattr(search, name) for name in _FILTERS}
    params |= {"company_id": company_id, "now": now, "limit": search.page.limit, "offset": search.page.offset}
    return await fetch(connection, FoundDeals, sql, params) or FoundDeals(rows=(), total=0)


async def deals_of_company(connection: Connection, company_id: UUID, crm_company_id: UUID, now: datetime) -> list[Deal]:
    """Across all pipelines, newest first; at most a thousand."""
    params = {"company_id": company_id, "crm_company_id": crm_company_id, "now": now}
    return await fetch_all(connection, Deal, _OF_COMPANY, params)


_FILTERS = {
    "pipeline_id": "d.pipeline_id = %(pipeline_id)s",
    "stage_id": "d.stage_id = %(stage_id)s",
    "owner_id": "d.owner_id = %(owner_id)s",
    "contact_id": """EXISTS (
        SELECT FROM crm_deal_contacts fl
        WHERE fl.company_id = d.company_id AND fl.deal_id = d.id AND fl.contact_id = %(contact_id)s
    )""",
    "crm_company_id": "d.crm_company_id = %(crm_company_id)s",
    "is_open": "(d.won_at IS NULL AND d.lost_at IS NULL) = %(is_open)s",
    "is_won": "(d.won_at IS NOT NULL) = %(is_won)s",
    "is_lost": "(d.lost_at IS NOT NULL) = %(is_lost)s",
}

_COLUMNS: dict[SortBy, str] = {
    "name": "lower(d.name)",
    "value": "d.value",
    "expectedCloseDate": "d.expected_close_date",
    "enteredStageAt": "d.entered_stage_at",
    "createdAt": "d.created_at",
    "updatedAt": "d.updated_at",
}

_OF_COMPANY = f"""
    SELECT ({DEAL_JSON})::text FROM crm_deals d {DEAL_JOINS}
    WHERE d.company_id = %(company_id)s AND d.crm_company_id = %(crm_company_id)s AND d.deleted_at IS NULL
    ORDER BY d.created_at DESC, d.id LIMIT 1000
"""
