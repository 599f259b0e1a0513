"""Find tasks: a page at a time, what is overdue, what comes next; and what they come to."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.crm.page import Page, SortOrder, page_sql
from slotkeeper.crm.task import TASK_JOINS, TASK_JSON, Priority, Task, TaskType
from slotkeeper.db.pool import Connection, fetch, fetch_all

SortBy = Literal["dueDate", "createdAt", "priority"]


class TaskSearch(msgspec.Struct, frozen=True, kw_only=True):
    """What is None is not asked."""

    page: Page
    assignee_id: UUID | None = None
    crm_company_id: UUID | None = None
    deal_id: UUID | None = None
    contact_id: UUID | None = None
    type: TaskType | None = None
    priority: Priority | None = None
    completed: bool | None = None
    sort_by: SortBy = "dueDate"
    sort_order: SortOrder = "ASC"


class FoundTasks(msgspec.Struct, frozen=True, kw_only=True):
    rows: Sequence[Task]
    total: int


async def list_tasks(connection: Connection, company_id: UUID, search: TaskSearch, now: datetime) -> FoundTasks:
    where = [sql for name, sql in _FILTERS.items() if getattr(search, name) is not None]
    sql = page_sql(
        table="crm_tasks",
        alias="t",
        joins=TASK_JOINS,
        where=["t.company_id = %(company_id)s", *where],
        order=f"{_COLUMNS[search.sort_by]} {search.sort_order}, t.id {search.sort_order}",
        document=TASK_JSON,
    )
    params: dict[str, object] = {name: getattr(search, name) for name in _FILTERS}
    params |= {"company_id": company_id, "now": now, "limit": search.page.limit, "offset": search.page.offset}
    return await fetch(connection, FoundTasks, sql, params) or FoundTasks(rows=(), total=0)


async def overdue_tasks(connection: Connection, company_id: UUID, now: datetime) -> list[Task]:
    """Open ones whose time has passed, the longest overdue first; at most a thousand."""
    return await fetch_all(connection, Task, _OVERDUE, {"company_id": company_id, "now": now})


async def upcoming_tasks(connection: Connection, company_id: UUID, days: int, now: datetime) -> list[Task]:
    """Open ones that are due within so many days, the next first; at most a thousand."""
    params = {"company_id": company_id, "now": now, "until": now + timedelta(days=days)}
    return await fetch_all(connection, Task, _UPCOMING, params)


async def company_tasks(connection: Connection, company_id: UUID, crm_company_id: UUID, now: datetime) -> list[Task]:
    """Open ones first, the next first; at most a thousand."""
    params = {"company_id": company_id, "crm_company_id": crm_company_id, "now": now}
    return await fetch_all(connection, Task, _OF_COMPANY, params)


_FILTERS = {
    "assignee_id": "t.assignee_id = %(assignee_id)s",
    "crm_company_id": "t.crm_company_id = %(crm_company_id)s",
    "deal_id": "t.deal_id = %(deal_id)s",
    "contact_id": "t.contact_id = %(contact_id)s",
    "type": "t.type = %(type)s",
    "priority": "t.priority = %(priority)s",
    "completed": "(t.completed_at IS NOT NULL) = %(completed)s",
}

_COLUMNS: dict[SortBy, str] = {
    "dueDate": "t.due_at",
    "createdAt": "t.created_at",
    "priority": "array_position('{low,medium,high}', t.priority)",
}

_SELECT = f"SELECT ({TASK_JSON})::text FROM crm_tasks t {TASK_JOINS} WHERE t.company_id = %(company_id)s"

_OVERDUE = f"""
    {_SELECT} AND t.completed_at IS NULL AND t.due_at < %(now)s
    ORDER BY t.due_at, t.id LIMIT 1000
"""

_UPCOMING = f"""
    {_SELECT} AND t.completed_at IS NULL AND t.due_at >= %(now)s AND t.due_at < %(until)s
    ORDER BY t.due_at, t.id LIMIT 1000
"""

_OF_COMPANY = f"""
    {_SELECT} AND t.crm_company_id = %(crm_company_id)s
    ORDER BY t.completed_at IS NOT NULL, t.due_at, t.id LIMIT 1000
"""
