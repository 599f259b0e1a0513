"""What a meeting type becomes when a request changes it, and what must hold of it then. Pure, but for new ids.

A new meeting type is an edit too: of the defaults, or of a template.
"""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import replace

from slotkeeper.errors import Malformed
from slotkeeper.integrations.public_fields import CrmOptions, crm_options
from slotkeeper.meeting_types.consistent import require_consistent
from slotkeeper.meeting_types.fields import MeetingTypeFields, ResourceChannelFields
from slotkeeper.meeting_types.info_fields import MeetingInfoFields
from slotkeeper.meeting_types.inline_availability import InlineAvailability, NewSchedule, new_schedule
from slotkeeper.meeting_types.meeting_type import ResourceChannel, Settings, Translations
from slotkeeper.meeting_types.option_fields import MeetingOptionFields
from slotkeeper.meeting_types.translated import translated
from slotkeeper.records.meeting_info import Channel, MeetingInfo
from slotkeeper.records.meeting_options import MeetingOptions
from slotkeeper.records.patch import patched, patched_map

S = TypeVar("S", bound=Settings)


def edited(settings: S, given: MeetingTypeFields, language: str) -> tuple[S, list[NewSchedule]]:
    """The settings with what is given, and the schedules to be made with them. ``language`` is the company's default.

    Raises ``Malformed`` naming the field.
    """
    info, translations = edited_info(
        settings.meeting_info, settings.translations, grouped(given.meeting_info, given.spots), language
    )
    options, schedules = _options(settings.meeting_options, given.meeting_options)
    availability_id, own_schedules = _availability(settings.availability_id, given)
    after = replace(
        patched(settings, _plain(given)),
        meeting_info=info,
        translations=translations,
        meeting_options=options,
        availability_id=availability_id,
        metadata=patched_map(settings.metadata, given.metadata),
        crm_options=_crm_options(settings.crm_options, given.crm_options),
        resource_channels=_resource_channels(settings.resource_channels, given.resource_channels),
    )
    require_consistent(after)
    return after, [*own_schedules, *schedules]


def grouped(info: MeetingInfoFields | UnsetType, spots: int | UnsetType) -> MeetingInfoFields | UnsetType:
    """``spots`` without ``groupBooking`` say whether it is a group: clients cannot set the other (API 2.5)."""
    if spots is UNSET or (info and info.group_booking is not UNSET):
        return info
    return replace(info or MeetingInfoFields(), group_booking=spots > 1)


def edited_info(
    info: MeetingInfo, translations: Translations, given: MeetingInfoFields | UnsetType, language: str
) -> tuple[MeetingInfo, Translations]:
    if given is UNSET:
        return info, translations
    name, names = translated(info.name, translations.name, given.name, language)
    description, descriptions = translated(info.description, translations.description, given.description, language)
    after = replace(patched(info, replace(given, name=UNSET, description=UNSET)), name=name, description=description)
    return after, Translations(name=names, description=descriptions)


def _plain(given: MeetingTypeFields) -> MeetingTypeFields:
    """Without what ``edited`` handles itself."""
    handled = ("meeting_info", "meeting_options", "availability_id", "metadata", "crm_options", "resource_channels")
    slug = given.slug or UNSET
    reminders = given.reminders if given.reminders is UNSET else tuple(dict.fromkeys(given.reminders))
    return replace(given, slug=slug, reminders=reminders, **dict.fromkeys(handled, UNSET))


def _options(
    options: MeetingOptions, given: MeetingOptionFields | UnsetType
) -> tuple[MeetingOptions, list[NewSchedule]]:
    if given is UNSET:
        return options, []
    password = given.booking_page_password and replace(given.booking_page_password, password=UNSET)
    plain = replace(given, booking_page_password=password, channel_availabilities=UNSET)
    ids: dict[Channel, UUID | None] = {}
    schedules = []
    for channel, schedule in (given.channel_availabilities or {}).items():
        if isinstance(schedule, InlineAvailability):
            schedules.append(new_schedule(f"meetingOptions.channelAvailabilities.{channel}", schedule))
            ids[channel] = schedules[-1].id
        else:
            ids[channel] = schedule
    merged = patched_map(options.channel_availabilities, ids)
    return replace(patched(options, plain), channel_availabilities=merged), schedules


def _availability(stored: UUID | None, given: MeetingTypeFields) -> tuple[UUID | None, list[NewSchedule]]:
    if given.availability:
        if given.availability_id:
            raise Malformed.field("availability", "must not be given together with availabilityId")
        schedule = new_schedule("availability", given.availability)
        return schedule.id, [schedule]
    return (stored if given.availability_id is UNSET else given.availability_id), []


def _crm_options(stored: CrmOptions, given: Mapping[str, Any] | UnsetType) -> CrmOptions:
    if given is UNSET:
        return stored
    return crm_options(patched_map(msgspec.to_builtins(stored), given))


def _resource_channels(
    stored: Sequence[ResourceChannel], given: Sequence[ResourceChannelFields] | UnsetType
) -> tuple[ResourceChannel, ...]:
    """A resource that stays keeps the id of its channel."""
    if given is UNSET:
        return tuple(stored)
    ids = {channel.resource_id: channel.id for channel in stored}
    if len({channel.resource_id for channel in given}) < len(given):
        raise Malformed.field("resourceChannels", "must name each resource once")
    return tuple(
        ResourceChannel(id=ids.get(channel.resource_id) or uuid4(), **msgspec.structs.asdict(channel))
        for channel in given
    )
