"""Whereby: a room that lives until an hour after the meeting (API v1)."""

from collections.abc import Mapping
from typing import ClassVar

from slotkeeper.integrations.protocols import HostingField


class Whereby:
    """Whereby: a room that lives until an hour after the meeting (API v1)."""

    name: ClassVar[str] = "whereby"
    supports: ClassVar[frozenset[str]] = frozenset()
    channel: ClassVar[str] = "whereby"
    hosting_fields: ClassVar[Mapping[str, HostingField]] = {"wherebyMeetingId": HostingField("meeting")}
