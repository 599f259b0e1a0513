"""A pipeline and its stages, through which deals go."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.db.deals import HOLD_PIPELINE
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.errors import NotFound

Milestone = Literal["start", "demo", "offer"]
StageName = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Color = Annotated[str, msgspec.Meta(min_length=1, max_length=20)]
Probability = Annotated[float, msgspec.Meta(ge=0, le=100, description="Percent")]
Days = Annotated[int, msgspec.Meta(ge=1, le=3650)]
FieldKeys = Annotated[Sequence[Annotated[str, msgspec.Meta(min_length=1, max_length=64)]], msgspec.Meta(max_length=50)]


class Stage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``winProbability`` is percent; a deal rots after ``rottingDays`` in the stage.

    A deal enters only with each of ``requiredCustomFields`` filled. ``order`` counts from 0.
    """

    id: UUID
    pipeline_id: UUID
    name: str
    color: str
    order: int
    is_won: bool
    is_lost: bool
    win_probability: float | None
    rotting_days: int | None
    required_custom_fields: Sequence[str]
    sales_milestone: Milestone | None


class Pipeline(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``stages`` are in their order."""

    id: UUID
    name: str
    is_default: bool
    company_id: UUID
    stages: Sequence[Stage]
    created_at: datetime
    updated_at: datetime


class StagePatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays; null clears."""

    name: StageName | UnsetType = UNSET
    color: Color | UnsetType = UNSET
    is_won: bool | UnsetType = UNSET
    is_lost: bool | UnsetType = UNSET
    win_probability: Probability | UnsetType | None = UNSET
    rotting_days: Days | UnsetType | None = UNSET
    required_custom_fields: FieldKeys | UnsetType = UNSET
    sales_milestone: Milestone | UnsetType | None = UNSET


class NewStage(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    name: StageName
    color: Color
    is_won: bool = False
    is_lost: bool = False
    win_probability: Probability | None = None
    rotting_days: Days | None = None
    required_custom_fields: FieldKeys = ()
    sales_milestone: Milestone | None = None


class NewPipeline(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Without ``name`` and ``stages``, the usual ones in the caller's language."""

    name: StageName | None = None
    is_default: bool = False
    stages: Annotated[Sequence[NewStage], msgspec.Meta(max_length=50)] | None = None


class PipelinePatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``isDefault: true`` takes the place of the present default; false leaves it, as there always is one."""

    name: StageName | UnsetType = UNSET
    is_default: bool | UnsetType = UNSET


async def get_pipeline(connection: Connection, company_id: UUID, pipeline_id: UUID) -> Pipeline:
    """Raises ``NotFound``."""
    found = await fetch(connection, Pipeline, _GET, {"company_id": company_id, "id": pipeline_id})
    if found is None:
        raise unknown_pipeline(pipeline_id)
    return found


async def hold_pipeline(connection: Connection, company_id: UUID, pipeline_id: UUID) -> Pipeline:
    """Until the transaction ends, its stages stay as they are. Raises ``NotFound``."""
    await execute(connection, HOLD_PIPELINE, {"company_id": company_id, "pipeline_id": pipeline_id})
    return await get_pipeline(connection, company_id, pipeline_id)


async def lock_pipeline(connection: Connection, company_id: UUID, pipeline_id: UUID) -> Pipeline:
    """Until the transaction ends, nobody else changes its stages and no deal enters one. Raises ``NotFound``."""
    await execute(connection, _LOCK, {"company_id": company_id, "id": pipeline_id})
    return await get_pipeline(connection, company_id, pipeline_id)


def unknown_pipeline(pipeline_id: UUID) -> NotFound:
    return NotFound(f"pipeline {pipeline_id} not found")


def stage_in(pipeline: Pipeline, stage_id: UUID) -> Stage:
    """Raises ``NotFound``."""
    for stage in pipeline.stages:
        if stage.id == stage_id:
            return stage
    raise NotFound(f"stage {stage_id} not found")


STAGE_JSON = """json_build_object(
    'id', s.id, 'pipelineId', s.pipeline_id, 'name', s.name, 'color', s.color, 'order', s.position,
    'isWon', s.is_won, 'isLost', s.is_lost, 'winProbability', s.win_probability, 'rottingDays', s.rotting_days,
    'requiredCustomFields', s.required_custom_fields, 'salesMilestone', s.sales_milestone
)"""
"""Expects ``s`` (crm_stages)."""

PIPELINE_JSON = f"""json_build_object(
    'id', p.id, 'name', p.name, 'isDefault', p.is_default, 'companyId', p.company_id,
    'stages', (
        SELECT coalesce(json_agg({STAGE_JSON} ORDER BY s.position, s.id), '[]') FROM crm_stages s
        WHERE s.company_id = p.company_id AND s.pipeline_id = p.id
    ),
    'createdAt', p.created_at, 'updatedAt', p.updated_at
)"""
"""Expects ``p`` (crm_pipelines)."""

_ONE = "p.company_id = %(company_id)s AND p.id = %(id)s AND p.deleted_at IS NULL"

_GET = f"SELECT ({PIPELINE_JSON})::text FROM crm_pipelines p WHERE {_ONE}"

_LOCK = f"SELECT FROM crm_pipelines p WHERE {_ONE} FOR NO KEY UPDATE"
