"""Who is asking, and for what: one guard per route, which runs before the body is read.

    Router("/v4/appointment", guards=[require_scope("scheduling")], …)

A handler that declares ``caller: Caller`` gets whom the guard found.
"""

from collections.abc import Awaitable, Callable
from typing import Any, Literal, cast

from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.types import Scope

from slotkeeper.accounts.authenticate import (
    INVALID,
    USER_HEADER,
    by_identity,
    by_personal_token,
    by_platform_key,
    only_as_itself,
)
from slotkeeper.accounts.tokens import PERSONAL_PREFIX, PLATFORM_PREFIX
from slotkeeper.api.services import Services, services_of
from slotkeeper.errors import Forbidden, Unauthenticated
from slotkeeper.records.caller import Caller
from slotkeeper.secrets import hash_token

Group = Literal["scheduling", "crm", "account"]
"""What a personal token may be limited to (meetergo-v4-api.md 1.2)."""
Asking = ASGIConnection[Any, Any, Any, Any]
Guard = Callable[[Asking, BaseRouteHandler], Awaitable[None]]


def require_scope(*groups: Group, or_owner: bool = False) -> Guard:
    """A guard: an authenticated caller whose token reaches one of ``groups``.

    ``or_owner``: here a platform key that names no user acts as the company's owner (meetergo-v4-api.md 1.3).
    """

    async def guard(connection: Asking, _: BaseRouteHandler) -> None:
        caller = await authenticate(connection, or_owner=or_owner)
        _count(connection, caller)
        if caller.scopes is not None and not set(groups) & set(caller.scopes):
            raise Forbidden(f"this token does not reach {' or '.join(groups)}")
        connection.scope["user"] = caller

    return guard


def _count(connection: Asking, caller: Caller) -> None:
    """Of the token or key; of a JWT's user, for a new one costs nothing. Only who is known is counted, so nobody uses
    up what is another's. Raises ``TooManyRequests``."""
    services = services_of(connection.scope)
    if services.rate_limit is not None:
        credential = _bearer(connection.headers.get("authorization"))
        counted = caller.user_id.bytes if caller.credential == "jwt" else hash_token(credential)
        services.rate_limit.take(counted, services.clock())


def caller_of(scope: Scope, services: NamedDependency[Services]) -> Caller:  # noqa: ARG001 - one after the other
    """The dependency ``caller``; the route must have a guard.

    It names ``services`` because Litestar opens a task group for dependencies that are independent of each other.
    """
    return cast("Caller", scope["user"])


def require_admin(caller: Caller) -> None:
    if not caller.is_admin:
        raise Forbidden("only an admin of the company may do this")


async def authenticate(connection: Asking, *, or_owner: bool = False) -> Caller:
    """The credential's prefix decides its kind: a personal token, a platform key, else a JWT."""
    services = services_of(connection.scope)
    credential = _bearer(connection.headers.get("authorization"))
    acting_as = connection.headers.get(USER_HEADER)
    if not credential.startswith((PERSONAL_PREFIX, PLATFORM_PREFIX)):
        return only_as_itself(await _by_jwt(services, credential), acting_as)
    now = services.clock()
    async with services.pool.connection() as database:
        if credential.startswith(PERSONAL_PREFIX):
            return await by_personal_token(database, services.vault, credential, acting_as, now)
        return await by_platform_key(database, services.vault, credential, acting_as, now, or_owner=or_owner)


async def _by_jwt(services: Services, token: str) -> Caller:
    if services.issuer is None:
        raise Unauthenticated(INVALID)
    identity = await services.issuer.verify(token)
    async with services.pool.connection() as database:
        return await by_identity(database, services.vault, identity.subject, identity.email)


def _bearer(header: str | None) -> str:
    if header is None:
        raise Unauthenticated("Missing authorization header")
    scheme, _, credential = header.partition(" ")
    if scheme.lower() != "bearer":
        raise Unauthenticated(INVALID)
    return credential.strip()
