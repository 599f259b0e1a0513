"""Keep each CRM's records in place: one effect per record, in order, never a second contact or meeting."""

from collections.abc import Sequence

from slotkeeper.integrations.registry import crm, crms_without_connection
from slotkeeper.jobs.outcomes import Done, PersonMustAct
from slotkeeper.records.connection import Connection
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.side_effects.aftermath import Aftermath, CrmTarget
from slotkeeper.side_effects.crm_opt_in import of_those_who_agreed
from slotkeeper.side_effects.outward import Errand, Outward


def plan(aftermath: Aftermath) -> Sequence[PlannedEffect]:
    """Nothing for a mere request: a person who has not confirmed is no contact yet."""
    if not aftermath.ever_confirmed:
        return []
    known = of_those_who_agreed(aftermath.crm_options, aftermath.appointment)
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
        for record in crm(t.provider).records(aftermath.crm_options, known, aftermath.change)
    ]


async def carry_out(outward: Outward, errand: Errand) -> Done:
    detail = errand.effect.detail
    record, account = str(detail["record"]), _account(outward, errand)
    adapter = crm(str(detail["provider"]))
    known = of_those_who_agreed(errand.crm_options, errand.appointment)
    return await adapter.write(record, account, known, errand.change, errand.refs, outward.pool)


def _account(outward: Outward, errand: Errand) -> Connection | None:
    """None for the internal CRM, which needs none."""
    detail = errand.effect.detail
    if detail["connection_id"] is None:
        return None
    if errand.account is None:
        raise PersonMustAct("the CRM is no longer connected", error_code=f"crm_reconnect_{detail['provider']}")
    return errand.account.opened(outward.vault)
