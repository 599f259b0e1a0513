"""CalDAV's own settings, read from the environment with its own prefix."""

import os
from collections.abc import Mapping

import msgspec

from slotkeeper.settings import Network, parse_networks

VARIABLE = "SLOTKEEPER_CALDAV_ALLOW_NETWORKS"


class CalDavSettings(msgspec.Struct, frozen=True, kw_only=True):
    allow_networks: tuple[Network, ...] = ()
    """Private networks where CalDAV servers may live (on-premises); none by default."""


def load_caldav_settings(environ: Mapping[str, str] = os.environ) -> CalDavSettings:
    """Raises ``ValueError`` naming the variable that is wrong."""
    try:
        return CalDavSettings(allow_networks=parse_networks(environ.get(VARIABLE, "")))
    except ValueError as error:
        raise ValueError(f"{VARIABLE}: {error}") from error
