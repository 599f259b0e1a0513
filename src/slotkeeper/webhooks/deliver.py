"""One attempt to deliver one webhook."""

from collections.abc import Sequence
from datetime import datetime

from slotkeeper import __version__
from slotkeeper.jobs.outcomes import Done, Later, PersonMustAct
from slotkeeper.outbound.client import USUAL, Dialling, KeptClients, request
from slotkeeper.outbound.outcomes import retry_after
from slotkeeper.settings import Network
from slotkeeper.webhooks.endpoints import Destination
from slotkeeper.webhooks.signature import signature_headers

_HEADERS = {"content-type": "application/json", "user-agent": f"slotkeeper/{__version__}"}


async def deliver(
    destination: Destination,
    *,
    message_id: str,
    body: bytes,
    sent_at: datetime,
    allow_networks: Sequence[Network],
    dialling: Dialling = USUAL,
    kept: KeptClients | None = None,
) -> Done:
    """2xx is done; 410 asks never to be sent to again; anything else is tried again (Standard Webhooks).

    ``message_id`` and ``body`` are the same at each attempt, ``sent_at`` is this attempt's time. Raises ``Later`` and
    ``PersonMustAct``.
    """
    signed = signature_headers(destination.secret, message_id=message_id, sent_at=sent_at, body=body)
    response = await request(
        "POST",
        destination.endpoint,
        headers={**_HEADERS, **signed},
        content=body,
        allow_networks=allow_networks,
        dialling=dialling,
        kept=kept,
    )
    if 200 <= response.status < 300:
        return Done(note=f"answered {response.status}")
    if response.status == 410:
        raise PersonMustAct("the endpoint answered 410: it is gone", error_code="webhook_endpoint_gone")
    raise Later(f"the endpoint answered {response.status}", retry_in=retry_after(response))
