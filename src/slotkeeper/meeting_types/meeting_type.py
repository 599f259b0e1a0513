"""A meeting type as it is stored and as answers show it (meetergo-v4-api.md 4.2; docs/decisions/0050)."""

from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.availability.booking_window import DaysIntoFuture
from slotkeeper.integrations.public_fields import CrmOptions, crm_options
from slotkeeper.records.attendee_policy import CancellationPolicy, ReschedulingPolicy
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.meeting_options import MeetingOptions

A_YEAR = 525_600
"""Minutes."""


class IcsTexts(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Texts of the calendar file, with the API's variables such as ``{!M.Guest.Fullname}``; null: our own."""

    title: str | None = None
    description: str | None = None
    location: str | None = None


class ResourceChannel(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A room or a device that is booked along; ``resourceId`` is a user of the company."""

    id: UUID
    resource_id: UUID
    name: str = ""
    availability_id: UUID | None = None
    group_name: str | None = None
    group_member_index: int | None = None


class BookingLimits(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """The most bookings of this type that a host takes in a period of their zone; null: any number."""

    day: int | None = None
    week: int | None = None
    month: int | None = None


class Translations(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """All texts by language; ``meetingInfo`` has the one in the company's default language."""

    name: dict[str, str] = {}
    description: dict[str, str] = {}


class Settings(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What can be edited. ``timeslotInterval``, ``bookingMinimum`` and ``reminders`` are minutes."""

    meeting_info: MeetingInfo = MeetingInfo(name="")
    translations: Translations = msgspec.field(default_factory=Translations)
    meeting_options: MeetingOptions = msgspec.field(default_factory=MeetingOptions)
    enabled: bool = True
    spots: int = 1
    locations: tuple[str, ...] = ()
    timeslot_interval: int = 15
    booking_minimum: int = 0
    days_into_future: DaysIntoFuture = DaysIntoFuture(mode="limit", booking_limit=A_YEAR)
    availability_id: UUID | None = None
    resource_channels: tuple[ResourceChannel, ...] = ()
    ics: IcsTexts = IcsTexts()
    metadata: dict[str, str] = {}
    internal_notes: str | None = None
    is_global_queue: bool = False
    workspace_id: UUID | None = None
    rescheduling_policy: ReschedulingPolicy = ReschedulingPolicy()
    cancellation_policy: CancellationPolicy = CancellationPolicy()
    booking_limits: BookingLimits = BookingLimits()
    reminders: tuple[int, ...] = (1440, 60)
    crm_options: CrmOptions = msgspec.field(default_factory=lambda: crm_options({}))


class MeetingType(Settings, frozen=True, kw_only=True, rename="camel"):
    """``formId`` and ``communicationSettingsId`` are null: slotkeeper has neither. Of ``bookingUrl`` only the path is
    stored; whoever answers puts the server's address before it."""

    id: UUID
    slug: str
    user_id: UUID
    queue_id: UUID | None = None
    company_id: UUID
    form_id: UUID | None = None
    communication_settings_id: int | None = None
    created_by_id: UUID
    resource_channel_ids: tuple[UUID, ...]
    booking_url: str
    created_at: datetime
    deleted_at: datetime | None


MEETING_TYPE_JSON = """json_build_object(
    'id', t.id, 'slug', t.slug, 'userId', t.user_id, 'companyId', t.company_id, 'workspaceId', t.workspace_id,
    'createdById', coalesce(t.created_by, t.user_id), 'availabilityId', t.availability_id,
    'isGlobalQueue', t.is_global_queue, 'enabled', t.enabled, 'spots', t.spots, 'locations', t.locations,
    'timeslotInterval', t.timeslot_interval, 'bookingMinimum', t.booking_minimum,
    'daysIntoFuture', t.days_into_future, 'resourceChannels', t.resource_channels,
    'resourceChannelIds', jsonb_path_query_array(t.resource_channels, '$[*].id'),
    'ics', t.ics, 'metadata', t.metadata, 'internalNotes', t.internal_notes,
    'meetingInfo', t.meeting_info, 'translations', t.translations, 'meetingOptions', t.meeting_options,
    'reschedulingPolicy', t.rescheduling_policy, 'cancellationPolicy', t.cancellation_policy,
    'bookingLimits', t.booking_limits, 'reminders', t.reminders, 'crmOptions', t.crm_options,
    'bookingUrl', (
        SELECT '/' || u.slug || '/' || t.slug FROM users u WHERE u.company_id = t.company_id AND u.id = t.user_id
    ),
    'createdAt', t.created_at, 'deletedAt', t.deleted_at, 'queueId', t.queue_id
)"""
"""Expects ``t`` (meeting_types)."""
