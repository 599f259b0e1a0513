"""The effect ledger of an appointment: what followed each change, and how far it got."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from litestar import Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter

from slotkeeper.api.auth import require_scope
from slotkeeper.api.openapi import READING, problems
from slotkeeper.api.services import Services
from slotkeeper.api.v4.appointments import AppointmentId
from slotkeeper.appointments.policy import require_may_see
from slotkeeper.records.caller import Caller
from slotkeeper.records.effect import Effect, EffectKind, EffectState
from slotkeeper.side_effects.ledger_of_appointment import ledger_of, retry_effect

EffectId = Annotated[UUID, PathParameter(name="effectId")]


class EffectJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``version`` is the appointment's SEQUENCE that the effect belongs to; ``attempts`` counts tries made."""

    id: UUID
    kind: EffectKind
    target: str
    version: int
    state: EffectState
    attempts: int
    last_error: str | None
    error_code: str | None
    next_attempt_at: datetime | None
    done_at: datetime | None


class LedgerJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``settled``: every change has been fanned out and nothing is waiting or being retried."""

    settled: bool
    effects: Sequence[EffectJson]


@get("/effects", tags=["Effects"], summary="The effect ledger of an appointment", responses=problems(*READING))
async def get_ledger(
    appointment_id: AppointmentId, caller: NamedDependency[Caller], services: NamedDependency[Services]
) -> LedgerJson:
    """What followed each change: kind, target, version, state, attempts, last error, next attempt."""
    async with services.pool.connection() as connection:
        ledger = await ledger_of(connection, caller.company_id, appointment_id)
    require_may_see(caller, ledger.host_ids)
    waiting = ledger.waiting > 0 or any(effect.state in ("pending", "retrying") for effect in ledger.effects)
    return LedgerJson(settled=not waiting, effects=[_present(effect) for effect in ledger.effects])


@post(
    "/effects/{effectId:str}/retry",
    operation_id="retryEffectV4",
    status_code=200,
    tags=["Effects"],
    summary="Run a failed effect again, now",
    responses=problems(*READING, 409),
)
async def retry(
    appointment_id: AppointmentId,
    effect_id: EffectId,
    caller: NamedDependency[Caller],
    services: NamedDependency[Services],
) -> EffectJson:
    """409 for an effect that is done, or that a later change has made needless."""
    async with services.pool.connection() as connection, connection.transaction():
        require_may_see(caller, (await ledger_of(connection, caller.company_id, appointment_id)).host_ids)
        return _present(await retry_effect(connection, caller.company_id, appointment_id, effect_id))


def _present(effect: Effect) -> EffectJson:
    return EffectJson(
        id=effect.id,
        kind=effect.kind,
        target=effect.target,
        version=effect.sequence,
        state=effect.state,
        attempts=effect.attempts,
        last_error=effect.last_error,
        error_code=effect.error_code,
        next_attempt_at=effect.next_attempt_at,
        done_at=effect.done_at,
    )


ROUTER = Router(
    "/v4/appointment/{id:str}",
    guards=[require_scope("scheduling")],
    route_handlers=[get_ledger, retry],
)
