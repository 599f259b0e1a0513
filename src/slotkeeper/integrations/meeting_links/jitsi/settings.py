"""Jitsi's own settings, read from the environment with its own prefix."""

import os
from collections.abc import Mapping
from urllib.parse import urlsplit

VARIABLE = "SLOTKEEPER_JITSI_URL"
DEFAULT_URL = "https://meet.jit.si"


def load_jitsi_url(environ: Mapping[str, str] = os.environ) -> str:
    """Where rooms are, without a trailing slash. Raises ``ValueError`` naming the variable that is wrong."""
    url = (environ.get(VARIABLE) or DEFAULT_URL).rstrip("/")
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError(f"{VARIABLE}: {url} is not an http(s) address that a room's name can be added to")
    return url
