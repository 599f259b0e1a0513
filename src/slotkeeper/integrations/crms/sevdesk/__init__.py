"""sevDesk: a contact per attendee."""

from typing import ClassVar

from slotkeeper.integrations.crms.sevdesk.options import Options


class SevDesk:
    """sevDesk: a contact per attendee."""

    name: ClassVar[str] = "sevdesk"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
