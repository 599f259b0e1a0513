"""Google Calendar (API v3)."""

from collections.abc import Mapping
from typing import ClassVar

from slotkeeper.integrations.protocols import HostingField


class GoogleCalendar:
    """Google Calendar (API v3)."""

    name: ClassVar[str] = "google"
    supports: ClassVar[frozenset[str]] = frozenset()
    hosting_fields: ClassVar[Mapping[str, HostingField]] = {
        "googleEventId": HostingField("event"),
        "googleConnectionSub": HostingField("account"),
    }
