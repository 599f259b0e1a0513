"""Personal tokens (``rgo-…``) and platform keys (``ak_live:<uuid>:<secret>``), stored as hashes."""

import secrets
import string
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from slotkeeper.db.pool import Connection, fetch_all
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.secrets import hash_token

PERSONAL_PREFIX = "rgo-"
PLATFORM_PREFIX = "ak_live:"
MAX_KEY_LIFETIME = timedelta(days=90)
_ALPHABET = string.ascii_letters + string.digits


class TokenSummary(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    id: UUID
    user_id: UUID
    email: str
    name: str
    token_hint: str
    scopes: tuple[str, ...] | None
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None


async def new_personal_token(
    connection: Connection,
    company_id: UUID,
    user_id: UUID,
    *,
    name: str,
    scopes: list[str] | None = None,
    expires_at: datetime | None = None,
) -> str:
    """The token, shown once. ``scopes`` None: everything that its owner may."""
    token = PERSONAL_PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(32))
    await connection.execute(
        _INSERT_TOKEN,
        {
            "company_id": company_id,
            "id": uuid4(),
            "user_id": user_id,
            "name": name,
            "token_hash": hash_token(token),
            "token_hint": token[-4:],
            "scopes": scopes,
            "expires_at": expires_at,
        },
    )
    return token


async def new_platform_key(
    connection: Connection, company_id: UUID, created_by: UUID, *, name: str, expires_at: datetime
) -> str:
    """The key, shown once. Its lifetime is 1 to 90 days, as in the API."""
    if not datetime.now(UTC) < expires_at <= datetime.now(UTC) + MAX_KEY_LIFETIME:
        raise Malformed.field("expiresAt", "must be at most 90 days ahead")
    key_id, secret = uuid4(), secrets.token_urlsafe(32)
    await connection.execute(
        _INSERT_KEY,
        {
            "company_id": company_id,
            "id": key_id,
            "name": name,
            "secret_hash": hash_token(secret),
            "created_by": created_by,
            "expires_at": expires_at,
        },
    )
    return f"{PLATFORM_PREFIX}{key_id}:{secret}"


async def list_tokens(connection: Connection, company_id: UUID) -> list[TokenSummary]:
    return await fetch_all(connection, TokenSummary, _LIST_TOKENS, {"company_id": company_id})


async def revoke_token(connection: Connection, company_id: UUID, token_id: UUID) -> None:
    """From the next request on it is refused. Revoking twice changes nothing."""
    cursor = await connection.execute(_REVOKE_TOKEN, {"company_id": company_id, "id": token_id})
    if cursor.rowcount == 0:
        raise NotFound(f"token {token_id} not found")


_INSERT_TOKEN = """
    INSERT INTO personal_tokens (company_id, id, user_id, name, token_hash, token_hint, scopes, expires_at)
    VALUES (%(company_id)s, %(id)s, %(user_id)s, %(name)s, %(token_hash)s, %(token_hint)s, %(scopes)s, %(expires_at)s)
"""

_INSERT_KEY = """
    INSERT INTO platform_keys (company_id, id, name, secret_hash, created_by, expires_at)
    VALUES (%(company_id)s, %(id)s, %(name)s, %(secret_hash)s, %(created_by)s, %(expires_at)s)
"""

_LIST_TOKENS = """
    SELECT json_build_object(
        'id', t.id, 'userId', t.user_id, 'email', u.email, 'name', t.name, 'tokenHint', t.token_hint,
        'scopes', t.scopes, 'createdAt', t.created_at, 'expiresAt', t.expires_at, 'revokedAt', t.revoked_at
    )::text
    FROM personal_tokens t JOIN users u ON u.company_id = t.company_id AND u.id = t.user_id
    WHERE t.company_id = %(company_id)s
    ORDER BY t.created_at
"""

_REVOKE_TOKEN = """
    UPDATE personal_tokens SET revoked_at = coalesce(revoked_at, now())
    WHERE company_id = %(company_id)s AND id = %(id)s
"""
