"""Change a deal, its stage included; delete it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.crm.create_deal import Amount, Currency
from slotkeeper.crm.deal import Deal, by, get_deal, lock_deal, unknown_deal
from slotkeeper.crm.deal_contacts import make_primary
from slotkeeper.crm.given import assignments, given
from slotkeeper.crm.moments import day
from slotkeeper.crm.pipeline import Stage, hold_pipeline
from slotkeeper.crm.references import Reference, require_known
from slotkeeper.crm.stage_rules import chosen_stage, outcome_in, require_fields
from slotkeeper.crm.texts import Day, Long, Name
from slotkeeper.db.deals import Placement, place_deal, record_activity
from slotkeeper.db.pool import Connection, execute
from slotkeeper.records.caller import Caller


class DealPatch(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays, null clears; of ``customFields`` the given members change. The pipeline stays."""

    name: Name | UnsetType = UNSET
    value: Amount | UnsetType | None = UNSET
    currency: Currency | UnsetType = UNSET
    expected_close_date: Day | UnsetType | None = UNSET
    notes: Long | UnsetType | None = UNSET
    crm_company_id: UUID | UnsetType | None = UNSET
    contact_id: UUID | UnsetType | None = UNSET
    stage_id: UUID | UnsetType = UNSET
    owner_id: UUID | UnsetType | None = UNSET
    custom_fields: dict[str, Any] | UnsetType | None = UNSET


async def update_deal(connection: Connection, caller: Caller, deal_id: UUID, patch: DealPatch, now: datetime) -> Deal:
    """A stage that counts as won or lost closes the deal, another one opens it. Raises ``NotFound``, ``Malformed``."""
    company_id = caller.company_id
    async with connection.transaction():
        deal = await get_deal(connection, company_id, deal_id, now)
        await _require_known(connection, company_id, patch)
        stage = await _wanted_stage(connection, deal, patch)
        await lock_deal(connection, company_id, deal_id)
        await _assign(connection, caller, deal_id, patch)
        changed = await get_deal(connection, company_id, deal_id, now)
        if stage is None or stage.id == changed.stage_id:
            return changed
        require_fields(stage, changed.custom_fields)
        await place_deal(connection, _placement(changed, stage), "stage_changed", by(caller))
        return await get_deal(connection, company_id, deal_id, now)


async def delete_deal(connection: Connection, company_id: UUID, deal_id: UUID) -> None:
    """It disappears, with what hangs on it. Raises ``NotFound``."""
    if (await execute(connection, _DELETE, {"company_id": company_id, "id": deal_id})).rowcount == 0:
        raise unknown_deal(deal_id)


async def _wanted_stage(connection: Connection, deal: Deal, patch: DealPatch) -> Stage | None:
    """The pipeline is held before the deal is locked, as whoever deletes a stage does."""
    if patch.stage_id is UNSET:
        return None
    return chosen_stage(await hold_pipeline(connection, deal.company_id, deal.pipeline_id), "stageId", patch.stage_id)


async def _assign(connection: Connection, caller: Caller, deal_id: UUID, patch: DealPatch) -> None:
    values = given(patch)
    fields = sorted(set(values) - {"stage_id"})
    if not fields:
        return
    values.pop("stage_id", None)
    if "contact_id" in values:
        await make_primary(connection, caller.company_id, deal_id, values.pop("contact_id"))
    if values.get("expected_close_date") is not None:
        values["expected_close_date"] = day("expectedCloseDate", values["expected_close_date"])
    sets, params = assignments(values, ["custom_fields"])
    await execute(connection, _UPDATE.format(sets=sets), {**params, "company_id": caller.company_id, "id": deal_id})
    metadata: dict[str, object] = {"fields": fields}
    await record_activity(connection, caller.company_id, deal_id, "updated", by(caller), metadata=metadata)


async def _require_known(connection: Connection, company_id: UUID, patch: DealPatch) -> None:
    references: tuple[Reference, ...] = (
        ("crmCompanyId", "company", patch.crm_company_id),
        ("contactId", "contact", patch.contact_id),
        ("ownerId", "user", patch.owner_id),
    )
    await require_known(connection, company_id, references)


def _placement(deal: Deal, stage: Stage) -> Placement:
    return Placement(
        company_id=deal.company_id,
        deal_id=deal.id,
        stage_id=stage.id,
        outcome=outcome_in(stage),
        lost_reason=deal.lost_reason if stage.is_lost else None,
        lost_reason_note=deal.lost_reason_note if stage.is_lost else None,
    )


_ONE = "company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL"

_UPDATE = f"UPDATE crm_deals SET {{sets}} WHERE {_ONE}"

_DELETE = f"UPDATE crm_deals SET deleted_at = now(), updated_at = now() WHERE {_ONE}"
