"""The endpoints that a company's webhooks go to: at most six, addresses checked, secrets encrypted at rest."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET
from msgspec.structs import asdict

from slotkeeper.db.company_lock import lock_company
from slotkeeper.db.pool import Connection, fetch, fetch_all
from slotkeeper.errors import LimitReached, NotFound
from slotkeeper.outbound.address_check import Resolver, system_resolver
from slotkeeper.secrets import Vault
from slotkeeper.settings import Network
from slotkeeper.webhooks.signature import new_secret
from slotkeeper.webhooks.subscription import EndpointPatch, NewEndpoint, require_valid

MAX_ENDPOINTS = 6


class WebhookEndpoint(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    id: UUID
    endpoint: str
    description: str | None
    event_types: tuple[str, ...]
    company_id: UUID
    created_at: datetime


class CreatedEndpoint(WebhookEndpoint, frozen=True, kw_only=True):
    """``secret`` verifies the signatures (Standard Webhooks); this answer is the only one that shows it."""

    secret: str

    def __repr__(self) -> str:
        return f"CreatedEndpoint(id={self.id})"


class Destination(msgspec.Struct, frozen=True, kw_only=True):
    """Where to send, and the secret to sign with; never logged."""

    id: UUID
    endpoint: str
    secret: str

    def __repr__(self) -> str:
        return f"Destination(id={self.id})"


class SealedDestination(msgspec.Struct, frozen=True, kw_only=True):
    """As ``DESTINATION_JSON`` reads it."""

    id: UUID
    endpoint: str
    secret: bytes

    def opened(self, vault: Vault) -> Destination:
        return Destination(id=self.id, endpoint=self.endpoint, secret=vault.open(self.secret).decode())


async def create_endpoint(
    connection: Connection,
    vault: Vault,
    company_id: UUID,
    new: NewEndpoint,
    *,
    allow_networks: Sequence[Network],
    resolve: Resolver = system_resolver,
) -> CreatedEndpoint:
    """Raises ``Malformed`` naming the field, and ``LimitReached`` for a seventh endpoint."""
    await require_valid(new, allow_networks, resolve)
    secret = new_secret()
    params = {
        "company_id": company_id,
        "id": uuid4(),
        "endpoint": new.endpoint,
        "event_types": list(dict.fromkeys(new.event_types)),
        "description": new.description or None,
        "secret": vault.seal(secret.encode()),
        "most": MAX_ENDPOINTS,
    }
    async with connection.transaction():
        await lock_company(connection, company_id)
        created = await fetch(connection, WebhookEndpoint, _INSERT, params)
    if created is None:
        raise LimitReached(f"a company has at most {MAX_ENDPOINTS} webhook endpoints")
    return CreatedEndpoint(secret=secret, **asdict(created))


async def list_endpoints(connection: Connection, company_id: UUID) -> list[WebhookEndpoint]:
    return await fetch_all(connection, WebhookEndpoint, _LIST, {"company_id": company_id})


async def get_endpoint(connection: Connection, company_id: UUID, endpoint_id: UUID) -> WebhookEndpoint:
    """Raises ``NotFound`` alike for an unknown id, a deleted one and another company's."""
    params = {"company_id": company_id, "id": endpoint_id}
    return _found(await fetch(connection, WebhookEndpoint, _GET, params), endpoint_id)


async def update_endpoint(
    connection: Connection,
    company_id: UUID,
    endpoint_id: UUID,
    patch: EndpointPatch,
    *,
    allow_networks: Sequence[Network],
    resolve: Resolver = system_resolver,
) -> WebhookEndpoint:
    """Raises ``NotFound``, and ``Malformed`` naming the field. The secret stays."""
    await require_valid(patch, allow_networks, resolve)
    params = {
        "company_id": company_id,
        "id": endpoint_id,
        "endpoint": patch.endpoint or None,
        "event_types": list(dict.fromkeys(patch.event_types or ())) or None,
        "describes": patch.description is not UNSET,
        "description": patch.description or None,
    }
    return _found(await fetch(connection, WebhookEndpoint, _UPDATE, params), endpoint_id)


async def delete_endpoint(connection: Connection, company_id: UUID, endpoint_id: UUID) -> None:
    """Nothing is sent to it from now on, planned webhooks included. Raises ``NotFound``."""
    cursor = await connection.execute(_DELETE, {"company_id": company_id, "id": endpoint_id})
    if cursor.rowcount == 0:
        raise _unknown(endpoint_id)


async def load_endpoint(
    connection: Connection, vault: Vault, company_id: UUID, endpoint_id: UUID
) -> Destination | None:
    """None when it was deleted."""
    sealed = await fetch(connection, SealedDestination, _LOAD, {"company_id": company_id, "id": endpoint_id})
    return None if sealed is None else sealed.opened(vault)


def _found(endpoint: WebhookEndpoint | None, endpoint_id: UUID) -> WebhookEndpoint:
    if endpoint is None:
        raise _unknown(endpoint_id)
    return endpoint


def _unknown(endpoint_id: UUID) -> NotFound:
    return NotFound(f"webhook {endpoint_id} not found")


# PostgreSQL breaks base64 into lines, which a JSON decoder's base64 refuses (as in integrations/connections.py).
DESTINATION_JSON = """json_build_object(
    'id', w.id, 'endpoint', w.endpoint, 'secret', translate(encode(w.secret, 'base64'), E'\\n', '')
)"""

_ENDPOINT_JSON = """json_build_object(
    'id', id, 'endpoint', endpoint, 'description', description, 'eventTypes', event_types,
    'companyId', company_id, 'createdAt', created_at
)::text"""

_ONE = "company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL"

_INSERT = f"""
    INSERT INTO webhook_endpoints (company_id, id, endpoint, event_types, description, secret)
    SELECT %(company_id)s, %(id)s, %(endpoint)s, %(event_types)s, %(description)s, %(secret)s
    WHERE (
        SELECT count(*) FROM webhook_endpoints WHERE company_id = %(company_id)s AND deleted_at IS NULL
    ) < %(most)s
    RETURNING {_ENDPOINT_JSON}
"""

_LIST = f"""
    SELECT {_ENDPOINT_JSON} FROM webhook_endpoints
    WHERE company_id = %(company_id)s AND deleted_at IS NULL
    ORDER BY created_at, id
"""

_GET = f"SELECT {_ENDPOINT_JSON} FROM webhook_endpoints WHERE {_ONE}"

_UPDATE = f"""
    UPDATE webhook_endpoints SET
        endpoint = coalesce(%(endpoint)s::text, endpoint),
        event_types = coalesce(%(event_types)s::text[], event_types),
        description = CASE WHEN %(describes)s THEN %(description)s::text ELSE description END
    WHERE {_ONE}
    RETURNING {_ENDPOINT_JSON}
"""

_DELETE = f"UPDATE webhook_endpoints SET deleted_at = now() WHERE {_ONE}"

_LOAD = f"SELECT ({DESTINATION_JSON})::text FROM webhook_endpoints w WHERE {_ONE}"
