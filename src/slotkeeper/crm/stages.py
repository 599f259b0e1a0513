"""Add, change, order and delete the stages of a pipeline, whose row is locked meanwhile."""

from collections.abc import Sequence
from uuid import UUID

from slotkeeper.crm.given import given
from slotkeeper.crm.pipeline import NewStage, Pipeline, Stage, StagePatch, get_pipeline, lock_pipeline, stage_in
from slotkeeper.crm.pipelines import insert_stages
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Conflict, Malformed

MOST_STAGES = 50


async def add_stage(connection: Connection, company_id: UUID, pipeline_id: UUID, new: NewStage) -> Stage:
    """At the end. Raises ``NotFound``, ``Malformed``, and ``Conflict`` (too-many-stages)."""
    _require_one_outcome(is_won=new.is_won, is_lost=new.is_lost)
    async with connection.transaction():
        pipeline = await lock_pipeline(connection, company_id, pipeline_id)
        if len(pipeline.stages) >= MOST_STAGES:
            raise Conflict(f"a pipeline has at most {MOST_STAGES} stages", code="too-many-stages")
        [stage_id] = await insert_stages(connection, company_id, pipeline_id, [new], first=len(pipeline.stages))
        return stage_in(await get_pipeline(connection, company_id, pipeline_id), stage_id)


async def update_stage(
    connection: Connection, company_id: UUID, pipeline_id: UUID, stage_id: UUID, patch: StagePatch
) -> Stage:
    """Deals that stand in it stay as they are. Raises ``NotFound`` and ``Malformed``."""
    async with connection.transaction():
        stage = stage_in(await lock_pipeline(connection, company_id, pipeline_id), stage_id)
        values = given(patch)
        won, lost = values.get("is_won", stage.is_won), values.get("is_lost", stage.is_lost)
        _require_one_outcome(is_won=bool(won), is_lost=bool(lost))
        if "required_custom_fields" in values:
            values["required_custom_fields"] = list(values["required_custom_fields"])
        if values:
            sets = ", ".join(f"{name} = %({name})s" for name in values)
            params = {**values, "company_id": company_id, "id": stage_id}
            await execute(connection, f"UPDATE crm_stages SET {sets} WHERE {_ONE}", params)
        return stage_in(await get_pipeline(connection, company_id, pipeline_id), stage_id)


async def reorder_stages(
    connection: Connection, company_id: UUID, pipeline_id: UUID, stage_ids: Sequence[UUID]
) -> Sequence[Stage]:
    """All of them, each once, in their new order. Raises ``NotFound`` and ``Malformed``."""
    async with connection.transaction():
        pipeline = await lock_pipeline(connection, company_id, pipeline_id)
        if sorted(stage_ids) != sorted(stage.id for stage in pipeline.stages):
            raise Malformed.field("stageIds", "must name every stage of the pipeline, each once")
        await execute(connection, _REORDER, {"company_id": company_id, "ids": list(stage_ids)})
        return (await get_pipeline(connection, company_id, pipeline_id)).stages


async def delete_stage(
    connection: Connection, company_id: UUID, pipeline_id: UUID, stage_id: UUID, move_to: UUID | None
) -> None:
    """Its deals go to ``move_to`` first, which is needed if there are any; their outcomes stay.

    Raises ``NotFound``, ``Malformed``, and ``Conflict`` (last-stage).
    """
    async with connection.transaction():
        pipeline = await lock_pipeline(connection, company_id, pipeline_id)
        stage = stage_in(pipeline, stage_id)
        if len(pipeline.stages) == 1:
            raise Conflict("a pipeline keeps one stage at least", code="last-stage")
        params = {"company_id": company_id, "id": stage_id, "to": _target(pipeline, stage_id, move_to)}
        if move_to is None and await (await execute(connection, _ANY_DEAL, params)).fetchone():
            raise Malformed.field("moveToStageId", "is required, as deals stand in this stage")
        await execute(connection, _MOVE_DEALS, params)
        await execute(connection, f"DELETE FROM crm_stages WHERE {_ONE}", params)
        await execute(connection, _CLOSE_GAP, {**params, "pipeline_id": pipeline_id, "position": stage.order})


def _target(pipeline: Pipeline, stage_id: UUID, move_to: UUID | None) -> UUID:
    """Without ``move_to`` only deals that were deleted can stand there; they go to any other stage."""
    others = [stage.id for stage in pipeline.stages if stage.id != stage_id]
    if move_to is not None and move_to not in others:
        raise Malformed.field("moveToStageId", "must be another stage of the same pipeline")
    return move_to or others[0]


def _require_one_outcome(*, is_won: bool, is_lost: bool) -> None:
    if is_won and is_lost:
        raise Malformed.field("isLost", "must not be true together with isWon")


_ONE = "company_id = %(company_id)s AND id = %(id)s"

_REORDER = """
    UPDATE crm_stages s SET position = o.place - 1
    FROM unnest(%(ids)s::uuid[]) WITH ORDINALITY AS o (id, place)
    WHERE s.company_id = %(company_id)s AND s.id = o.id
"""

_ANY_DEAL = """
    SELECT 1 FROM crm_deals WHERE company_id = %(company_id)s AND stage_id = %(id)s AND deleted_at IS NULL LIMIT 1
"""

_MOVE_DEALS = """
    UPDATE crm_deals SET stage_id = %(to)s, entered_stage_at = now(), updated_at = now()
    WHERE company_id = %(company_id)s AND stage_id = %(id)s
"""

_CLOSE_GAP = """
    UPDATE crm_stages SET position = position - 1
    WHERE company_id = %(company_id)s AND pipeline_id = %(pipeline_id)s AND position > %(position)s
"""
