"""The answer of a dry run: every rule evaluated, what would be overridden, what would follow; nothing is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.api.v4.appointment_json import AppointmentJson, present
from slotkeeper.appointments.reschedule import Decision, Reschedule, decide, read, suggestions
from slotkeeper.appointments.verdict import conflicts_of
from slotkeeper.db.pool import Connection
from slotkeeper.errors import ConflictDetail
from slotkeeper.records.caller import Caller
from slotkeeper.records.effect import PlannedEffect
from slotkeeper.side_effects.after import effects_after
from slotkeeper.side_effects.aftermath import read_aftermath_to_be


class PlannedEffectJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    kind: str
    target: str


class DryRunJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``appointment`` is as it would be; ``effects`` are those that would follow."""

    dry_run: Literal[True] = True
    would_succeed: bool
    appointment: AppointmentJson
    previous_start: datetime
    conflicts: Sequence[ConflictDetail]
    overridden: Sequence[ConflictDetail]
    suggestions: Sequence[datetime]
    effects: Sequence[PlannedEffectJson]


async def dry_run(connection: Connection, caller: Caller, request: Reschedule, now: datetime) -> DryRunJson:
    """Refuses like the real thing (404, 403, 409 for a state that forbids any move); a taken time is told."""
    decision = decide(await read(connection, caller, request, now), caller, request, now)
    refused = decision.verdict.refused
    return DryRunJson(
        would_succeed=not refused,
        appointment=present(decision.stored, caller.link_key),
        previous_start=decision.previous_start,
        conflicts=conflicts_of(refused),
        overridden=conflicts_of(decision.verdict.overridden),
        suggestions=await suggestions(connection, caller, request, now) if refused else [],
        effects=[_planned(e) for e in await _effects(connection, caller.company_id, decision)],
    )


async def _effects(connection: Connection, company_id: UUID, decision: Decision) -> Sequence[PlannedEffect]:
    if decision.change is None or decision.verdict.refused:
        return []
    appointment = decision.stored.appointment
    return effects_after(await read_aftermath_to_be(connection, company_id, appointment, decision.change))


def _planned(effect: PlannedEffect) -> PlannedEffectJson:
    return PlannedEffectJson(kind=effect.kind, target=effect.target)
