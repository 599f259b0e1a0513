"""The ledger as people see it, and their word to try an effect again."""

from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Conflict, NotFound
from slotkeeper.jobs.queue import defer, effect_lock
from slotkeeper.records.effect import Effect, PlannedEffect
from slotkeeper.side_effects.ledger import JOB_ARGS, account_of
from slotkeeper.side_effects.load_errand import EFFECT_JSON


class Ledger(msgspec.Struct, frozen=True, kw_only=True):
    """Oldest change first. ``waiting`` counts changes whose effects have not been entered yet."""

    host_ids: tuple[UUID, ...]
    waiting: int
    effects: tuple[Effect, ...]


async def ledger_of(connection: Connection, company_id: UUID, appointment_id: UUID) -> Ledger:
    """Raises ``NotFound`` alike for an unknown id and another company's."""
    params = {"company_id": company_id, "appointment_id": appointment_id}
    ledger = await fetch(connection, Ledger, _LEDGER, params)
    if ledger is None:
        raise NotFound("appointment not found")
    return ledger


async def retry_effect(connection: Connection, company_id: UUID, appointment_id: UUID, effect: UUID) -> Effect:
    """A person says: again, now. Raises ``NotFound``; ``Conflict`` for one that is done or superseded."""
    params = {"company_id": company_id, "appointment_id": appointment_id, "id": effect}
    found = await fetch(connection, Effect, _FIND, params)
    if found is None:
        raise NotFound(f"effect {effect} not found")
    if found.state in ("done", "superseded"):
        raise Conflict(f"the effect is {found.state}; there is nothing to retry", code="effect-settled")
    lock = effect_lock(appointment_id, account_of(PlannedEffect(kind=found.kind, target=found.target)))
    retried = await fetch(connection, Effect, _RETRY, {**params, "lock": lock})
    return retried or found


_LEDGER = f"""
    SELECT json_build_object(
        'host_ids', a.host_ids,
        'waiting', (
            SELECT count(*) FROM changes h
            WHERE h.company_id = a.company_id AND h.appointment_id = a.id AND h.planned_at IS NULL
        ),
        'effects', (
            SELECT coalesce(json_agg({EFFECT_JSON} ORDER BY e.sequence, e.created_at, e.kind, e.target), '[]')
            FROM effects e WHERE e.company_id = a.company_id AND e.appointment_id = a.id
        )
    )::text
    FROM appointments a
    WHERE a.company_id = %(company_id)s AND a.id = %(appointment_id)s
"""

_FIND = f"""
    SELECT ({EFFECT_JSON})::text FROM effects e
    WHERE e.company_id = %(company_id)s AND e.appointment_id = %(appointment_id)s AND e.id = %(id)s
"""

_RETRY = f"""
    WITH again AS (
        UPDATE effects SET state = 'pending', attempts = 0, next_attempt_at = NULL, error_code = NULL
        WHERE company_id = %(company_id)s AND appointment_id = %(appointment_id)s AND id = %(id)s
            AND state IN ('pending', 'retrying', 'needs_person')
        RETURNING *
    ), hurried AS (
        UPDATE procrastinate_jobs SET scheduled_at = NULL WHERE lock = %(lock)s AND status = 'todo'
    ), deferred AS (
        SELECT {defer("carry_out", lock="%(lock)s", args=JOB_ARGS)} FROM again e
    )
    SELECT ({EFFECT_JSON})::text FROM again e, deferred
"""
