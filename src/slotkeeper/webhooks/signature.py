"""Signatures of Standard Webhooks 1.0 (symmetric, ``v1``), by the reference library."""

import base64
import secrets
from datetime import UTC, datetime
from math import floor

from standardwebhooks import Webhook

_SECRET_BYTES = 32
"""The specification asks for 24 to 64."""


def new_secret() -> str:
    return "whsec_" + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def signature_headers(secret: str, *, message_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """``sent_at`` is the time of this attempt; receivers refuse what is more than five minutes off."""
    # The library takes the wall-clock digits for UTC, whatever the zone.
    instant = sent_at.astimezone(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(floor(instant.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, instant, body.decode()),
    }
