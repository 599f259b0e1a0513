"""Who a message goes to."""

from typing import Literal

import msgspec


class Recipient(msgspec.Struct, frozen=True, kw_only=True):
    """``link`` opens the appointment's page as this person; ``language`` and ``timezone`` may be unknown names."""

    address: str
    name: str
    language: str
    timezone: str
    role: Literal["host", "attendee", "guest"]
    link: str | None = None
