"""Create, list, change and delete pipelines. A company has one from the moment on that it looks."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET

from slotkeeper.crm.pipeline import (
    PIPELINE_JSON,
    NewPipeline,
    NewStage,
    Pipeline,
    PipelinePatch,
    get_pipeline,
    lock_pipeline,
)
from slotkeeper.crm.usual_pipeline import usual_name, usual_stages
from slotkeeper.db.pool import Connection, execute, fetch_all
from slotkeeper.errors import Conflict
from slotkeeper.records.caller import Caller


async def list_pipelines(connection: Connection, caller: Caller) -> list[Pipeline]:
    """The default first. Where there is none, the usual one is made, once however many look at the same moment."""
    found = await fetch_all(connection, Pipeline, _LIST, {"company_id": caller.company_id})
    if found:
        return found
    async with connection.transaction():
        await lock_tenant(connection, caller.company_id)
        if not await fetch_all(connection, Pipeline, _LIST, {"company_id": caller.company_id}):
            await _insert(connection, caller, NewPipeline(is_default=True))
        return await fetch_all(connection, Pipeline, _LIST, {"company_id": caller.company_id})


async def create_pipeline(connection: Connection, caller: Caller, new: NewPipeline) -> Pipeline:
    """The first one is the default, whatever is asked."""
    async with connection.transaction():
        await lock_tenant(connection, caller.company_id)
        others = await fetch_all(connection, Pipeline, _LIST, {"company_id": caller.company_id})
        is_default = new.is_default or not others
        return await _insert(connection, caller, msgspec.structs.replace(new, is_default=is_default))


async def update_pipeline(
    connection: Connection, company_id: UUID, pipeline_id: UUID, patch: PipelinePatch
) -> Pipeline:
    """Raises ``NotFound``."""
    async with connection.transaction():
        await lock_tenant(connection, company_id)
        present = await lock_pipeline(connection, company_id, pipeline_id)
        params: dict[str, object] = {"company_id": company_id, "id": pipeline_id}
        if patch.is_default is True and not present.is_default:
            await execute(connection, _NO_DEFAULT, params)
            await execute(connection, _MAKE_DEFAULT, params)
        if patch.name is not UNSET:
            await execute(connection, _RENAME, {**params, "name": patch.name})
        return await get_pipeline(connection, company_id, pipeline_id)


async def delete_pipeline(connection: Connection, company_id: UUID, pipeline_id: UUID) -> None:
    """The oldest takes the place of a default. Raises ``NotFound``, and ``Conflict`` (pipeline-in-use) with deals."""
    async with connection.transaction():
        await lock_tenant(connection, company_id)
        pipeline = await lock_pipeline(connection, company_id, pipeline_id)
        params: dict[str, object] = {"company_id": company_id, "id": pipeline_id}
        if await (await execute(connection, _ANY_DEAL, params)).fetchone():
            raise Conflict("deals stand in this pipeline; delete them first", code="pipeline-in-use")
        await execute(connection, _DELETE, params)
        if pipeline.is_default:
            await execute(connection, _OLDEST_IS_DEFAULT, params)


async def lock_tenant(connection: Connection, company_id: UUID) -> None:
    """One at a time per company, until the transaction ends: for what counts or looks before it writes."""
    await execute(connection, _LOCK_TENANT, {"company_id": company_id})


async def insert_stages(
    connection: Connection, company_id: UUID, pipeline_id: UUID, stages: Sequence[NewStage], *, first: int = 0
) -> list[UUID]:
    ids = [uuid4() for _ in stages]
    for at, (stage_id, stage) in enumerate(zip(ids, stages, strict=True)):
        params: dict[str, Any] = msgspec.structs.asdict(stage)
        params |= {"company_id": company_id, "id": stage_id, "pipeline_id": pipeline_id, "position": first + at}
        params["required_custom_fields"] = list(stage.required_custom_fields)
        await execute(connection, _INSERT_STAGE, params)
    return ids


async def _insert(connection: Connection, caller: Caller, new: NewPipeline) -> Pipeline:
    """The company is locked."""
    params: dict[str, object] = {"company_id": caller.company_id, "id": uuid4()}
    if new.is_default:
        await execute(connection, _NO_DEFAULT, params)
    name = new.name or usual_name(caller.language)
    await execute(connection, _INSERT, {**params, "name": name, "is_default": new.is_default})
    pipeline_id = UUID(str(params["id"]))
    await insert_stages(connection, caller.company_id, pipeline_id, new.stages or usual_stages(caller.language))
    return await get_pipeline(connection, caller.company_id, pipeline_id)


_LOCK_TENANT = "SELECT FROM companies WHERE id = %(company_id)s FOR NO KEY UPDATE"

_LIST = f"""
    SELECT ({PIPELINE_JSON})::text FROM crm_pipelines p
    WHERE p.company_id = %(company_id)s AND p.deleted_at IS NULL
    ORDER BY p.is_default DESC, p.created_at, p.id
"""

_INSERT = """
    INSERT INTO crm_pipelines (company_id, id, name, is_default)
    VALUES (%(company_id)s, %(id)s, %(name)s, %(is_default)s)
"""

_INSERT_STAGE = """
    INSERT INTO crm_stages (
        company_id, id, pipeline_id, name, color, position, is_won, is_lost, win_probability, rotting_days,
        required_custom_fields, sales_milestone
    )
    VALUES (
        %(company_id)s, %(id)s, %(pipeline_id)s, %(name)s, %(color)s, %(position)s, %(is_won)s, %(is_lost)s,
        %(win_probability)s, %(rotting_days)s, %(required_custom_fields)s, %(sales_milestone)s
    )
"""

_NO_DEFAULT = """
    UPDATE crm_pipelines SET is_default = false, updated_at = now()
    WHERE company_id = %(company_id)s AND is_default AND deleted_at IS NULL
"""

_MAKE_DEFAULT = """
    UPDATE crm_pipelines SET is_default = true, updated_at = now() WHERE company_id = %(company_id)s AND id = %(id)s
"""

_RENAME = """
    UPDATE crm_pipelines SET name = %(name)s, updated_at = now() WHERE company_id = %(company_id)s AND id = %(id)s
"""

_ANY_DEAL = """
    SELECT 1 FROM crm_deals
    WHERE company_id = %(company_id)s AND pipeline_id = %(id)s AND deleted_at IS NULL LIMIT 1
"""

_DELETE = """
    UPDATE crm_pipelines SET deleted_at = now(), is_default = false
    WHERE company_id = %(company_id)s AND id = %(id)s
"""

_OLDEST_IS_DEFAULT = """
    UPDATE crm_pipelines SET is_default = true, updated_at = now()
    WHERE company_id = %(company_id)s AND id = (
        SELECT id FROM crm_pipelines WHERE company_id = %(company_id)s AND deleted_at IS NULL
        ORDER BY created_at, id LIMIT 1
    )
"""
