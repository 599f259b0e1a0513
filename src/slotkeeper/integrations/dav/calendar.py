"""A calendar on a server that speaks CalDAV (RFC 4791), whoever runs it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

from slotkeeper.errors import Malformed
from slotkeeper.ics.build import build_ics
from slotkeeper.ics.zone import zone_or_utc
from slotkeeper.integrations.dav.busy_report import report_busy
from slotkeeper.integrations.dav.dav_client import REJECTED, DavClient, client_for
from slotkeeper.integrations.dav.discovery import CalendarCollection, calendar_at, find_calendars
from slotkeeper.integrations.dav.events import href_of, put_event, remove_event
from slotkeeper.integrations.protocols import Busy, HostingField
from slotkeeper.jobs.outcomes import Done, Later, PersonMustAct
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change
from slotkeeper.records.connection import Connection, ExternalRef
from slotkeeper.settings import Network


class DavCalendar:
    """What the providers that speak CalDAV have in common; each says who it is and what a person types.

    ``credentials``: ``username`` and ``password``. ``settings``: ``url``, unless the provider has one ``server``
    for all; optionally ``calendarUrl`` to choose a calendar, and ``timezone`` (an IANA name, for events of whole days
    and floating times; else the host's own).
    """

    supports: ClassVar[frozenset[str]] = frozenset({"write", "read_busy"})
    hosting_fields: ClassVar[Mapping[str, HostingField]] = {}
    server: ClassVar[str | None] = None

    def __init__(self, allow_networks: Sequence[Network] = ()) -> None:
        self._allow_networks = allow_networks

    async def check(self, connection: Connection) -> Mapping[str, object]:
        """``url``, ``calendarUrl``, the ``calendars`` to choose from, ``timezone`` where somebody tells it, and what
        answers show of every calendar: ``email`` (here the user name) and ``selectedCalendars``.

        Raises ``Malformed`` naming ``url``, ``calendarUrl``, ``username`` or ``password``.
        """
        given, dav = connection.settings, self._client(connection)
        chosen = str(given.get("calendarUrl") or "")
        url = self.server or str(given.get("url") or chosen)
        try:
            calendars = await (calendar_at(dav, chosen) if chosen else find_calendars(dav, url))
        except (Later, PersonMustAct) as error:
            raise Malformed.field("url", str(error)) from error
        found = _settings(url, calendars, given.get("timezone"))
        return {**found, "email": connection.credentials["username"]}

    async def write_event(
        self,
        connection: Connection,
        appointment: Appointment,
        change: Change,  # noqa: ARG002 - the protocol's; the appointment has it already
        ref: ExternalRef | None,
    ) -> Done:
        """The server is told to send no mails (RFC 6638 section 7.1)."""
        calendar_url, href = _place(connection, appointment, ref)
        etag = await put_event(self._client(connection), href, build_ics(appointment, method=None), ref)
        made = ExternalRef(record="event", external_id=href, container=calendar_url, etag=etag)
        return Done(refs=[made])

    async def delete_event(
        self,
        connection: Connection,
        appointment: Appointment,
        change: Change,  # noqa: ARG002 - the protocol's; gone is gone
        ref: ExternalRef | None,
    ) -> Done:
        _, href = _place(connection, appointment, ref)
        await remove_event(self._client(connection), href)
        return Done()

    async def read_busy(self, connection: Connection, start: datetime, end: datetime) -> Sequence[Busy]:
        zone = zone_or_utc(str(connection.settings.get("timezone", "UTC")))
        return await report_busy(self._client(connection), _calendar_url(connection), start, end, zone)

    def _client(self, connection: Connection) -> DavClient:
        return client_for(connection, self._allow_networks)


def _settings(url: str, calendars: Sequence[CalendarCollection], timezone: object) -> Mapping[str, object]:
    """The first calendar that may be written to is where events go."""
    calendar = next((calendar for calendar in calendars if calendar.writable), None)
    if calendar is None:
        raise Malformed.field("url", "this account has no calendar that it may write to")
    return {
        "url": url,
        "calendarUrl": calendar.href,
        "selectedCalendars": [calendar.href],
        "calendars": [{"href": c.href, "displayName": c.display_name} for c in calendars],
        **({"timezone": zone} if (zone := timezone or calendar.timezone) else {}),
    }


def _place(connection: Connection, appointment: Appointment, ref: ExternalRef | None) -> tuple[str, str]:
    """The calendar and the event's address: where it was made, whichever calendar is chosen now."""
    if ref is not None and ref.container is not None:
        return ref.container, ref.external_id
    calendar_url = _calendar_url(connection)
    return calendar_url, href_of(calendar_url, appointment.uid)


def _calendar_url(connection: Connection) -> str:
    if url := connection.settings.get("calendarUrl"):
        return str(url)
    raise PersonMustAct("no calendar is chosen", error_code=REJECTED)
