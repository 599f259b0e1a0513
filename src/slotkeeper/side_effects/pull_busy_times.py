"""Read the hosts' outside calendars, so that what blocks them there blocks them here."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from slotkeeper.db.host_calendars import bump_calendar
from slotkeeper.db.pool import Connection
from slotkeeper.integrations.connections import calendars_that_read_busy, load_connection
from slotkeeper.integrations.protocols import Busy
from slotkeeper.integrations.registry import calendar
from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.records.connection import Connection as Account
from slotkeeper.side_effects.outward import Outward
from slotkeeper.side_effects.report_broken import report_broken

logger = logging.getLogger(__name__)
_AHEAD = timedelta(days=366)
_BEHIND = timedelta(days=1)


async def pull_busy_times(outward: Outward) -> None:
    """One calendar after the other; one that fails keeps what it said last and never stops the next."""
    async with outward.pool.connection() as connection:
        accounts = await calendars_that_read_busy(connection, outward.vault)
    for account in accounts:
        await _pull(outward, account)


async def pull_busy_times_of(outward: Outward, company_id: UUID, connection_id: UUID) -> None:
    """One calendar, right after it was connected; nothing where it was disconnected meanwhile."""
    async with outward.pool.connection() as connection:
        account = await load_connection(connection, outward.vault, company_id, connection_id)
    if account is not None:
        await _pull(outward, account)


async def _pull(outward: Outward, account: Account) -> None:
    now = outward.clock()
    try:
        busy = await calendar(account.provider).read_busy(account, now - _BEHIND, now + _AHEAD)
    except Later as later:
        logger.warning("calendar %s could not be read: %s", account.id, later)
    except PersonMustAct as verdict:
        async with outward.pool.connection() as connection:
            await report_broken(connection, account, outward.clock())
        logger.warning("calendar %s needs a person: %s", account.id, verdict)
    except Exception:  # a defect of ours, or a provider that is no longer installed, must not stop the other calendars
        logger.exception("calendar %s could not be read", account.id)
    else:
        async with outward.pool.connection() as connection, connection.transaction():
            await _replace(connection, account, busy, now)


async def _replace(connection: Connection, account: Account, busy: Sequence[Busy], now: datetime) -> None:
    """The host's calendar version grows, so that a decision made on the old times is made again."""
    params = {
        "company_id": account.company_id,
        "user_id": account.user_id,
        "id": account.id,
        "now": now,
        "starts": [entry.start for entry in busy],
        "ends": [entry.end for entry in busy],
        "uids": [entry.uid for entry in busy],
        "titles": [entry.title for entry in busy],
        "free": [entry.free for entry in busy],
    }
    if account.user_id is not None:
        await bump_calendar(connection, account.company_id, account.user_id)
    await connection.execute(_FORGET, params)
    await connection.execute(_REMEMBER, params)


_FORGET = "DELETE FROM external_busy_times WHERE company_id = %(company_id)s AND connection_id = %(id)s"

_REMEMBER = """
    WITH read AS (
        UPDATE connections SET busy_read_at = %(now)s, broken_at = NULL
        WHERE company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL
        RETURNING id
    )
    INSERT INTO external_busy_times (company_id, user_id, connection_id, start_at, end_at, uid, blocks, title)
    SELECT %(company_id)s, %(user_id)s, read.id, b.start_at, b.end_at, b.uid, NOT b.free, named.title
    FROM read, unnest(
        %(starts)s::timestamptz[], %(ends)s::timestamptz[], %(uids)s::text[], %(titles)s::text[], %(free)s::boolean[]
    ) AS b (start_at, end_at, uid, title, free)
    LEFT JOIN LATERAL (
        SELECT v.explicit_availability_event_title AS title FROM availabilities v
        WHERE v.company_id = %(company_id)s AND v.user_id = %(user_id)s AND v.deleted_at IS NULL
            AND v.use_explicit_availability
            AND lower(btrim(v.explicit_availability_event_title)) = lower(btrim(b.title))
        LIMIT 1
    ) named ON true
    WHERE named.title IS NOT NULL OR NOT b.free
"""
"""What only a host's own calendar should hold, such as the titles of private events, is not kept."""
