"""The stages of a pipeline; admins change them."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import delete, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, PathParameter, QueryParameter

from slotkeeper.api.auth import require_admin
from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.pipeline import NewStage, Stage, StagePatch
from slotkeeper.crm.stages import add_stage, delete_stage, reorder_stages, update_stage
from slotkeeper.records.caller import Caller

StageId = Annotated[UUID, PathParameter(name="stageId")]


class StageOrder(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Every stage of the pipeline, in the new order."""

    stage_ids: Annotated[Sequence[UUID], msgspec.Meta(min_length=1, max_length=50)]


@post("/pipelines/{id:str}/stages", summary="Add a stage", responses=problems(*WRITING))
async def add_a_stage(
    pipeline_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[NewStage],
) -> Stage:
    """At the end of the pipeline. 409 `too-many-stages` after fifty."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await add_stage(connection, caller.company_id, pipeline_id, data)


@patch("/pipelines/{id:str}/stages/reorder", summary="Order the stages", responses=problems(*WRITING))
async def reorder_the_stages(
    pipeline_id: Id,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[StageOrder],
) -> Sequence[Stage]:
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await reorder_stages(connection, caller.company_id, pipeline_id, data.stage_ids)


@patch("/pipelines/{id:str}/stages/{stageId:str}", summary="Change a stage", responses=problems(*WRITING))
async def update_a_stage(
    pipeline_id: Id,
    stage_id: StageId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    data: JSONBody[StagePatch],
) -> Stage:
    """Deals that stand in it stay as they are."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        return await update_stage(connection, caller.company_id, pipeline_id, stage_id, data)


@delete("/pipelines/{id:str}/stages/{stageId:str}", summary="Delete a stage", responses=problems(*READING, 409))
async def delete_a_stage(
    pipeline_id: Id,
    stage_id: StageId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
    move_to: Annotated[UUID | None, QueryParameter(name="moveToStageId", description="Where its deals go")] = None,
) -> None:
    """`moveToStageId` is required if deals stand in it. 409 `last-stage` for the only one."""
    require_admin(caller)
    async with services.pool.connection() as connection:
        await delete_stage(connection, caller.company_id, pipeline_id, stage_id, move_to)


HANDLERS = (add_a_stage, reorder_the_stages, update_a_stage, delete_a_stage)
