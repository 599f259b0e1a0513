"""Brevo: a contact per attendee, and events that drive automations (API v3)."""

from typing import ClassVar

from slotkeeper.integrations.crms.brevo.options import Options


class Brevo:
    """Brevo: a contact per attendee, and events that drive automations (API v3)."""

    name: ClassVar[str] = "brevo"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
