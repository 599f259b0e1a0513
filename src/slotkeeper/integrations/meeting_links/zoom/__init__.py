"""Zoom: a scheduled meeting (API v2)."""

from collections.abc import Mapping
from typing import ClassVar

from slotkeeper.integrations.protocols import HostingField


class Zoom:
    """Zoom: a scheduled meeting (API v2)."""

    name: ClassVar[str] = "zoom"
    supports: ClassVar[frozenset[str]] = frozenset()
    channel: ClassVar[str] = "zoom"
    hosting_fields: ClassVar[Mapping[str, HostingField]] = {"zoomMeetingId": HostingField("meeting", int)}
