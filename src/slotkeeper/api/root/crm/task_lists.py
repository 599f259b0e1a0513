"""Which tasks there are: all, overdue, next, of a company; and what they come to."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from slotkeeper.api.openapi import READING, problems
from slotkeeper.api.root.crm.paging import Id, Limit, PageJson, PageNumber, numbers
from slotkeeper.api.services import Services
from slotkeeper.crm.company import get_company
from slotkeeper.crm.list_tasks import SortBy, TaskSearch, company_tasks, list_tasks, overdue_tasks, upcoming_tasks
from slotkeeper.crm.page import Page, SortOrder
from slotkeeper.crm.task import Priority, Task, TaskType
from slotkeeper.crm.task_summary import TaskSummary, task_summary
from slotkeeper.records.caller import Caller

AssigneeId = Annotated[UUID | None, QueryParameter(name="assigneeId")]


class TasksJson(PageJson, frozen=True, kw_only=True):
    tasks: Sequence[Task]


@get("/tasks", summary="List tasks", responses=problems(*READING))
async def find_tasks(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    *,
    assignee_id: AssigneeId = None,
    crm_company_id: Annotated[UUID | None, QueryParameter(name="crmCompanyId")] = None,
    deal_id: Annotated[UUID | None, QueryParameter(name="dealId")] = None,
    contact_id: Annotated[UUID | None, QueryParameter(name="contactId")] = None,
    task_type: Annotated[TaskType | None, QueryParameter(name="type")] = None,
    priority: Annotated[Priority | None, QueryParameter()] = None,
    completed: Annotated[bool | None, QueryParameter()] = None,
    sort_by: Annotated[SortBy, QueryParameter(name="sortBy")] = "dueDate",
    sort_order: Annotated[SortOrder, QueryParameter(name="sortOrder")] = "ASC",
    page: PageNumber = 1,
    limit: Limit = 50,
) -> TasksJson:
    """Of everybody in the company, or of one `assigneeId`."""
    wanted = Page(number=page, limit=limit)
    asked = TaskSearch(
        page=wanted,
        assignee_id=assignee_id,
        crm_company_id=crm_company_id,
        deal_id=deal_id,
        contact_id=contact_id,
        type=task_type,
        priority=priority,
        completed=completed,
        sort_by=sort_by,
        sort_order=sort_order,
    )
    async with services.pool.connection() as connection:
        found = await list_tasks(connection, caller.company_id, asked, services.clock())
    return TasksJson(tasks=found.rows, **numbers(wanted, found.total))


@get("/tasks/summary", summary="What the tasks come to", responses=problems(*READING))
async def get_task_summary(
    caller: NamedDependency[Caller], services: NamedDependency[Services], assignee_id: AssigneeId = None
) -> TaskSummary:
    """Days and weeks are those of the caller's zone."""
    async with services.pool.connection() as connection:
        return await task_summary(connection, caller, assignee_id, services.clock())


@get("/tasks/overdue", summary="Open tasks whose time has passed", responses=problems(*READING))
async def list_overdue_tasks(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> list[Task]:
    """The longest overdue first."""
    async with services.pool.connection() as connection:
        return await overdue_tasks(connection, caller.company_id, services.clock())


@get("/tasks/upcoming", summary="Open tasks that come next", responses=problems(*READING))
async def list_upcoming_tasks(
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    days: Annotated[int, QueryParameter(ge=1, le=366)] = 7,
) -> list[Task]:
    """Due within so many days; the next first."""
    async with services.pool.connection() as connection:
        return await upcoming_tasks(connection, caller.company_id, days, services.clock())


@get("/tasks/by-company/{id:str}", summary="A company's tasks", responses=problems(*READING))
async def list_company_tasks(
    crm_company_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> list[Task]:
    """Open ones first, the next first."""
    async with services.pool.connection() as connection:
        await get_company(connection, caller.company_id, crm_company_id)
        return await company_tasks(connection, caller.company_id, crm_company_id, services.clock())


HANDLERS = (find_tasks, get_task_summary, list_overdue_tasks, list_upcoming_tasks, list_company_tasks)
