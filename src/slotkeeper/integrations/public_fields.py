"""The flat objects ``crmOptions`` and ``hostingInfo`` of the API, composed from what each provider declares.

Every key is always present: false or null where nothing is set or connected.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import msgspec

from slotkeeper.errors import Malformed
from slotkeeper.integrations.protocols import Calendar, Crm, HostingField, MeetingLink
from slotkeeper.integrations.registry import of_kind
from slotkeeper.records.connection import AppointmentRef, ProviderKind


class GeneralOptions(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What holds for every CRM."""

    crm_opt_in_field_name: str | None = None
    """The question whose answer decides whether the attendee is kept in a CRM at all: only those who say yes."""


class CalendarSyncProviders(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Where the calendar event lives: ``id`` is the connection, ``type`` the provider."""

    id: UUID | None = None
    type: str | None = None
    host_id: UUID | None = None
    event_id: str | None = None
    calendar_id: str | None = None


def _flattened(structs: Iterable[type[msgspec.Struct]]) -> list[tuple[str, Any, Any]]:
    fields = (field for struct in structs for field in msgspec.structs.fields(struct))
    return [(field.name, field.type, msgspec.field(name=field.encode_name, default=field.default)) for field in fields]


def _option_structs() -> list[type[msgspec.Struct]]:
    return [*(cast("Crm", crm.declared).options for crm in of_kind("crm")), GeneralOptions]


def _hosting_fields(kind: ProviderKind) -> Iterator[tuple[str, str, HostingField]]:
    """Provider, name of the public field, and what it shows."""
    for registered in of_kind(kind):
        declared = cast("Calendar | MeetingLink", registered.declared)
        for name, field in declared.hosting_fields.items():
            yield registered.name, name, field


_OF_CALENDARS = tuple(_hosting_fields("calendar"))
_OF_MEETING_LINKS = tuple(_hosting_fields("meeting_link"))
_CALENDARS = frozenset(registered.name for registered in of_kind("calendar"))

if TYPE_CHECKING:

    class CrmOptions(msgspec.Struct):
        """Its fields are known when the registry is read."""

    class HostingInfo(msgspec.Struct):
        """Its fields are known when the registry is read."""
else:
    CrmOptions = msgspec.defstruct(
        "CrmOptions", _flattened(_option_structs()), module=__name__, frozen=True, kw_only=True
    )
    HostingInfo = msgspec.defstruct(
        "HostingInfo",
        [
            ("mainHost", UUID),
            ("meetingLink", str | None, None),
            *((name, field.json_type | None, None) for _, name, field in _OF_CALENDARS),
            ("calendarConnectionId", UUID | None, None),
            *((name, field.json_type | None, None) for _, name, field in _OF_MEETING_LINKS),
            ("calendarSyncProviders", CalendarSyncProviders, CalendarSyncProviders()),
        ],
        module=__name__,
        frozen=True,
        kw_only=True,
    )


def crm_options(stored: Mapping[str, object]) -> CrmOptions:
    """Unknown keys are ignored. Raises ``Malformed`` naming the key whose value has the wrong type."""
    try:
        return msgspec.convert(stored, CrmOptions)
    except msgspec.ValidationError as error:
        message, _, path = str(error).partition(" - at `$")
        raise Malformed.field(f"crmOptions{path.rstrip('`')}", message) from error


def hosting_info(main_host_id: UUID, meeting_link: str | None, refs: Sequence[AppointmentRef]) -> HostingInfo:
    """Where several hosts have an event of their own, the main host's is shown."""
    main_hosts_first = sorted(refs, key=lambda ref: ref.user_id != main_host_id)
    values = {"mainHost": main_host_id, "meetingLink": meeting_link}
    return HostingInfo(**values, **_of_the_event(main_hosts_first), **_of_providers(main_hosts_first))


def _of_the_event(refs: Sequence[AppointmentRef]) -> dict[str, Any]:
    event = next((ref for ref in refs if ref.provider in _CALENDARS and ref.record == "event"), None)
    if event is None:
        return {}
    where = CalendarSyncProviders(
        id=event.connection_id,
        type=event.provider,
        host_id=event.user_id,
        event_id=event.external_id,
        calendar_id=event.container,
    )
    return {"calendarConnectionId": event.connection_id, "calendarSyncProviders": where}


def _of_providers(refs: Sequence[AppointmentRef]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for provider, name, field in (*_OF_CALENDARS, *_OF_MEETING_LINKS):
        ref = next((ref for ref in refs if ref.provider == provider and ref.record == field.record), None)
        shown[name] = None if ref is None else msgspec.convert(ref.external_id, field.json_type, strict=False)
    return shown
