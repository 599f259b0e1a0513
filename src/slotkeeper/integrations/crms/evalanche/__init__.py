"""Evalanche: a profile per attendee (SOAP)."""

from typing import ClassVar

from slotkeeper.integrations.crms.evalanche.options import Options


class Evalanche:
    """Evalanche: a profile per attendee (SOAP)."""

    name: ClassVar[str] = "evalanche"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
