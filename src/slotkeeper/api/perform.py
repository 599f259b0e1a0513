"""Run an operation for a request: in as many attempts as it takes, and once per ``Idempotency-Key``."""

from typing import Any

from litestar import Request

from slotkeeper.api.answer import Answer
from slotkeeper.api.idempotency import fingerprint_of, once, require_visible
from slotkeeper.api.services import Services
from slotkeeper.db.attempts import Attempt, again_and_again, in_attempts
from slotkeeper.records.caller import Mover


async def perform(
    services: Services, caller: Mover, request: Request[Any, Any, Any], key: str | None, attempt: Attempt[Answer]
) -> Answer:
    """With a key the first attempt locks already: the answer's record needs the transaction anyway."""
    require_visible(key)
    if key is None:
        return await in_attempts(services.pool, attempt)
    fingerprint = await fingerprint_of(request)
    return await again_and_again(
        lambda _: once(services, caller, fingerprint, key, lambda connection: attempt(connection, True))
    )
