"""What a calendar, a CRM and a meeting link must do to be a provider.

An adapter makes one remote call per method call, holds no state between calls, and ends in ``Done``, ``Later`` or
``PersonMustAct`` (slotkeeper.jobs.outcomes). What it made outside it returns as ``ExternalRef``; what it made before it
is given back.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar, Literal, Protocol, runtime_checkable

import msgspec
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection as DatabaseConnection
from slotkeeper.jobs.outcomes import Done
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change
from slotkeeper.records.connection import Connection, ExternalRef


class Busy(msgspec.Struct, frozen=True, kw_only=True):
    """A time that an outside calendar blocks; ``uid`` is the iCalendar UID, so that our own event is known again.

    ``title`` is the SUMMARY. ``free``: it blocks nothing (TRANSP:TRANSPARENT) and may yet say when its owner works.
    """

    start: datetime
    end: datetime
    uid: str | None = None
    title: str | None = None
    free: bool = False


class HostingField(msgspec.Struct, frozen=True):
    """A public field of ``hostingInfo`` that shows the provider's id of one record (``event``, ``meeting``)."""

    record: str
    json_type: type = str


class FormField(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that a person types to connect an account; ``part`` is where it goes. ``label`` is English."""

    name: str
    label: str
    part: Literal["settings", "credentials"]
    kind: Literal["address", "text", "password"]


class ConnectForm(msgspec.Struct, frozen=True, kw_only=True):
    """``title`` is the provider's name as people know it; ``hint`` is English and translated where it is shown."""

    title: str
    hint: str
    fields: Sequence[FormField]


class Provider(Protocol):
    """What every provider's class declares, with an adapter or without."""

    name: ClassVar[str]
    """Its name in ``connections.provider`` and in routes."""
    supports: ClassVar[frozenset[str]]
    """What its adapter can do, printed in docs/providers.md. Empty: no adapter yet, only public fields."""


@runtime_checkable
class Connectable(Protocol):
    """An adapter of a provider where people have accounts."""

    async def check(self, connection: Connection) -> Mapping[str, object]:
        """Try the credentials before they are saved; returns settings to store (such as the calendar's address)."""
        ...


@runtime_checkable
class ConnectedByForm(Protocol):
    """An adapter whose credentials people type at a page of ours, instead of signing in at the provider's."""

    form: ClassVar[ConnectForm]


class Calendar(Provider, Connectable, Protocol):
    """``supports``: ``write``, ``read_busy``, ``watch``."""

    hosting_fields: ClassVar[Mapping[str, HostingField]]
    """Its own public fields of ``hostingInfo``, beside those that every calendar has."""

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


class Crm(Provider, Protocol):
    """``supports``: the records that it keeps, such as ``contact``, ``activity``, ``deal``."""

    options: ClassVar[type[msgspec.Struct]]
    """Its part of the API's ``crmOptions``; a default for each field."""
    needs_connection: ClassVar[bool]
    """False for the internal one, which lives in our own tables; all others are ``Connectable``."""

    def records(self, options: Mapping[str, Any], appointment: Appointment, change: Change) -> Sequence[str]:
        """The records to write for this change, in order: one effect each.

        A record that each attendee has is named ``<record>:<attendee id>``, such as ``contact:…``.
        """
        ...

    async def write(
        self,
        record: str,
        connection: Connection | None,
        appointment: Appointment,
        change: Change,
        refs: Mapping[str, ExternalRef],
        pool: "AsyncConnectionPool[DatabaseConnection]",
    ) -> Done:
        """Create or update one record; ``refs`` are those of this appointment by record name, earlier ones included.

        ``pool`` is for the internal CRM; an adapter that calls a vendor leaves it alone.
        """
        ...


class MeetingLink(Provider, Protocol):
    """``supports``: ``link``, the join link without a remote call."""

    channel: ClassVar[str]
    """The API's MeetingChannel that it serves."""
    hosting_fields: ClassVar[Mapping[str, HostingField]]

    def link_for(self, appointment: Appointment) -> str | None:
        """The join link where it needs no remote call. The same for ever: a move never changes it."""
        ...


class HostedMeeting(MeetingLink, Connectable, Protocol):
    """A meeting that is an object at the provider. ``supports``: ``meeting``."""

    async def write_meeting(
        self, connection: Connection, appointment: Appointment, change: Change, ref: ExternalRef | None
    ) -> Done:
        """Create or move the meeting; the join link stays the same where the provider allows it."""
        ...
