"""Is the process up, and can it work?"""

from litestar import get
from litestar.di import NamedDependency

from slotkeeper.api.openapi import problems
from slotkeeper.api.services import Services

_PATIENCE = 2.0
"""Seconds to wait for a database connection."""


@get("/healthz", operation_id="healthz", tags=["Health"], summary="The process answers", security=[{}])
async def healthz() -> dict[str, str]:
    return {"status": "ok"}


@get(
    "/readyz",
    operation_id="readyz",
    tags=["Health"],
    summary="The database answers too",
    security=[{}],
    responses=problems(503),
)
async def readyz(services: NamedDependency[Services]) -> dict[str, str]:
    async with services.pool.connection(timeout=_PATIENCE) as connection:
        await connection.execute("SELECT 1")
    return {"status": "ready"}


ROUTES = (healthz, readyz)
