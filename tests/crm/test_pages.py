"""Pages of the lists: together they are the list, each row once, whatever the size, and the totals agree."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, get_args
from uuid import UUID

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg_pool import AsyncConnectionPool

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.crm import list_companies, list_contacts, list_deals, list_tasks
from slotkeeper.crm.company import NewCompany
from slotkeeper.crm.create_deal import NewDeal, create_deal
from slotkeeper.crm.import_contacts import import_contacts
from slotkeeper.crm.import_rows import ContactRow
from slotkeeper.crm.page import Page
from slotkeeper.crm.pipelines import list_pipelines
from slotkeeper.crm.task import NewTask
from slotkeeper.crm.write_company import create_company
from slotkeeper.crm.write_task import create_task
from slotkeeper.db.pool import Connection
from tests.support.desk import NOW, Desk

ROWS = 23
NAMES = ("Ann", "ann", "Bob", "", "Çelik")
"""Some alike, so that only the id tells rows apart; one of them empty."""


class Listed(msgspec.Struct):
    ids: Sequence[UUID]
    total: int


class Lists:
    """The four lists of a company with ``ROWS`` rows in each, on connections of their own."""

    def __init__(self, pool: "AsyncConnectionPool[Connection]", desk: Desk) -> None:
        self.pool = pool
        self.company_id = desk.company.company_id

    async def contacts(self, page: Page, sort_by: Any, order: Any, search: str) -> Listed:
        wanted = list_contacts.ContactSearch(page=page, sort_by=sort_by, sort_order=order, search_term=search)
        async with self.pool.connection() as connection:
            found = await list_contacts.list_contacts(connection, self.company_id, wanted)
        return Listed(ids=[row.id for row in found.rows], total=found.total)

    async def deals(self, page: Page, sort_by: Any, order: Any, search: str) -> Listed:
        wanted = list_deals.DealSearch(page=page, sort_by=sort_by, sort_order=order, search=search)
        async with self.pool.connection() as connection:
            found = await list_deals.list_deals(connection, self.company_id, wanted, NOW)
        return Listed(ids=[row.id for row in found.rows], total=found.total)

    async def companies(self, page: Page, sort_by: Any, order: Any, search: str) -> Listed:
        wanted = list_companies.CompanySearch(page=page, sort_by=sort_by, sort_order=order, search=search)
        async with self.pool.connection() as connection:
            found = await list_companies.list_companies(connection, self.company_id, wanted)
        return Listed(ids=[row.id for row in found.rows], total=found.total)

    async def tasks(self, page: Page, sort_by: Any, order: Any, search: str) -> Listed:
        """There is no search by words; half of them are of one type."""
        kind: Any = "todo" if search else None
        wanted = list_tasks.TaskSearch(page=page, sort_by=sort_by, sort_order=order, type=kind)
        async with self.pool.connection() as connection:
            found = await list_tasks.list_tasks(connection, self.company_id, wanted, NOW)
        return Listed(ids=[row.id for row in found.rows], total=found.total)


@pytest.fixture
async def lists(pool: "AsyncConnectionPool[Connection]", connection: Connection, company: Bootstrapped) -> Lists:
    desk = Desk(pool, company)
    names = [NAMES[n % len(NAMES)] for n in range(ROWS)]
    rows = [ContactRow(phone_number="1", first_name=name, last_name=name) for name in names]
    await import_contacts(connection, desk.caller, rows, update=False)
    [pipeline] = await list_pipelines(connection, desk.caller)
    for n, name in enumerate(names):
        await create_company(connection, desk.caller, NewCompany(name=name or "x", industry=name))
        stage = pipeline.stages[n % 7].id
        deal = NewDeal(name=name or "x", pipeline_id=pipeline.id, stage_id=stage, value=n % 3 or None)
        await create_deal(connection, desk.caller, deal, NOW)
        task = NewTask(title=name or "x", type="todo" if n % 2 else "call", due_date=f"2037-01-0{1 + n % 3}")
        await create_task(connection, desk.caller, task, NOW)
    return Lists(pool, desk)


SORTS = {
    "contacts": get_args(list_contacts.SortBy),
    "deals": get_args(list_deals.SortBy),
    "companies": get_args(list_companies.SortBy),
    "tasks": get_args(list_tasks.SortBy),
}
ASKED = st.sampled_from([(name, sort_by) for name, sorts in SORTS.items() for sort_by in sorts])


async def test_the_pages_of_a_list_are_the_list(lists: Lists) -> None:
    """Hypothesis runs in a thread; each example asks the database through this test's own loop."""
    loop = asyncio.get_running_loop()

    @settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(asked=ASKED, order=st.sampled_from(["ASC", "DESC"]), limit=st.integers(1, ROWS + 2), search=SEARCHES)
    def holds(asked: tuple[str, str], order: str, limit: int, search: str) -> None:
        check = _partitions(getattr(lists, asked[0]), asked[1], order, limit, search)
        asyncio.run_coroutine_threadsafe(check, loop).result()

    await asyncio.to_thread(holds)


SEARCHES = st.sampled_from(["", "ann", "b", "çel", "nobody"])


async def _partitions(
    ask: Callable[[Page, str, str, str], Awaitable[Listed]], sort_by: str, order: str, limit: int, search: str
) -> None:
    whole = await ask(Page(limit=1000), sort_by, order, search)
    assert whole.total == len(whole.ids) == len(set(whole.ids))
    pages = Page(limit=limit).pages(whole.total)
    paged: list[UUID] = []
    for number in range(1, pages + 1):
        page = await ask(Page(number=number, limit=limit), sort_by, order, search)
        assert page.total == whole.total
        assert len(page.ids) == min(limit, whole.total - len(paged))
        paged += page.ids
    assert paged == list(whole.ids)
    assert (await ask(Page(number=pages + 1, limit=limit), sort_by, order, search)).ids == []
    backwards = await ask(Page(limit=1000), sort_by, "ASC" if order == "DESC" else "DESC", search)
    assert list(backwards.ids) == paged[::-1]


@pytest.mark.parametrize(
    ("total", "limit", "pages"), [(0, 5, 0), (1, 5, 1), (5, 5, 1), (6, 5, 2), (10, 5, 2), (100_000, 1000, 100)]
)
def test_so_many_rows_fill_so_many_pages(total: int, limit: int, pages: int) -> None:
    assert Page(limit=limit).pages(total) == pages
