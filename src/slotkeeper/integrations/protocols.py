"""What a calendar, a CRM and a meeting link must do to be a provider.

An adapter makes one remote call per method call, holds no state between calls, and ends in ``Done``, ``Later`` or
``PersonMustAct`` (slotkeeper.jobs.outcomes). What it made outside it returns as ``ExternalRef``; what it made before it
is given back.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Protocol

import msgspec

from slotkeeper.jobs.outcomes import Done
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change
from slotkeeper.records.connection import Connection, ExternalRef


class Busy(msgspec.Struct, frozen=True, kw_only=True):
    """A time that an outside calendar blocks; ``uid`` is the iCalendar UID, so that our own event is known again."""

    start: datetime
    end: datetime
    uid: str | None = None


class Calendar(Protocol):
    name: ClassVar[str]
    """The provider's name in ``connections.provider`` and in routes."""
    supports: ClassVar[frozenset[str]]
    """What it can do, printed in docs/providers.md: ``write``, ``read_busy``, ``watch``."""
    hosting_fields: ClassVar[Mapping[str, str]]
    """Public fields of ``hostingInfo`` -> attribute of the ref: ``{"googleEventId": "external_id"}``."""

    async def check(self, connection: Connection) -> Mapping[str, object]:
        """Try the credentials before they are saved; returns settings to store (such as the calendar's address)."""
        ...

    async def write_event(
        self, connection: Connection, appointment: Appointment, change: Change, ref: ExternalRef | None
    ) -> Done:
        """Create the event, or move the one that ``ref`` names; never a second one. Mutes the provider's own mails."""
        ...

    async def delete_event(
        self, connection: Connection, appointment: Appointment, change: Change, ref: ExternalRef | None
    ) -> Done:
        """Remove the event; one that is gone already is done."""
        ...

    async def read_busy(self, connection: Connection, start: datetime, end: datetime) -> Sequence[Busy]:
        """Busy times that touch [start, end)."""
        ...


class Crm(Protocol):
    name: ClassVar[str]
    supports: ClassVar[frozenset[str]]
    needs_connection: ClassVar[bool]
    """False for the internal one, which lives in our own tables."""

    def records(self, options: Mapping[str, Any], change: Change) -> Sequence[str]:
        """The records to write for this change, in order (``contact``, ``activity``, ``deal``): one effect each."""
        ...

    async def write(
        self,
        record: str,
        connection: Connection | None,
        appointment: Appointment,
        change: Change,
        refs: Mapping[str, ExternalRef],
    ) -> Done:
        """Create or update one record; ``refs`` are those of this appointment by record name, earlier ones included."""
        ...


class MeetingLink(Protocol):
    name: ClassVar[str]
    supports: ClassVar[frozenset[str]]
    channel: ClassVar[str]
    """The API's MeetingChannel that it serves."""
    hosting_fields: ClassVar[Mapping[str, str]]

    def link_for(self, appointment: Appointment) -> str | None:
        """The join link where it needs no remote call; None where ``write_meeting`` has to make it."""
        ...

    async def write_meeting(
        self, connection: Connection, appointment: Appointment, change: Change, ref: ExternalRef | None
    ) -> Done:
        """Create or move the meeting; the join link stays the same where the provider allows it."""
        ...
