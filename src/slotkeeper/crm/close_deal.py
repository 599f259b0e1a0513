"""Won, lost, and open again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from slotkeeper.crm.deal import Deal, by, get_deal, lock_deal
from slotkeeper.crm.lost_reasons import get_lost_reasons
from slotkeeper.crm.pipeline import Pipeline, Stage, hold_pipeline
from slotkeeper.crm.stage_rules import lost_stage, open_stage, require_fields, won_stage
from slotkeeper.db.deals import Outcome, Placement, place_deal
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Malformed
from slotkeeper.records.caller import Caller


class Won(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    won_stage_id: UUID | None = None


class Lost(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``lostReason`` is a key of the company's lost reasons, or one of the caller's own."""

    lost_reason: Annotated[str, msgspec.Meta(max_length=64)] | None = None
    lost_reason_note: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    lost_stage_id: UUID | None = None


class Reopened(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    stage_id: UUID | None = None


async def win_deal(connection: Connection, caller: Caller, deal_id: UUID, won: Won, now: datetime) -> Deal:
    """It goes to the wanted stage, else to the first that counts as won. Raises ``NotFound`` and ``Malformed``."""
    async with connection.transaction():
        deal, pipeline = await _held(connection, caller, deal_id, now)
        stage = won_stage(pipeline, won.won_stage_id, deal.stage_id)
        require_fields(stage, deal.custom_fields)
        return await _place(connection, caller, deal, stage, now, "won", Lost())


async def lose_deal(connection: Connection, caller: Caller, deal_id: UUID, lost: Lost, now: datetime) -> Deal:
    """As ``win_deal``; the company may require a reason."""
    async with connection.transaction():
        if not lost.lost_reason and (await get_lost_reasons(connection, caller.company_id)).required:
            raise Malformed.field("lostReason", "is required")
        deal, pipeline = await _held(connection, caller, deal_id, now)
        stage = lost_stage(pipeline, lost.lost_stage_id, deal.stage_id)
        return await _place(connection, caller, deal, stage, now, "lost", lost)


async def reopen_deal(connection: Connection, caller: Caller, deal_id: UUID, reopened: Reopened, now: datetime) -> Deal:
    """It goes to the wanted stage, else to where it stood before it was closed. Raises ``NotFound``, ``Malformed``."""
    async with connection.transaction():
        deal, pipeline = await _held(connection, caller, deal_id, now)
        before = await fetch(connection, UUID, _BEFORE, {"company_id": caller.company_id, "id": deal_id})
        stage = open_stage(pipeline, reopened.stage_id, standing=deal.stage_id, before=before)
        return await _place(connection, caller, deal, stage, now, None, Lost())


async def _held(connection: Connection, caller: Caller, deal_id: UUID, now: datetime) -> tuple[Deal, Pipeline]:
    """The pipeline first, then the deal, as everybody does who needs both."""
    seen = await get_deal(connection, caller.company_id, deal_id, now)
    pipeline = await hold_pipeline(connection, caller.company_id, seen.pipeline_id)
    await lock_deal(connection, caller.company_id, deal_id)
    return await get_deal(connection, caller.company_id, deal_id, now), pipeline


async def _place(
    connection: Connection,
    caller: Caller,
    deal: Deal,
    stage: Stage,
    now: datetime,
    outcome: Outcome | None,
    lost: Lost,
) -> Deal:
    placement = Placement(
        company_id=deal.company_id,
        deal_id=deal.id,
        stage_id=stage.id,
        outcome=outcome,
        lost_reason=lost.lost_reason or None,
        lost_reason_note=lost.lost_reason_note or None,
    )
    await place_deal(connection, placement, outcome or "reopened", by(caller))
    return await get_deal(connection, deal.company_id, deal.id, now)


_BEFORE = """
    SELECT to_json(from_stage_id)::text FROM crm_deal_activities
    WHERE company_id = %(company_id)s AND deal_id = %(id)s AND from_stage_id <> to_stage_id
        AND activity_type IN ('won', 'lost', 'stage_changed')
    ORDER BY changed_at DESC LIMIT 1
"""
