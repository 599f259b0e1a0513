"""SmartWe and CAS genesisWorld: addresses, appointments and opportunities."""

from typing import ClassVar

from slotkeeper.integrations.crms.smartwe.options import Options


class SmartWe:
    """SmartWe and CAS genesisWorld: addresses, appointments and opportunities."""

    name: ClassVar[str] = "smartwe"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
