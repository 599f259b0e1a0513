"""The accounts that hosts and companies have connected. Credentials are kept encrypted."""

import logging
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from cryptography.fernet import InvalidToken

from slotkeeper.db.pool import Connection, fetch, fetch_all
from slotkeeper.errors import NotFound
from slotkeeper.records.connection import Connection as Account
from slotkeeper.secrets import Vault

logger = logging.getLogger(__name__)


class ConnectionSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A connection as answers show it (meetergo-v4-api.md 2.9); ``is_primary``: new events are made here."""

    id: UUID
    provider: str
    email: str | None
    is_primary: bool
    is_connected: bool
    selected_calendars: Sequence[object]
    created_at: datetime
    updated_at: datetime


class SealedAccount(msgspec.Struct, frozen=True, kw_only=True):
    """As ``SEALED_ACCOUNT_JSON`` reads it."""

    account: Account
    credentials: bytes | None
    broken: bool

    def opened(self, vault: Vault) -> Account:
        if self.credentials is None:
            return self.account
        credentials = msgspec.json.decode(vault.open(self.credentials), type=dict[str, str])
        return msgspec.structs.replace(self.account, credentials=credentials)


async def connections_of(
    connection: Connection, company_id: UUID, user_id: UUID | None = None
) -> list[ConnectionSummary]:
    """One user's, or all of the company's; oldest first."""
    return await fetch_all(connection, ConnectionSummary, _LIST, {"company_id": company_id, "user_id": user_id})


async def disconnect(
    connection: Connection, company_id: UUID, connection_id: UUID, user_id: UUID | None = None
) -> None:
    """Forget the credentials and what the calendar blocked. With ``user_id``, only if it is theirs.

    Raises ``NotFound`` alike for an unknown id and somebody else's.
    """
    params = {"company_id": company_id, "id": connection_id, "user_id": user_id}
    cursor = await connection.execute(_DISCONNECT, params)
    if await cursor.fetchone() is None:
        raise NotFound(f"connection {connection_id} not found")


async def load_connection(
    connection: Connection, vault: Vault, company_id: UUID, connection_id: UUID
) -> Account | None:
    """With its credentials, for an adapter to use; None where it was disconnected."""
    sealed = await fetch(connection, SealedAccount, _LOAD, {"company_id": company_id, "id": connection_id})
    return None if sealed is None else sealed.opened(vault)


async def calendars_that_read_busy(connection: Connection, vault: Vault) -> list[Account]:
    """Every company's, for the worker's round; broken ones wait for their person, and so do unreadable credentials."""
    accounts = []
    for sealed in await fetch_all(connection, SealedAccount, _THAT_READ_BUSY, {}):
        try:
            accounts.append(sealed.opened(vault))
        except InvalidToken:
            logger.warning("the credentials of connection %s cannot be read with this secret key", sealed.account.id)
    return accounts


async def mark_broken(connection: Connection, company_id: UUID, connection_id: UUID) -> bool:
    """It will not work again by itself: answers show it as not connected since the first time, which is told."""
    cursor = await connection.execute(_MARK_BROKEN, {"company_id": company_id, "id": connection_id})
    return cursor.rowcount == 1


async def mark_working(connection: Connection, company_id: UUID, connection_id: UUID) -> None:
    """A call to it was answered: it is not, or no longer, broken."""
    await connection.execute(_MARK_WORKING, {"company_id": company_id, "id": connection_id})


SUMMARY_JSON = """json_build_object(
    'id', x.id, 'provider', x.provider, 'email', x.settings ->> 'email',
    'isPrimary', x.kind = 'calendar' AND x.writes, 'isConnected', x.broken_at IS NULL,
    'selectedCalendars', jsonb_path_query_array(x.settings, '$.selectedCalendars[*]'),
    'createdAt', x.created_at, 'updatedAt', x.updated_at
)"""

# PostgreSQL breaks base64 into lines of 76 characters (RFC 2045), which a JSON decoder's base64 (RFC 4648) refuses.
SEALED_ACCOUNT_JSON = """json_build_object(
    'account', json_build_object(
        'id', x.id, 'company_id', x.company_id, 'provider', x.provider, 'kind', x.kind, 'user_id', x.user_id,
        'settings', x.settings
    ),
    'credentials', translate(encode(x.credentials, 'base64'), E'\\n', ''),
    'broken', x.broken_at IS NOT NULL
)"""

_LIST = f"""
    SELECT ({SUMMARY_JSON})::text FROM connections x
    WHERE x.company_id = %(company_id)s AND x.deleted_at IS NULL
        AND (%(user_id)s::uuid IS NULL OR x.user_id = %(user_id)s::uuid)
    ORDER BY x.created_at, x.id
"""

_DISCONNECT = """
    WITH gone AS (
        UPDATE connections SET deleted_at = now(), updated_at = now(), credentials = NULL
        WHERE company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL
            AND (%(user_id)s::uuid IS NULL OR user_id = %(user_id)s::uuid)
        RETURNING company_id, id
    ), forgotten AS (
        DELETE FROM external_busy_times b USING gone
        WHERE b.company_id = gone.company_id AND b.connection_id = gone.id
    )
    SELECT id FROM gone
"""

_LOAD = f"""
    SELECT ({SEALED_ACCOUNT_JSON})::text FROM connections x
    WHERE x.company_id = %(company_id)s AND x.id = %(id)s AND x.deleted_at IS NULL
"""

_THAT_READ_BUSY = f"""
    SELECT ({SEALED_ACCOUNT_JSON})::text FROM connections x
    WHERE x.kind = 'calendar' AND x.reads_busy AND x.deleted_at IS NULL AND x.broken_at IS NULL
    ORDER BY x.busy_read_at NULLS FIRST, x.id
"""

_MARK_BROKEN = """
    UPDATE connections SET broken_at = now(), updated_at = now()
    WHERE company_id = %(company_id)s AND id = %(id)s AND broken_at IS NULL
"""

_MARK_WORKING = """
    UPDATE connections SET broken_at = NULL, updated_at = now()
    WHERE company_id = %(company_id)s AND id = %(id)s AND broken_at IS NOT NULL
"""
