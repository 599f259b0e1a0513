"""Connect: the product's own video rooms."""

from collections.abc import Mapping
from typing import ClassVar

from slotkeeper.integrations.protocols import HostingField


class Connect:
    """Connect: the product's own video rooms."""

    name: ClassVar[str] = "connect"
    supports: ClassVar[frozenset[str]] = frozenset()
    channel: ClassVar[str] = "connect"
    hosting_fields: ClassVar[Mapping[str, HostingField]] = {"connectChannelId": HostingField("meeting")}
