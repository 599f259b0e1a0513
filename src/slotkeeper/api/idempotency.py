"""``Idempotency-Key``: a request that comes again gets the first answer again, byte for byte.

The record is written in the transaction of the request itself, so that there is an answer to repeat if and only if what
it tells of was committed. After the IETF draft draft-ietf-httpapi-idempotency-key-header.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import msgspec
from litestar import Request
from psycopg.types.json import Jsonb

from slotkeeper.api.answer import Answer
from slotkeeper.api.bodies import decode
from slotkeeper.api.problems import problem_answer
from slotkeeper.api.services import Services
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict, KeyReused, Malformed, SlotkeeperError
from slotkeeper.records.caller import Mover

LIFETIME = timedelta(hours=24)
_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ANYTHING = msgspec.json.Decoder()
KEPT = range(403, 413)
"""Statuses of refusals that are kept like any answer: the state decided them, and a repetition must not decide anew."""

Run = Callable[[Connection], Awaitable[Answer]]


class Fingerprint(msgspec.Struct, frozen=True):
    """What a request asked for (sha-256 of method, path, query and body), and its path."""

    digest: bytes
    path: str


async def fingerprint_of(request: Request[Any, Any, Any]) -> Fingerprint:
    """Alike for bodies that differ only in white space or the order of members, and for any order of the query."""
    body = await request.body()
    canonical = msgspec.json.encode(decode(_ANYTHING, body), order="sorted") if body else b""
    query = sorted(request.query_params.multi_items())
    asked = msgspec.json.encode((request.method, request.url.path, query))
    return Fingerprint(hashlib.sha256(asked + b"\n" + canonical).digest(), request.url.path)


def require_visible(key: str | None) -> None:
    """Raises ``Malformed`` for a key that is not 1 to 255 visible ASCII characters."""
    if key is not None and not _KEY.fullmatch(key):
        raise Malformed.field("Idempotency-Key", "must be 1 to 255 visible ASCII characters")


async def once(services: Services, caller: Mover, fingerprint: Fingerprint, key: str, run: Run) -> Answer:
    """Run in one transaction, or give the answer that this caller's ``key`` already has (for 24 hours).

    A database error that ``run`` raises rolls everything back and goes on to the caller, who may try again.
    Raises ``Conflict`` (idempotency-in-progress) while the first one is running, and ``KeyReused`` for another request.
    """
    async with services.pool.connection() as connection, connection.transaction():
        params = {"company_id": caller.company_id, "caller": str(caller.id), "key": key, "now": services.clock()}
        if kept := await _kept(connection, params, fingerprint):
            return kept
        answer = await _decided(services, connection, fingerprint, run)
        await _keep(connection, params, fingerprint, answer)
        return answer


async def _kept(connection: Connection, params: Mapping[str, object], fingerprint: Fingerprint) -> Answer | None:
    """The lock is held until the transaction ends."""
    cursor = await connection.execute(_LOCK_AND_FIND, {**params, "lifetime": LIFETIME})
    row = await cursor.fetchone()
    locked, digest, status, headers, body = row or (False, None, None, None, None)
    if digest is None:
        if not locked:
            raise _in_progress()
        return None
    if digest != fingerprint.digest:
        raise KeyReused("this Idempotency-Key was used for another request")
    return Answer(status=status, headers={**headers, "idempotent-replayed": "true"}, body=body)


async def _decided(services: Services, connection: Connection, fingerprint: Fingerprint, run: Run) -> Answer:
    try:
        async with connection.transaction():
            return await run(connection)
    except SlotkeeperError as error:
        if error.status not in KEPT:
            raise
        return problem_answer(error, services.settings.public_url, fingerprint.path)


async def _keep(connection: Connection, params: Mapping[str, object], fingerprint: Fingerprint, answer: Answer) -> None:
    record = {
        "fingerprint": fingerprint.digest,
        "status": answer.status,
        "headers": Jsonb(dict(answer.headers)),
        "body": answer.body,
    }
    cursor = await connection.execute(_KEEP, {**params, **record, "lifetime": LIFETIME})
    if cursor.rowcount == 0:
        # The first one committed between our snapshot and our lock; the exception rolls everything back.
        raise _in_progress()


def _in_progress() -> Conflict:
    return Conflict("the first request with this Idempotency-Key is still running", code="idempotency-in-progress")


_LOCK_AND_FIND = """
    SELECT l.locked, r.fingerprint, r.status, r.headers, r.body
    FROM (
        SELECT pg_try_advisory_xact_lock(
            hashtextextended(concat_ws('/', %(company_id)s::uuid, %(caller)s::text, %(key)s::text), 0)
        ) AS locked
    ) l
    LEFT JOIN idempotency_records r ON r.company_id = %(company_id)s AND r.caller = %(caller)s AND r.key = %(key)s
        AND r.created_at > %(now)s - %(lifetime)s
"""

_KEEP = """
    INSERT INTO idempotency_records (company_id, caller, key, fingerprint, status, headers, body, created_at)
    VALUES (
        %(company_id)s, %(caller)s, %(key)s, %(fingerprint)s, %(status)s, %(headers)s, %(body)s, %(now)s
    )
    ON CONFLICT (company_id, caller, key) DO UPDATE SET
        fingerprint = excluded.fingerprint, status = excluded.status, headers = excluded.headers, body = excluded.body,
        created_at = excluded.created_at
    WHERE idempotency_records.created_at <= %(now)s - %(lifetime)s
"""
