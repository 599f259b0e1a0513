"""A private provider, as a package outside the project would bring it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from slotkeeper.integrations.protocols import Busy, HostingField
from slotkeeper.jobs.outcomes import Done, Later, PersonMustAct
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change
from slotkeeper.records.connection import Connection, ExternalRef


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

    async def write_event(
        self, connection: Connection, appointment: Appointment, change: Change, ref: ExternalRef | None
    ) -> Done:
        return Done()

    async def delete_event(
        self, connection: Connection, appointment: Appointment, change: Change, ref: ExternalRef | None
    ) -> Done:
        return Done()

    async def read_busy(self, connection: Connection, start: datetime, end: datetime) -> Sequence[Busy]:
        return []
