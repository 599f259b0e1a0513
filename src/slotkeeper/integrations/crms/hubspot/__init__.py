"""HubSpot: contacts, companies, deals and meetings (CRM v3)."""

from typing import ClassVar

from slotkeeper.integrations.crms.hubspot.options import Options


class HubSpot:
    """HubSpot: contacts, companies, deals and meetings (CRM v3)."""

    name: ClassVar[str] = "hubspot"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
