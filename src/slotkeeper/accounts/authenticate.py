"""A credential becomes a caller, in one statement per kind of credential (meetergo-v4-api.md 1.2, 1.3).

What is wrong with a credential is told in the API's own words: ``Invalid API key`` and ``API key has expired``.
"""

import hmac
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.accounts.tokens import PLATFORM_PREFIX
from slotkeeper.db.pool import Connection, fetch, fetch_all
from slotkeeper.errors import Forbidden, Malformed, MissingHeader, Unauthenticated
from slotkeeper.records.caller import Caller
from slotkeeper.secrets import Vault, hash_token

USER_HEADER = "x-meetergo-api-user-id"
INVALID = "Invalid API key"
EXPIRED = "API key has expired"


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    """What a statement says of a credential; ``caller.link_key`` is still encrypted."""

    caller: Caller | None
    usable: bool = True
    expired: bool = False
    secret_hash: bytes = b""


async def by_personal_token(
    connection: Connection, vault: Vault, token: str, acting_as: str | None, now: datetime
) -> Caller:
    """The token's owner. Raises ``Unauthenticated``; ``Forbidden`` where ``acting_as`` names another user."""
    found = await fetch(connection, _Found, BY_TOKEN_SQL, {"token_hash": hash_token(token), "now": now})
    return only_as_itself(_caller(vault, _usable(found)), acting_as)


async def by_platform_key(
    connection: Connection, vault: Vault, key: str, acting_as: str | None, now: datetime, *, or_owner: bool
) -> Caller:
    """The user that ``acting_as`` (the header's text) names; without one the company's owner if ``or_owner``.

    Raises ``Unauthenticated``, ``MissingHeader``, ``Malformed``, and ``Forbidden`` for a user of no or another company.
    """
    key_id, _, secret = key.removeprefix(PLATFORM_PREFIX).partition(":")
    params = {"id": _uuid(key_id), "user_id": _uuid(acting_as), "owner": acting_as is None, "now": now}
    found = await fetch(connection, _Found, _BY_KEY, params)
    if found is None or not hmac.compare_digest(found.secret_hash, hash_token(secret)):
        raise Unauthenticated(INVALID)
    found = _usable(found)
    _require_user(acting_as, or_owner=or_owner)
    if found.caller is None:
        raise Forbidden(f"{USER_HEADER} does not name a user of this company")
    return _caller(vault, found)


async def by_identity(connection: Connection, vault: Vault, subject: str, email: str | None) -> Caller:
    """The user that a verified JWT speaks of: by its subject, else by its verified ``email`` if that names one user.

    A user bound to a subject is never found by e-mail, and an address of several companies names nobody.
    """
    found = await fetch_all(connection, _Found, _BY_IDENTITY, {"subject": subject, "email": email})
    if len(found) != 1:
        raise Unauthenticated(INVALID)
    return _caller(vault, found[0])


def only_as_itself(caller: Caller, acting_as: str | None) -> Caller:
    """Only a platform key may act as somebody else."""
    if acting_as is not None and _uuid(acting_as) != caller.user_id:
        raise Forbidden(f"{USER_HEADER} may name another user only with a platform key")
    return caller


def _usable(found: _Found | None) -> _Found:
    if found is None or not found.usable:
        raise Unauthenticated(INVALID)
    if found.expired:
        raise Unauthenticated(EXPIRED)
    return found


def _require_user(acting_as: str | None, *, or_owner: bool) -> None:
    if acting_as is None and not or_owner:
        raise MissingHeader(f"Missing required header '{USER_HEADER}' for API key authentication")
    if acting_as is not None and _uuid(acting_as) is None:
        raise Malformed.field(USER_HEADER, "must be a UUID")


def _caller(vault: Vault, found: _Found) -> Caller:
    if found.caller is None:
        raise Unauthenticated(INVALID)
    return msgspec.structs.replace(found.caller, link_key=vault.open(found.caller.link_key))


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text)
    except (TypeError, ValueError):
        return None


_CALLER = """json_build_object(
    'company_id', c.id, 'user_id', u.id, 'user_name', trim(u.given_name || ' ' || u.family_name), 'email', u.email,
    'is_admin', u.is_admin, 'override_by', c.override_by, 'timezone', c.timezone, 'language', c.language,
    'link_key', translate(encode(c.link_key, 'base64'), E'\\n', '')"""

BY_TOKEN_SQL = f"""
    SELECT json_build_object(
        'caller', {_CALLER}, 'credential', 'personal', 'scopes', t.scopes),
        'usable', t.revoked_at IS NULL AND u.deleted_at IS NULL, 'expired', coalesce(t.expires_at <= %(now)s, false)
    )::text
    FROM personal_tokens t
    JOIN users u ON u.company_id = t.company_id AND u.id = t.user_id
    JOIN companies c ON c.id = t.company_id
    WHERE t.token_hash = %(token_hash)s
"""

_BY_KEY = f"""
    SELECT json_build_object(
        'caller', CASE WHEN u.id IS NOT NULL THEN {_CALLER}, 'credential', 'platform') END,
        'usable', k.deactivated_at IS NULL AND k.revoked_at IS NULL, 'expired', k.expires_at <= %(now)s,
        'secret_hash', translate(encode(k.secret_hash, 'base64'), E'\\n', '')
    )::text
    FROM platform_keys k
    JOIN companies c ON c.id = k.company_id
    LEFT JOIN users u ON u.company_id = c.id AND u.deleted_at IS NULL
        AND u.id = CASE WHEN %(owner)s THEN c.owner_id ELSE %(user_id)s::uuid END
    WHERE k.id = %(id)s
"""

_BY_IDENTITY = f"""
    WITH named AS (
        SELECT company_id, id, oidc_subject IS NOT NULL AS by_subject FROM users
        WHERE deleted_at IS NULL
            AND (oidc_subject = %(subject)s OR (oidc_subject IS NULL AND lower(email) = lower(%(email)s)))
    )
    SELECT json_build_object('caller', {_CALLER}, 'credential', 'jwt'))::text
    FROM named n
    JOIN users u ON u.company_id = n.company_id AND u.id = n.id
    JOIN companies c ON c.id = u.company_id
    WHERE n.by_subject OR NOT EXISTS (SELECT FROM named WHERE by_subject)
    LIMIT 2
"""
