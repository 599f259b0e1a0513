"""Linkando: an object per appointment. Its API is not published."""

from typing import ClassVar

from slotkeeper.integrations.crms.linkando.options import Options


class Linkando:
    """Linkando: an object per appointment. Its API is not published."""

    name: ClassVar[str] = "linkando"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
