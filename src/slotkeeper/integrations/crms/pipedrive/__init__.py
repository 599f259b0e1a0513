"""Pipedrive: persons, deals and activities (API v2)."""

from typing import ClassVar

from slotkeeper.integrations.crms.pipedrive.options import Options


class Pipedrive:
    """Pipedrive: persons, deals and activities (API v2)."""

    name: ClassVar[str] = "pipedrive"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
