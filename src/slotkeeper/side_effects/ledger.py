"""The ledger: each effect's state, written in the same transaction as what it follows from."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from procrastinate.jobs import Job
from psycopg.types.json import Jsonb

from slotkeeper.db.pool import Connection, Params, fetch
from slotkeeper.jobs.ending import ENDED_AND_NEXT_JSON, ENDED_JSON, FINISHED, Ended
from slotkeeper.jobs.outcomes import Done
from slotkeeper.jobs.queue import defer, effect_lock, jobs
from slotkeeper.records.effect import FENCED, Effect, PlannedEffect, effect_id


async def write_down(
    connection: Connection,
    company_id: UUID,
    appointment_id: UUID,
    sequence: int,
    effects: Sequence[PlannedEffect],
    job: Job | None = None,
) -> None:
    """Enter the effects and one job each; those entered already (by an attempt that died) stay as they are.

    Older effects of the same kind and target that are still waiting are superseded where the newer makes them needless.
    ``job`` is what does so, and ends with it.
    """
    params = {
        "company_id": company_id,
        "appointment_id": appointment_id,
        "sequence": sequence,
        "ids": [effect_id(appointment_id, sequence, e.kind, e.target) for e in effects],
        "kinds": [e.kind for e in effects],
        "targets": [e.target for e in effects],
        "details": [Jsonb(e.detail) for e in effects],
        "locks": [effect_lock(appointment_id, account_of(e)) for e in effects],
        "fenced": sorted(FENCED),
    }
    await _execute_and_end(connection, _WRITE_DOWN, params, job)


def account_of(effect: PlannedEffect) -> str:
    """Records at one account share an order (the contact before its meeting); everything else goes by its target."""
    return ":".join([effect.kind, *effect.target.split(":")[:2]])


async def record_done(
    connection: Connection, effect: Effect, done: Done, now: datetime, job: Job | None = None
) -> None:
    """Done, together with the outside objects to remember; ``job`` is what did it, and ends with it."""
    params = {
        "company_id": effect.company_id,
        "appointment_id": effect.appointment_id,
        "id": effect.id,
        "now": now,
        "provider": effect.detail.get("provider"),
        "connection_id": effect.detail.get("connection_id"),
        "user_id": effect.detail.get("user_id"),
        "records": [ref.record for ref in done.refs],
        "external_ids": [ref.external_id for ref in done.refs],
        "containers": [ref.container for ref in done.refs],
        "etags": [ref.etag for ref in done.refs],
    }
    await _execute_and_end(connection, _RECORD_DONE, params, job)


async def _execute_and_end(connection: Connection, sql: str, params: Params, job: Job | None) -> None:
    ended = await fetch(connection, Ended, sql, {**params, **jobs.ending(job)})
    if job and ended:
        jobs.has_ended(job, ended)


async def record_superseded(connection: Connection, effect: Effect, now: datetime) -> None:
    await _set(connection, effect, {"state": "superseded", "done_at": now})


async def record_retry(connection: Connection, effect: Effect, error: str, at: datetime) -> None:
    await _set(connection, effect, {"state": "retrying", "error": error, "next": at, "attempts": effect.attempts + 1})


async def record_needs_person(connection: Connection, effect: Effect, error: str, code: str) -> None:
    await _set(
        connection, effect, {"state": "needs_person", "error": error, "code": code, "attempts": effect.attempts + 1}
    )


async def _set(connection: Connection, effect: Effect, values: Mapping[str, object]) -> None:
    defaults = {"error": effect.last_error, "code": None, "next": None, "done_at": None, "attempts": effect.attempts}
    await connection.execute(_SET, {**defaults, "company_id": effect.company_id, "id": effect.id, **values})


JOB_ARGS = "jsonb_build_object('company_id', e.company_id, 'effect_id', e.id)"

_WRITE_DOWN = f"""
    WITH planned AS (
        SELECT * FROM unnest(
            %(ids)s::uuid[], %(kinds)s::text[], %(targets)s::text[], %(details)s::jsonb[], %(locks)s::text[]
        ) WITH ORDINALITY AS p (id, kind, target, detail, lock, position)
    ), superseded AS (
        UPDATE effects e SET state = 'superseded', done_at = now(), next_attempt_at = NULL
        FROM planned p
        WHERE e.company_id = %(company_id)s AND e.appointment_id = %(appointment_id)s AND e.sequence < %(sequence)s
            AND e.kind = p.kind AND e.target = p.target AND e.kind = ANY (%(fenced)s)
            AND e.state IN ('pending', 'retrying', 'needs_person')
        RETURNING p.lock
    ), hurried AS (
        UPDATE procrastinate_jobs j SET scheduled_at = NULL
        FROM superseded s WHERE j.lock = s.lock AND j.status = 'todo'
    ), entered AS (
        INSERT INTO effects (company_id, id, appointment_id, sequence, kind, target, detail)
        SELECT %(company_id)s, id, %(appointment_id)s, %(sequence)s, kind, target, detail
        FROM planned ORDER BY position
        ON CONFLICT DO NOTHING
        RETURNING company_id, id
    ), placed AS (
        INSERT INTO external_refs (company_id, appointment_id, provider, connection_id, user_id, record)
        SELECT %(company_id)s, %(appointment_id)s, detail ->> 'provider', (detail ->> 'connection_id')::uuid,
            (detail ->> 'user_id')::uuid, detail ->> 'record'
        FROM planned WHERE kind = 'calendar'
        ON CONFLICT DO NOTHING
    ), fanned_out AS (
        UPDATE changes SET planned_at = coalesce(planned_at, now())
        WHERE company_id = %(company_id)s AND appointment_id = %(appointment_id)s AND sequence = %(sequence)s
    ), deferred AS MATERIALIZED (
        SELECT {defer("carry_out", lock="p.lock", args=JOB_ARGS)}
        FROM entered e JOIN planned p USING (id) ORDER BY p.position
    ), {FINISHED}
    SELECT {ENDED_JSON}::text, (SELECT count(*) FROM deferred)
"""

_RECORD_DONE = f"""
    WITH done AS (
        UPDATE effects SET state = 'done', done_at = %(now)s, attempts = attempts + 1, next_attempt_at = NULL,
            error_code = NULL
        WHERE company_id = %(company_id)s AND id = %(id)s
    ), remembered AS (
        INSERT INTO external_refs (
            company_id, appointment_id, provider, connection_id, user_id, record, external_id, container, etag
        )
        SELECT %(company_id)s, %(appointment_id)s, %(provider)s, %(connection_id)s::uuid, %(user_id)s::uuid, r.*
        FROM unnest(
            %(records)s::text[], %(external_ids)s::text[], %(containers)s::text[], %(etags)s::text[]
        ) AS r (record, external_id, container, etag)
        ON CONFLICT (company_id, appointment_id, provider, connection_id, record)
        DO UPDATE SET external_id = excluded.external_id, container = excluded.container, etag = excluded.etag,
            updated_at = now()
    ), {FINISHED}
    SELECT {ENDED_AND_NEXT_JSON}::text
"""

_SET = """
    UPDATE effects SET state = %(state)s, last_error = %(error)s, error_code = %(code)s, next_attempt_at = %(next)s,
        done_at = %(done_at)s, attempts = %(attempts)s
    WHERE company_id = %(company_id)s AND id = %(id)s
"""
