"""Pipelines. Everybody sees them; admins change them, as all deals of the company go through them."""

from litestar import delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.auth import require_admin
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.pipeline import NewPipeline, Pipeline, PipelinePatch
from slotkeeper.crm.pipelines import create_pipeline, delete_pipeline, list_pipelines, update_pipeline
from slotkeeper.records.caller import Caller


@get("/pipelines", summary="List pipelines with their stages", responses=problems(*READING))
async def list_all_pipelines(caller: NamedDependency[Caller], services: NamedDependency[Services]) -> list[Pipeline]:
    """The default first. A company that has none gets the usual one."""
    async with services.pool.connection() as connection:
        return await list_pipelines(connection, caller)


@post("/pipelines", summary="Create a pipeline", responses=problems(*WRITING))
async def create_a_pipeline(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewPipeline]
) -> Pipeline:
    """Without a name and stages, the usual ones in the caller's language. The first pipeline is the default."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await create_pipeline(connection, caller, data)


@patch("/pipelines/{id:str}", summary="Change a pipeline", responses=problems(*WRITING))
async def update_a_pipeline(
    pipeline_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[PipelinePatch],
) -> Pipeline:
    """`isDefault: true` makes it the default in place of the present one."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await update_pipeline(connection, caller.company_id, pipeline_id, data)


@delete("/pipelines/{id:str}", summary="Delete a pipeline", responses=problems(*READING, 409))
async def delete_a_pipeline(
    pipeline_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> None:
    """409 `pipeline-in-use` while deals stand in it."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        await delete_pipeline(connection, caller.company_id, pipeline_id)


HANDLERS = (list_all_pipelines, create_a_pipeline, update_a_pipeline, delete_a_pipeline)
