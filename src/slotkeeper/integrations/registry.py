"""Every provider, one line each; entry points for private ones.

A private provider is a class in a package of its own, which names it in the entry-point group ``slotkeeper.providers``
as ``"<kind>.<name>"``, for example ``"crm.acme" = "acme_slotkeeper:Acme"``.
"""

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import entry_points
from pkgutil import resolve_name
from typing import Any, cast, get_args

import msgspec

from slotkeeper.errors import Conflict, Malformed
from slotkeeper.integrations.protocols import (
    Calendar,
    Connectable,
    ConnectedByForm,
    ConnectForm,
    Crm,
    MeetingLink,
    Provider,
)
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.connection import ProviderKind

BUILT_IN: Mapping[ProviderKind, Sequence[str]] = {
    "calendar": (
        "slotkeeper.integrations.calendars.google:GoogleCalendar",
        "slotkeeper.integrations.calendars.icloud:ICloud",
        "slotkeeper.integrations.calendars.caldav:CalDav",
    ),
    "crm": (  # in the order in which the API lists their options
        "slotkeeper.integrations.crms.hubspot:HubSpot",
        "slotkeeper.integrations.crms.pipedrive:Pipedrive",
        "slotkeeper.integrations.crms.centralstation:CentralStation",
        "slotkeeper.integrations.crms.linkando:Linkando",
        "slotkeeper.integrations.crms.evalanche:Evalanche",
        "slotkeeper.integrations.crms.klicktipp:KlickTipp",
        "slotkeeper.integrations.crms.getresponse:GetResponse",
        "slotkeeper.integrations.crms.brevo:Brevo",
        "slotkeeper.integrations.crms.sevdesk:SevDesk",
        "slotkeeper.integrations.crms.smartwe:SmartWe",
        "slotkeeper.integrations.crms.salesforce:Salesforce",
        "slotkeeper.integrations.crms.internal:InternalCrm",
    ),
    "meeting_link": (  # in the order in which the API lists their public fields
        "slotkeeper.integrations.meeting_links.zoom:Zoom",
        "slotkeeper.integrations.meeting_links.connect:Connect",
        "slotkeeper.integrations.meeting_links.whereby:Whereby",
        "slotkeeper.integrations.meeting_links.jitsi:Jitsi",
        "slotkeeper.integrations.meeting_links.custom:Custom",
    ),
}
GROUP = "slotkeeper.providers"


class Registered(msgspec.Struct, frozen=True, kw_only=True):
    """A provider's class. Without an adapter it only names its public fields."""

    kind: ProviderKind
    declared: type[Provider]

    @property
    def name(self) -> str:
        return self.declared.name

    @property
    def has_adapter(self) -> bool:
        return bool(self.declared.supports)


@cache
def providers() -> Mapping[str, Registered]:
    """All of them by name, built-in ones first. Raises ``ValueError`` where two have one name."""
    found: dict[str, Registered] = {}
    for registered in (*_built_in(), *_private()):
        if registered.name in found:
            raise ValueError(f"two providers are named {registered.name}")
        found[registered.name] = registered
    return found


def of_kind(kind: ProviderKind) -> list[Registered]:
    return [registered for registered in providers().values() if registered.kind == kind]


def calendar(name: str) -> Calendar:
    """Raises like ``adapter``."""
    return cast("Calendar", adapter(name, "calendar"))


def crm(name: str) -> Crm:
    """Raises like ``adapter``."""
    return cast("Crm", adapter(name, "crm"))


def crms_without_connection() -> list[str]:
    """Those that every company has: they live in our own tables."""
    with_adapter = (registered.name for registered in of_kind("crm") if registered.has_adapter)
    return [name for name in with_adapter if not crm(name).needs_connection]


def meeting_link(channel: str) -> MeetingLink:
    """The adapter that serves this MeetingChannel. Raises like ``adapter``."""
    name = _names_by_channel().get(channel)
    if name is None:
        raise Malformed.field("channel", f"no provider serves {channel}")
    return cast("MeetingLink", adapter(name, "meeting_link"))


def link_for(appointment: Appointment) -> str | None:
    """The join link that is known without a remote call; None for places, telephones and hosted meetings."""
    name = _names_by_channel().get(appointment.meeting_info.channel)
    if name is None or not providers()[name].has_adapter:
        return None
    return cast("MeetingLink", adapter(name, "meeting_link")).link_for(appointment)


def connectable(name: str) -> tuple[ProviderKind, Connectable]:
    """Raises like ``adapter``, and ``Conflict`` for a provider without accounts."""
    found = adapter(name)
    if not isinstance(found, Connectable):
        raise Conflict(f"{name} needs no connection", code="no-connection-needed")
    return providers()[name].kind, found


def form_of(name: str) -> ConnectForm:
    """What a person types to connect a calendar. Raises like ``adapter``, and ``Conflict`` where there is no form."""
    found = calendar(name)
    if not isinstance(found, ConnectedByForm):
        raise Conflict(f"there is no page where {name}'s credentials can be typed", code="no-connect-page")
    return found.form


@cache
def adapter(name: str, kind: ProviderKind | None = None) -> object:
    """Raises ``Malformed`` for a name that no provider (of this kind) has, ``Conflict`` for one without adapter."""
    registered = providers().get(name)
    if registered is None or kind not in (None, registered.kind):
        raise Malformed.field("provider", f"there is no {kind or 'provider'} named {name}")
    if not registered.has_adapter:
        raise Conflict(f"{name} has no adapter in this version; it cannot be connected yet", code="no-adapter")
    return registered.declared()


@cache
def _names_by_channel() -> Mapping[str, str]:
    declared: dict[str, Any] = {registered.name: registered.declared for registered in of_kind("meeting_link")}
    return {link.channel: name for name, link in declared.items()}


def _built_in() -> list[Registered]:
    return [Registered(kind=kind, declared=resolve_name(line)) for kind, lines in BUILT_IN.items() for line in lines]


def _private() -> list[Registered]:
    return [Registered(kind=_kind_in(line.name), declared=line.load()) for line in entry_points(group=GROUP)]


def _kind_in(entry_point: str) -> ProviderKind:
    kind = entry_point.partition(".")[0]
    if kind not in get_args(ProviderKind):
        raise ValueError(f"{GROUP}: {entry_point} must start with one of {', '.join(get_args(ProviderKind))}")
    return cast("ProviderKind", kind)
