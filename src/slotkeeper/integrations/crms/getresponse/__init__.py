"""GetResponse: a contact per attendee (API v3)."""

from typing import ClassVar

from slotkeeper.integrations.crms.getresponse.options import Options


class GetResponse:
    """GetResponse: a contact per attendee (API v3)."""

    name: ClassVar[str] = "getresponse"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
