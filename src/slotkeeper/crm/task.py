"""A task: something that somebody has to do, by a time."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.crm.deal import LinkedCompany, LinkedContact, Person, linked_contact, person
from slotkeeper.crm.texts import Long, Moment, Name
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import NotFound

TaskType = Literal["call", "follow_up", "email", "meeting", "todo"]
Priority = Literal["low", "medium", "high"]


class LinkedDeal(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    name: str


class Task(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``companyId`` is whose task it is; it may hang on a contact, a deal and a company at once, or on none."""

    id: UUID
    title: str
    description: str | None
    type: TaskType
    priority: Priority
    due_date: datetime
    reminder_at: datetime | None
    completed: bool
    completed_at: datetime | None
    is_overdue: bool
    assignee_id: UUID | None
    assignee: Person | None
    company_id: UUID
    crm_company_id: UUID | None
    crm_company: LinkedCompany | None
    deal_id: UUID | None
    deal: LinkedDeal | None
    contact_id: UUID | None
    contact: LinkedContact | None
    created_at: datetime
    updated_at: datetime


class NewTask(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """An ``assigneeId`` that is left out is the caller, null is nobody."""

    title: Name
    type: TaskType
    due_date: Moment
    description: Long | None = None
    priority: Priority = "medium"
    reminder_at: Moment | None = None
    assignee_id: UUID | UnsetType | None = UNSET
    crm_company_id: UUID | None = None
    deal_id: UUID | None = None
    contact_id: UUID | None = None


class TaskPatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays, null clears. Done is said by `complete` and `uncomplete` alone."""

    title: Name | UnsetType = UNSET
    type: TaskType | UnsetType = UNSET
    due_date: Moment | UnsetType = UNSET
    description: Long | UnsetType | None = UNSET
    priority: Priority | UnsetType = UNSET
    reminder_at: Moment | UnsetType | None = UNSET
    assignee_id: UUID | UnsetType | None = UNSET
    crm_company_id: UUID | UnsetType | None = UNSET
    deal_id: UUID | UnsetType | None = UNSET
    contact_id: UUID | UnsetType | None = UNSET


async def get_task(connection: Connection, company_id: UUID, task_id: UUID, now: datetime) -> Task:
    """Raises ``NotFound``."""
    found = await fetch(connection, Task, _GET, {"company_id": company_id, "id": task_id, "now": now})
    if found is None:
        raise unknown_task(task_id)
    return found


def unknown_task(task_id: UUID) -> NotFound:
    return NotFound(f"task {task_id} not found")


TASK_JSON = f"""json_build_object(
    'id', t.id, 'title', t.title, 'description', t.description, 'type', t.type, 'priority', t.priority,
    'dueDate', t.due_at, 'reminderAt', t.reminder_at, 'completed', t.completed_at IS NOT NULL,
    'completedAt', t.completed_at, 'isOverdue', t.completed_at IS NULL AND t.due_at < %(now)s,
    'assigneeId', t.assignee_id, 'assignee', {person("tu")}, 'companyId', t.company_id,
    'crmCompanyId', tm.id, 'crmCompany', CASE WHEN tm.id IS NOT NULL THEN json_build_object(
        'id', tm.id, 'name', tm.name, 'domain', tm.domain
    ) END,
    'dealId', td.id, 'deal', CASE WHEN td.id IS NOT NULL THEN json_build_object('id', td.id, 'name', td.name) END,
    'contactId', tk.id, 'contact', CASE WHEN tk.id IS NOT NULL THEN {linked_contact("tk")} END,
    'createdAt', t.created_at, 'updatedAt', t.updated_at
)"""
"""Expects ``t`` (crm_tasks), ``TASK_JOINS`` and ``%(now)s``."""

TASK_JOINS = """
    LEFT JOIN users tu ON tu.company_id = t.company_id AND tu.id = t.assignee_id
    LEFT JOIN crm_companies tm ON tm.company_id = t.company_id AND tm.id = t.crm_company_id AND tm.deleted_at IS NULL
    LEFT JOIN crm_deals td ON td.company_id = t.company_id AND td.id = t.deal_id AND td.deleted_at IS NULL
    LEFT JOIN crm_contacts tk ON tk.company_id = t.company_id AND tk.id = t.contact_id AND tk.deleted_at IS NULL
"""

_GET = f"""
    SELECT ({TASK_JSON})::text FROM crm_tasks t {TASK_JOINS}
    WHERE t.company_id = %(company_id)s AND t.id = %(id)s
"""
