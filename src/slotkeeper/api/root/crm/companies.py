"""Companies: find, see, create, change, delete."""

from collections.abc import Sequence
from typing import Annotated

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter

from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.root.crm.paging import Id, Limit, OwnerId, PageJson, PageNumber, Search, numbers
from slotkeeper.api.services import Services
from slotkeeper.crm.company import Company, CompanyPatch, NewCompany, Size, get_company
from slotkeeper.crm.company_records import CompanySummary, company_summary
from slotkeeper.crm.list_companies import CompanySearch, SortBy, company_by_domain, list_companies
from slotkeeper.crm.page import Page, SortOrder
from slotkeeper.crm.write_company import create_company, delete_company, update_company
from slotkeeper.records.caller import Caller


class CompaniesJson(PageJson, frozen=True, kw_only=True):
    companies: Sequence[Company]


@get("/companies", summary="Find companies", responses=problems(*READING))
async def find_companies(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    search: Search = "",
    industry: Annotated[str | None, QueryParameter(max_length=100)] = None,
    size: Annotated[Size | None, QueryParameter()] = None,
    owner_id: OwnerId = None,
    sort_by: Annotated[SortBy, QueryParameter(name="sortBy")] = "createdAt",
    sort_order: Annotated[SortOrder, QueryParameter(name="sortOrder")] = "DESC",
    page: PageNumber = 1,
    limit: Limit = 50,
) -> CompaniesJson:
    """Every word of `search` has to be in the company's name."""
    wanted = Page(number=page, limit=limit)
    asked = CompanySearch(
        page=wanted,
        search=search,
        industry=industry,
        size=size,
        owner_id=owner_id,
        sort_by=sort_by,
        sort_order=sort_order,
    )
    async with services.pool.connection() as connection:
        found = await list_companies(connection, caller.company_id, asked)
    return CompaniesJson(companies=found.rows, **numbers(wanted, found.total))


@get("/companies/summary", summary="What the companies come to", responses=problems(*READING))
async def get_company_summary(
    caller: NamedDependency[Caller], services: NamedDependency[Services], owner_id: OwnerId = None
) -> CompanySummary:
    """Of one owner, or of all; by industry and by size."""
    async with services.pool.connection() as connection:
        return await company_summary(connection, caller.company_id, owner_id)


@get("/companies/by-domain/{domain:str}", summary="Find a company by its domain", responses=problems(*READING))
async def get_company_by_domain(
    domain: Annotated[str, PathParameter(max_length=255)],
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
) -> Company:
    """With or without `www.`, in any case of letters."""
    async with services.pool.connection() as connection:
        return await company_by_domain(connection, caller.company_id, domain)


@get("/companies/{id:str}", summary="Get a company", responses=problems(*READING))
async def get_a_company(
    crm_company_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> Company:
    async with services.pool.connection() as connection:
        return await get_company(connection, caller.company_id, crm_company_id)


@post("/companies", summary="Create a company", responses=problems(*WRITING))
async def create_a_company(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewCompany]
) -> Company:
    """An owner that is left out is the caller."""
    async with services.pool.connection() as connection:
        return await create_company(connection, caller, data)


@patch("/companies/{id:str}", summary="Change a company", responses=problems(*WRITING))
async def update_a_company(
    crm_company_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[CompanyPatch],
) -> Company:
    """Only what is given changes; of `customFields` the given members, and null removes one."""
    async with services.pool.connection() as connection:
        return await update_company(connection, caller.company_id, crm_company_id, data)


@delete("/companies/{id:str}", summary="Delete a company", responses=problems(*READING))
async def delete_a_company(
    crm_company_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """Its contacts and deals stay, without it."""
    async with services.pool.connection() as connection:
        await delete_company(connection, caller.company_id, crm_company_id)


HANDLERS = (
    find_companies,
    get_company_summary,
    get_company_by_domain,
    get_a_company,
    create_a_company,
    update_a_company,
    delete_a_company,
)
