"""Carry one effect outward: one remote call, three outcomes, and the ledger says which."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from uuid import UUID

from procrastinate.jobs import Job

from slotkeeper.jobs.outcomes import Done, Later, PersonMustAct
from slotkeeper.jobs.queue import TryAgain
from slotkeeper.records.effect import EffectKind
from slotkeeper.side_effects import (
    fire_webhooks,
    ledger,
    notify_participants,
    send_due_reminders,
    send_messages,
    update_calendar_events,
    update_crms,
)
from slotkeeper.side_effects.after import is_needless
from slotkeeper.side_effects.back_off import GIVEN_UP, retry_in
from slotkeeper.side_effects.load_errand import load_errand
from slotkeeper.side_effects.outward import Errand, Outward

logger = logging.getLogger(__name__)

CARRY_OUT: Mapping[EffectKind, Callable[[Outward, Errand], Awaitable[Done]]] = {
    "email": notify_participants.carry_out,
    "reminder": send_due_reminders.carry_out,
    "message": send_messages.carry_out,
    "calendar": update_calendar_events.carry_out,
    "crm": update_crms.carry_out,
    "webhook": fire_webhooks.carry_out,
}


async def carry_out(outward: Outward, company_id: UUID, effect_id: UUID, job: Job | None = None) -> None:
    """Raises ``TryAgain`` when it has to run again; an effect that is settled already is left alone."""
    async with outward.pool.connection() as connection:
        errand = await load_errand(connection, company_id, effect_id)
    if errand is None or errand.effect.state not in ("pending", "retrying"):
        return
    if is_stale(errand):
        async with outward.pool.connection() as connection:
            await ledger.record_superseded(connection, errand.effect, outward.clock())
        return
    await _attempt(outward, errand, job)


def is_stale(errand: Errand) -> bool:
    """A later change of the appointment makes this effect needless."""
    return is_needless(errand.effect.kind, errand.change.kind, errand.later)


async def _attempt(outward: Outward, errand: Errand, job: Job | None) -> None:
    effect = errand.effect
    try:
        done = await CARRY_OUT[effect.kind](outward, errand)
    except PersonMustAct as verdict:
        async with outward.pool.connection() as connection:
            await ledger.record_needs_person(connection, effect, str(verdict), verdict.error_code)
    except Later as later:
        await _later(outward, errand, later)
    except Exception as defect:  # a defect of ours must not lose the effect: it waits, visibly, and is tried again
        logger.exception("effect %s failed unexpectedly", effect.id)
        await _later(outward, errand, Later(f"{type(defect).__name__}: {defect}"))
    else:
        async with outward.pool.connection() as connection:
            await ledger.record_done(connection, effect, done, outward.clock(), job)


async def _later(outward: Outward, errand: Errand, later: Later) -> None:
    effect = errand.effect
    wait = retry_in(effect.kind, effect.attempts + 1, later.retry_in)
    async with outward.pool.connection() as connection:
        if wait is None:
            await ledger.record_needs_person(connection, effect, str(later), GIVEN_UP[effect.kind])
            return
        at: datetime = outward.clock() + wait
        await ledger.record_retry(connection, effect, str(later), at)
    raise TryAgain(at)
