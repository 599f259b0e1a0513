"""CentralStationCRM: persons, deals and tasks."""

from typing import ClassVar

from slotkeeper.integrations.crms.centralstation.options import Options


class CentralStation:
    """CentralStationCRM: persons, deals and tasks."""

    name: ClassVar[str] = "centralstation"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
