"""Connect an account: its credentials are tried before they are kept."""

from collections.abc import Mapping
from uuid import UUID, uuid4

import msgspec
from psycopg.types.json import Jsonb
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Malformed, NotFound, Unavailable
from slotkeeper.integrations.connections import SUMMARY_JSON, ConnectionSummary
from slotkeeper.integrations.protocols import Connectable
from slotkeeper.integrations.registry import connectable
from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.jobs.queue import defer
from slotkeeper.records.connection import Connection as Account
from slotkeeper.secrets import Vault


class NewConnection(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``writes``: new events are made in this calendar. ``reads_busy``: what is in it blocks the host."""

    provider: str
    credentials: dict[str, str] = {}
    settings: dict[str, object] = {}
    writes: bool = True
    reads_busy: bool = True

    def __repr__(self) -> str:
        return f"NewConnection(provider={self.provider!r})"


async def connect(
    pool: "AsyncConnectionPool[Connection]",
    vault: Vault,
    company_id: UUID,
    user_id: UUID | None,
    new: NewConnection,
) -> ConnectionSummary:
    """Try the credentials, then keep them; a calendar is read soon after. ``user_id`` None: for the whole company.

    Connecting the same calendar again renews its credentials: its id stays, and with it the events that it holds.
    Raises ``Malformed`` for an unknown provider or credentials that do not work, ``Conflict`` for a provider that
    cannot be connected, ``NotFound`` for an unknown user, ``Unavailable`` if the provider does not answer.
    """
    kind, adapter = connectable(new.provider)
    if kind == "calendar" and user_id is None:
        raise Malformed.field("userId", "a calendar belongs to a user")
    account = Account(
        id=uuid4(),
        company_id=company_id,
        provider=new.provider,
        kind=kind,
        user_id=user_id,
        settings=new.settings,
        credentials=new.credentials,
    )
    settings = {**new.settings, **await _checked(adapter, account)}
    async with pool.connection() as connection, connection.transaction():
        return await _keep(connection, vault, account, settings, new)


async def _checked(adapter: Connectable, account: Account) -> Mapping[str, object]:
    try:
        return await adapter.check(account)
    except PersonMustAct as refused:
        raise Malformed.field("credentials", str(refused)) from refused
    except Later as later:
        raise Unavailable(f"{account.provider} does not answer: {later}") from later


async def _keep(
    connection: Connection, vault: Vault, account: Account, settings: Mapping[str, object], new: NewConnection
) -> ConnectionSummary:
    params = {
        "company_id": account.company_id,
        "id": account.id,
        "user_id": account.user_id,
        "provider": account.provider,
        "kind": account.kind,
        "settings": Jsonb(settings),
        "credentials": vault.seal(msgspec.json.encode(account.credentials)),
        "writes": new.writes,
        "reads_busy": new.reads_busy,
    }
    summary = await fetch(connection, ConnectionSummary, _KEEP, params)
    if summary is None:
        raise NotFound(f"user {account.user_id} not found")
    if account.kind == "calendar" and new.reads_busy:
        await connection.execute(_READ_SOON, {"company_id": account.company_id, "id": summary.id})
    return summary


# The user's zone is what a calendar that names none is read in.
_KEEP = f"""
    WITH given AS (
        SELECT jsonb_strip_nulls(jsonb_build_object('timezone', u.timezone)) || %(settings)s AS settings
        FROM (VALUES (%(user_id)s::uuid)) v (user_id)
        LEFT JOIN users u ON u.company_id = %(company_id)s AND u.id = v.user_id AND u.deleted_at IS NULL
        WHERE v.user_id IS NULL OR u.id IS NOT NULL
    ), renewed AS (
        UPDATE connections c SET settings = given.settings, credentials = %(credentials)s, writes = %(writes)s,
            reads_busy = %(reads_busy)s, broken_at = NULL, updated_at = now()
        FROM given
        WHERE c.company_id = %(company_id)s AND c.user_id = %(user_id)s::uuid AND c.provider = %(provider)s
            AND c.settings -> 'selectedCalendars' = given.settings -> 'selectedCalendars'
            AND c.settings -> 'email' = given.settings -> 'email' AND c.deleted_at IS NULL
        RETURNING c.*
    ), added AS (
        INSERT INTO connections (company_id, id, user_id, provider, kind, settings, credentials, writes, reads_busy)
        SELECT %(company_id)s, %(id)s, %(user_id)s::uuid, %(provider)s, %(kind)s, settings, %(credentials)s,
            %(writes)s, %(reads_busy)s
        FROM given WHERE NOT EXISTS (SELECT FROM renewed)
        RETURNING *
    )
    SELECT ({SUMMARY_JSON})::text FROM (SELECT * FROM renewed UNION ALL SELECT * FROM added) x
"""

_JOB_LOCK = "'busy/' || %(id)s::uuid"
_JOB_ARGS = "jsonb_build_object('company_id', %(company_id)s::uuid, 'connection_id', %(id)s::uuid)"

_READ_SOON = f"SELECT {defer('pull_busy_times_of', lock=_JOB_LOCK, args=_JOB_ARGS)}"
