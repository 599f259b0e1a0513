"""Create, change, complete and delete a task."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET

from slotkeeper.crm.given import assignments, given
from slotkeeper.crm.moments import moment
from slotkeeper.crm.references import Reference, require_known
from slotkeeper.crm.task import NewTask, Task, TaskPatch, get_task, unknown_task
from slotkeeper.db.pool import Connection, execute
from slotkeeper.records.caller import Caller


async def create_task(connection: Connection, caller: Caller, new: NewTask, now: datetime) -> Task:
    """Raises ``Malformed`` naming the field."""
    task_id = uuid4()
    params: dict[str, Any] = {
        **msgspec.structs.asdict(new),
        "due_at": moment("dueDate", new.due_date, caller.timezone, due=True),
        "reminder_at": moment("reminderAt", new.reminder_at, caller.timezone) if new.reminder_at else None,
        "description": new.description or None,
        "assignee_id": caller.user_id if new.assignee_id is UNSET else new.assignee_id,
        "company_id": caller.company_id,
        "id": task_id,
    }
    async with connection.transaction():
        await _require_known(connection, caller.company_id, new)
        await execute(connection, _INSERT, params)
        return await get_task(connection, caller.company_id, task_id, now)


async def update_task(connection: Connection, caller: Caller, task_id: UUID, patch: TaskPatch, now: datetime) -> Task:
    """Raises ``NotFound``, and ``Malformed`` naming the field."""
    values = given(patch)
    if "due_date" in values:
        values["due_at"] = moment("dueDate", values.pop("due_date") or "", caller.timezone, due=True)
    if values.get("reminder_at"):
        values["reminder_at"] = moment("reminderAt", values["reminder_at"], caller.timezone)
    sets, params = assignments(values)
    async with connection.transaction():
        await _require_known(connection, caller.company_id, patch)
        params |= {"company_id": caller.company_id, "id": task_id}
        await execute(connection, _UPDATE.format(sets=sets), params)
        return await get_task(connection, caller.company_id, task_id, now)


async def complete_task(connection: Connection, company_id: UUID, task_id: UUID, now: datetime) -> Task:
    """One that is done stays done when it was. Raises ``NotFound``."""
    await execute(connection, _COMPLETE, {"company_id": company_id, "id": task_id, "now": now})
    return await get_task(connection, company_id, task_id, now)


async def uncomplete_task(connection: Connection, company_id: UUID, task_id: UUID, now: datetime) -> Task:
    """Raises ``NotFound``."""
    await execute(connection, _UNCOMPLETE, {"company_id": company_id, "id": task_id})
    return await get_task(connection, company_id, task_id, now)


async def delete_task(connection: Connection, company_id: UUID, task_id: UUID) -> None:
    """Raises ``NotFound``."""
    if (await execute(connection, _DELETE, {"company_id": company_id, "id": task_id})).rowcount == 0:
        raise unknown_task(task_id)


async def _require_known(connection: Connection, company_id: UUID, task: NewTask | TaskPatch) -> None:
    references: tuple[Reference, ...] = (
        ("assigneeId", "user", task.assignee_id),
        ("crmCompanyId", "company", task.crm_company_id),
        ("dealId", "deal", task.deal_id),
        ("contactId", "contact", task.contact_id),
    )
    await require_known(connection, company_id, references)


_ONE = "company_id = %(company_id)s AND id = %(id)s"

_INSERT = """
    INSERT INTO crm_tasks (
        company_id, id, title, description, type, priority, due_at, reminder_at, assignee_id, deal_id, contact_id,
        crm_company_id
    )
    VALUES (
        %(company_id)s, %(id)s, %(title)s, %(description)s, %(type)s, %(priority)s, %(due_at)s, %(reminder_at)s,
        %(assignee_id)s, %(deal_id)s, %(contact_id)s, %(crm_company_id)s
    )
"""

_UPDATE = f"UPDATE crm_tasks SET {{sets}} WHERE {_ONE}"

_COMPLETE = f"""
    UPDATE crm_tasks SET completed_at = coalesce(completed_at, %(now)s), updated_at = now() WHERE {_ONE}
"""

_UNCOMPLETE = f"UPDATE crm_tasks SET completed_at = NULL, updated_at = now() WHERE {_ONE}"

_DELETE = f"DELETE FROM crm_tasks WHERE {_ONE}"
