"""Who is asking, where a path holds the secret of a mailed link: one guard, as ``api/auth.py`` has for tokens."""

from collections.abc import Sequence
from typing import Annotated, Any, cast

from litestar import Router
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency, Provide
from litestar.handlers import BaseRouteHandler
from litestar.params import PathParameter
from litestar.types import ControllerRouterHandler, Scope

from slotkeeper.api.services import services_of
from slotkeeper.appointments.by_secret import attendee_by_secret
from slotkeeper.records.caller import AttendeeCaller

Secret = Annotated[str, PathParameter(description="Of an attendee, or of an appointment that is no group's")]
Attendee = NamedDependency[AttendeeCaller]
BY_SECRET = (400, 404, 429, 500, 503)
"""For ``problems``."""


async def require_secret(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A handler that declares ``attendee`` gets whom the secret belongs to. Raises ``NotFound`` for any wrong one.

    Who left a group may repeat the request by which they did, for its answer.
    """
    services, secret = services_of(connection.scope), connection.path_params["secret"]
    repeats = "idempotency-key" in connection.headers
    async with services.pool.connection() as database:
        attendee = await attendee_by_secret(database, services.vault, secret, or_former=repeats)
    if services.rate_limit is not None:
        services.rate_limit.take(attendee.id.bytes, services.clock())
    connection.scope["user"] = attendee


def attendee_of(scope: Scope, secret: Secret) -> AttendeeCaller:  # noqa: ARG001 - documents the path's parameter
    """The dependency ``attendee``; the route must have the guard."""
    return cast("AttendeeCaller", scope["user"])


def router_by_secret(path: str, handlers: Sequence[ControllerRouterHandler], tag: str) -> Router:
    """Below an appointment that the secret in the path leads to; the document says that no token is needed."""
    return Router(
        f"/v4/appointment/by-secret/{{secret:str}}{path}",
        guards=[require_secret],
        dependencies={"attendee": Provide(attendee_of, sync_to_thread=False)},
        security=[{}],
        tags=[tag],
        route_handlers=handlers,
    )
