"""KlickTipp: a subscriber per attendee, with tags."""

from typing import ClassVar

from slotkeeper.integrations.crms.klicktipp.options import Options


class KlickTipp:
    """KlickTipp: a subscriber per attendee, with tags."""

    name: ClassVar[str] = "klicktipp"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
