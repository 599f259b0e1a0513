"""A private provider, as a package outside the project would bring it; as much of one as connecting needs."""

from collections.abc import Mapping
from typing import ClassVar

from slotkeeper.integrations.protocols import HostingField
from slotkeeper.jobs.outcomes import Later, PersonMustAct
from slotkeeper.records.connection import Connection


class AcmeCalendar:
    """Acme: a calendar that takes one password."""

    name: ClassVar[str] = "acme"
    supports: ClassVar[frozenset[str]] = frozenset({"write", "read_busy"})
    hosting_fields: ClassVar[Mapping[str, HostingField]] = {}

    async def check(self, connection: Connection) -> Mapping[str, object]:
        match connection.credentials.get("password"):
            case "right":
                return {"email": "host@acme.example", "selectedCalendars": ["work"]}
            case "asleep":
                raise Later("no answer within 10 seconds")
            case _:
                raise PersonMustAct("the password is wrong", error_code="calendar_reconnect")
