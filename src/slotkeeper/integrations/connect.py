"""Connect an account: its credentials are tried before they are kept."""

from collections.abc import Mapping
from uuid import UUID, uuid4

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Malformed, NotFound, Unavailable
from slotkeeper.integrations.connections import SUMMARY_JSON, ConnectionSummary
from slotkeeper.integrations.protocols import Connectable
from slotkeeper.integrations.registry import connectable
from slotkeeper.jobs.outcomes import Later, PersonMustAct
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
    connection: Connection, vault: Vault, company_id: UUID, user_id: UUID | None, new: NewConnection
) -> ConnectionSummary:
    """Try the credentials, then keep them. ``user_id`` None: for the whole company.

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
    return await _insert(connection, vault, account, settings, new)


async def _checked(adapter: Connectable, account: Account) -> Mapping[str, object]:
    try:
        return await adapter.check(account)
    except PersonMustAct as refused:
        raise Malformed.field("credentials", str(refused)) from refused
    except Later as later:
        raise Unavailable(f"{account.provider} does not answer: {later}") from later


async def _insert(
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
    summary = await fetch(connection, ConnectionSummary, _INSERT, params)
    if summary is None:
        raise NotFound(f"user {account.user_id} not found")
    return summary


_INSERT = f"""
    INSERT INTO connections AS x (
        company_id, id, user_id, provider, kind, settings, credentials, writes, reads_busy
    )
    SELECT %(company_id)s, %(id)s, %(user_id)s::uuid, %(provider)s, %(kind)s, %(settings)s, %(credentials)s,
        %(writes)s, %(reads_busy)s
    WHERE %(user_id)s::uuid IS NULL OR EXISTS (
        SELECT FROM users u
        WHERE u.company_id = %(company_id)s AND u.id = %(user_id)s::uuid AND u.deleted_at IS NULL
    )
    RETURNING ({SUMMARY_JSON})::text
"""
