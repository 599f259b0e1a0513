"""Find companies: a page at a time, or by their domain."""

from collections.abc import Sequence
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.crm.company import COMPANY_JOINS, COMPANY_JSON, Company, Size, bare_domain
from slotkeeper.crm.page import Page, SortOrder, page_sql
from slotkeeper.crm.words import matching
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound

SortBy = Literal["name", "industry", "createdAt", "updatedAt"]


class CompanySearch(msgspec.Struct, frozen=True, kw_only=True):
    """What is None or empty is not asked; ``industry`` in any case of letters."""

    page: Page
    search: str = ""
    industry: str | None = None
    size: Size | None = None
    owner_id: UUID | None = None
    sort_by: SortBy = "createdAt"
    sort_order: SortOrder = "DESC"


class FoundCompanies(msgspec.Struct, frozen=True, kw_only=True):
    rows: Sequence[Company]
    total: int


async def list_companies(connection: Connection, company_id: UUID, search: CompanySearch) -> FoundCompanies:
    where, params = matching("m.name", search.search)
    where += [sql for name, sql in _FILTERS.items() if getattr(search, name) is not None]
    sql = page_sql(
        table="crm_companies",
        alias="m",
        joins=COMPANY_JOINS,
        where=["m.company_id = %(company_id)s", "m.deleted_at IS NULL", *where],
        order=f"{_COLUMNS[search.sort_by]} {search.sort_order}, m.id {search.sort_order}",
        document=COMPANY_JSON,
    )
    params |= {name: getattr(search, name) for name in _FILTERS}
    params |= {"company_id": company_id, "limit": search.page.limit, "offset": search.page.offset}
    return await fetch(connection, FoundCompanies, sql, params) or FoundCompanies(rows=(), total=0)


async def company_by_domain(connection: Connection, company_id: UUID, domain: str) -> Company:
    """The oldest with this domain, however it is written. Raises ``NotFound``."""
    found = await fetch(connection, Company, _BY_DOMAIN, {"company_id": company_id, "domain": bare_domain(domain)})
    if found is None:
        raise NotFound(f"no company with the domain {domain}")
    return found


_FILTERS = {
    "industry": "lower(m.industry) = lower(%(industry)s)",
    "size": "m.size = %(size)s",
    "owner_id": "m.owner_id = %(owner_id)s",
}

_COLUMNS: dict[SortBy, str] = {
    "name": "lower(m.name)",
    "industry": "lower(m.industry)",
    "createdAt": "m.created_at",
    "updatedAt": "m.updated_at",
}

_BY_DOMAIN = f"""
    SELECT ({COMPANY_JSON})::text FROM crm_companies m {COMPANY_JOINS}
    WHERE m.company_id = %(company_id)s AND m.domain = %(domain)s AND m.deleted_at IS NULL
    ORDER BY m.created_at, m.id LIMIT 1
"""
