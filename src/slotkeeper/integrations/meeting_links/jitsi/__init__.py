"""A room on a Jitsi Meet server. A room exists when somebody enters it, so nothing has to be created."""

import base64
import hashlib
from collections.abc import Mapping
from typing import ClassVar
from uuid import UUID

from slotkeeper.integrations.meeting_links.jitsi.settings import load_jitsi_url
from slotkeeper.integrations.protocols import HostingField
from slotkeeper.records.appointment import Appointment

_ROOM_BYTES = 20


class Jitsi:
    """Jitsi Meet: a room per appointment, on meet.jit.si or a server of your own."""

    name: ClassVar[str] = "jitsi"
    supports: ClassVar[frozenset[str]] = frozenset({"link"})
    channel: ClassVar[str] = "jitsi"
    hosting_fields: ClassVar[Mapping[str, HostingField]] = {}

    def __init__(self, url: str | None = None) -> None:
        self._url = url or load_jitsi_url()

    def link_for(self, appointment: Appointment) -> str:
        return f"{self._url}/{room_name(appointment.id)}"


def room_name(appointment_id: UUID) -> str:
    """Unguessable without the id (122 random bits), and of letters and digits only, which every Jitsi takes."""
    digest = hashlib.sha256(b"slotkeeper/jitsi/" + appointment_id.bytes).digest()[:_ROOM_BYTES]
    return base64.b32encode(digest).decode().lower()
