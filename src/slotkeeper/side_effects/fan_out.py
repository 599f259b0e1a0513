"""After the commit: read what changed, ask the table, and enter each effect with its job. Safe to run again."""

from uuid import UUID

from msgspec.structs import replace
from procrastinate.jobs import Job

from slotkeeper.records.effect import PlannedEffect
from slotkeeper.side_effects.after import effects_after
from slotkeeper.side_effects.aftermath import read_aftermath
from slotkeeper.side_effects.fire_webhooks import sealed_body
from slotkeeper.side_effects.ledger import write_down
from slotkeeper.side_effects.outward import Outward


async def fan_out(
    outward: Outward, company_id: UUID, appointment_id: UUID, sequence: int, job: Job | None = None
) -> None:
    async with outward.pool.connection() as connection:
        aftermath = await read_aftermath(connection, company_id, appointment_id, sequence)
        if aftermath is None:
            raise LookupError(f"change {sequence} of appointment {appointment_id} not found")
        effects = effects_after(aftermath)
        if any(effect.kind == "webhook" for effect in effects):
            body = sealed_body(outward.vault, outward.vault.open(aftermath.link_key), aftermath)
            effects = [_with_body(effect, body) for effect in effects]
        await write_down(connection, company_id, appointment_id, sequence, effects, job)


def _with_body(effect: PlannedEffect, body: str) -> PlannedEffect:
    return replace(effect, detail={**effect.detail, "body": body}) if effect.kind == "webhook" else effect
