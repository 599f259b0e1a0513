"""A link that the meeting type itself names."""

from collections.abc import Mapping
from typing import ClassVar

from slotkeeper.integrations.protocols import HostingField
from slotkeeper.records.appointment import Appointment


class Custom:
    """Custom: ``meetingInfo.customChannelLink``, the same room for every appointment of the meeting type."""

    name: ClassVar[str] = "custom"
    supports: ClassVar[frozenset[str]] = frozenset({"link"})
    channel: ClassVar[str] = "custom"
    hosting_fields: ClassVar[Mapping[str, HostingField]] = {}

    def link_for(self, appointment: Appointment) -> str | None:
        return appointment.meeting_info.custom_channel_link or None
