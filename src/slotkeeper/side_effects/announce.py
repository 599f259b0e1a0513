"""Webhooks that tell of no appointment: entered with what they tell of, in its transaction, one row and job each.

Their shapes are not public: docs/decisions/0062.
"""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.jobs.queue import TryAgain, defer
from slotkeeper.side_effects.back_off import retry_in
from slotkeeper.side_effects.outward import Outward
from slotkeeper.webhooks.deliver import deliver
from slotkeeper.webhooks.endpoints import DESTINATION_JSON, SealedDestination

State = Literal["pending", "done", "retrying", "needs_person"]


class Announcement(msgspec.Struct, frozen=True, kw_only=True):
    """As it waits to be sent. ``endpoint`` None: it was deleted."""

    body: str
    state: State
    attempts: int
    endpoint: SealedDestination | None


async def announce(connection: Connection, company_id: UUID, body: msgspec.Struct) -> None:
    """To each endpoint that asked for it. ``body`` is tagged with its ``webhookType``."""
    params = {
        "company_id": company_id,
        "type": body.__struct_config__.tag,
        "body": msgspec.json.encode(body).decode(),
    }
    await execute(connection, _ANNOUNCE, params)


async def deliver_announcement(outward: Outward, company_id: UUID, announcement_id: UUID) -> None:
    """Raises ``TryAgain`` when it has to run again; one that is settled is left alone."""
    scope = {"company_id": company_id, "id": announcement_id}
    async with outward.pool.connection() as connection:
        announcement = await fetch(connection, Announcement, _LOAD, scope)
    if announcement is None or announcement.state in ("done", "needs_person"):
        return
    again_at: datetime | None = None
    try:
        error = await _deliver(outward, announcement_id, announcement)
        state: State = "needs_person" if error else "done"
    except Later as later:
        wait = retry_in("webhook", announcement.attempts + 1, later.retry_in)
        again_at = outward.clock() + wait if wait else None
        state, error = ("retrying" if wait else "needs_person"), str(later)
    async with outward.pool.connection() as connection:
        await execute(connection, _RECORD, {**scope, "state": state, "error": error, "now": outward.clock()})
    if again_at is not None:
        raise TryAgain(again_at)


async def _deliver(outward: Outward, announcement_id: UUID, announcement: Announcement) -> str | None:
    """Why a person has to act, if so."""
    if announcement.endpoint is None:
        return "the webhook endpoint was deleted"
    try:
        await deliver(
            announcement.endpoint.opened(outward.vault),
            message_id=str(announcement_id),
            body=announcement.body.encode(),
            sent_at=outward.clock(),
            allow_networks=outward.settings.webhook_allow_networks,
            kept=outward.webhook_clients,
        )
    except PersonMustAct as verdict:
        return str(verdict)
    return None


_JOB_ARGS = "jsonb_build_object('company_id', e.company_id, 'announcement_id', e.id)"

_ANNOUNCE = f"""
    WITH entered AS (
        INSERT INTO announcements (company_id, id, endpoint_id, webhook_type, body)
        SELECT w.company_id, gen_random_uuid(), w.id, %(type)s, %(body)s
        FROM webhook_endpoints w
        WHERE w.company_id = %(company_id)s AND w.deleted_at IS NULL AND %(type)s = ANY (w.event_types)
        RETURNING company_id, id
    )
    SELECT {defer("deliver_announcement", lock="'announcement/' || e.id", args=_JOB_ARGS)} FROM entered e
"""

_LOAD = f"""
    SELECT json_build_object('body', m.body, 'state', m.state, 'attempts', m.attempts, 'endpoint', (
        SELECT {DESTINATION_JSON} FROM webhook_endpoints w
        WHERE w.company_id = m.company_id AND w.id = m.endpoint_id AND w.deleted_at IS NULL
    ))::text
    FROM announcements m WHERE m.company_id = %(company_id)s AND m.id = %(id)s
"""

_RECORD = """
    UPDATE announcements SET state = %(state)s, last_error = %(error)s, attempts = attempts + 1,
        done_at = CASE WHEN %(state)s = 'done' THEN %(now)s::timestamptz END
    WHERE company_id = %(company_id)s AND id = %(id)s
"""
