"""Keep each CRM's records in place: one effect per record, in order, never a second contact or meeting."""

from collections.abc import Sequence
from uuid import UUID

from slotkeeper.integrations.connections import load_connection
from slotkeeper.integrations.registry import crm, crms_without_connection
from slotkeeper.jobs.outcomes import Done
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.side_effects.aftermath import Aftermath, CrmTarget
from slotkeeper.side_effects.outward import Errand, Outward


def plan(aftermath: Aftermath) -> Sequence[PlannedEffect]:
    internal = [CrmTarget(provider=name) for name in crms_without_connection()]
    return [
        PlannedEffect(
            kind="crm",
            target=f"{t.provider}:{t.connection_id or 'internal'}:{record}",
            detail={
                "provider": t.provider,
                "connection_id": str(t.connection_id) if t.connection_id else None,
                "record": record,
            },
        )
        for t in (*internal, *aftermath.crms)
        for record in crm(t.provider).records(aftermath.crm_options, aftermath.appointment, aftermath.change)
    ]


async def carry_out(outward: Outward, errand: Errand) -> Done:
    effect = errand.effect
    async with outward.pool.connection() as connection:
        account = None
        if connection_id := effect.detail["connection_id"]:
            account = await load_connection(connection, outward.vault, effect.company_id, UUID(str(connection_id)))
        adapter = crm(str(effect.detail["provider"]))
        record = str(effect.detail["record"])
        return await adapter.write(record, account, errand.appointment, errand.change, errand.refs)
