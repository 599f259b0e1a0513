"""Tasks: see, create, change, complete, delete. Lists of them are in task_lists.py."""

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.task import NewTask, Task, TaskPatch, get_task
from slotkeeper.crm.write_task import complete_task, create_task, delete_task, uncomplete_task, update_task
from slotkeeper.records.caller import Caller


@post("/tasks", summary="Create a task", responses=problems(*WRITING))
async def create_a_task(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewTask]
) -> Task:
    """An assignee that is left out is the caller. It may hang on a contact, a deal and a company, or on none."""
    async with services.pool.connection() as connection:
        return await create_task(connection, caller, data, services.clock())


@get("/tasks/{id:str}", summary="Get a task", responses=problems(*READING))
async def get_a_task(task_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]) -> Task:
    async with services.pool.connection() as connection:
        return await get_task(connection, caller.company_id, task_id, services.clock())


@patch("/tasks/{id:str}", summary="Change a task", responses=problems(*WRITING))
async def update_a_task(
    task_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[TaskPatch]
) -> Task:
    """Only what is given changes; whether it is done is said by the two routes below."""
    async with services.pool.connection() as connection:
        return await update_task(connection, caller, task_id, data, services.clock())


@patch("/tasks/{id:str}/complete", summary="A task is done", responses=problems(*READING))
async def complete_a_task(task_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]) -> Task:
    """Takes no body, and reads none."""
    async with services.pool.connection() as connection:
        return await complete_task(connection, caller.company_id, task_id, services.clock())


@patch("/tasks/{id:str}/uncomplete", summary="A task is not done after all", responses=problems(*READING))
async def uncomplete_a_task(task_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]) -> Task:
    """Takes no body, and reads none."""
    async with services.pool.connection() as connection:
        return await uncomplete_task(connection, caller.company_id, task_id, services.clock())


@delete("/tasks/{id:str}", summary="Delete a task", responses=problems(*READING))
async def delete_a_task(task_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]) -> None:
    """For good."""
    async with services.pool.connection() as connection:
        await delete_task(connection, caller.company_id, task_id)


HANDLERS = (create_a_task, get_a_task, update_a_task, complete_a_task, uncomplete_a_task, delete_a_task)
