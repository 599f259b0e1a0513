"""Salesforce: leads or contacts, events, cases and opportunities (REST)."""

from typing import ClassVar

from slotkeeper.integrations.crms.salesforce.options import Options


class Salesforce:
    """Salesforce: leads or contacts, events, cases and opportunities (REST)."""

    name: ClassVar[str] = "salesforce"
    supports: ClassVar[frozenset[str]] = frozenset()
    options: ClassVar[type[Options]] = Options
