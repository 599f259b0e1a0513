"""Whoever opens a page without a credential is counted by the network that they come from."""

from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from slotkeeper.api.at_most import network_of
from slotkeeper.api.services import services_of


async def count_visitor(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """A guard, as ``require_scope`` counts credentials: ``SLOTKEEPER_RATE_LIMIT``. Raises ``TooManyRequests``."""
    services = services_of(connection.scope)
    if services.rate_limit is not None:
        services.rate_limit.take(network_of(connection).encode(), services.clock())
