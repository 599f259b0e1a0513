"""What a request to create or change a meeting type may carry (meetergo-v4-api.md 2.5, and 0050 for our own)."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any
from uuid import UUID

from msgspec import UNSET, Meta, Struct

from slotkeeper.meeting_types.given import Given, Line, Locations, Slug, Spots, Text
from slotkeeper.meeting_types.info_fields import MeetingInfoFields
from slotkeeper.meeting_types.inline_availability import InlineAvailability
from slotkeeper.meeting_types.meeting_type import A_YEAR
from slotkeeper.meeting_types.option_fields import MeetingOptionFields
from slotkeeper.records.attendee_policy import PolicyMode

Limit = Annotated[int, Meta(ge=1, le=1000)]
Metadata = dict[Annotated[str, Meta(min_length=1, max_length=100)], Annotated[str, Meta(max_length=500)] | None]


class DaysIntoFutureFields(Struct, frozen=True, kw_only=True, rename="camel"):
    """``limit`` needs ``bookingLimit`` (minutes); ``range`` goes from ``rangeMin`` to ``rangeMax`` (ISO 8601 dates)."""

    mode: Given[Annotated[str, Meta(max_length=30, description="limit, range; anything else: no bound")] | None] = UNSET
    booking_limit: Given[Annotated[int, Meta(ge=0, le=52_560_000)] | None] = UNSET
    range_min: Given[Annotated[str, Meta(max_length=40)] | None] = UNSET
    range_max: Given[Annotated[str, Meta(max_length=40)] | None] = UNSET
    count_mode: Given[Annotated[str, Meta(max_length=30, description="calendar: to the end of the day")] | None] = UNSET


class IcsFields(Struct, frozen=True, kw_only=True, rename="camel"):
    title: Given[Line | None] = UNSET
    description: Given[Annotated[str, Meta(max_length=2000)] | None] = UNSET
    location: Given[Annotated[str, Meta(max_length=1000)] | None] = UNSET


class ResourceChannelFields(Struct, frozen=True, kw_only=True, rename="camel"):
    resource_id: UUID
    name: Line = ""
    availability_id: UUID | None = None
    group_name: Line | None = None
    group_member_index: Annotated[int, Meta(ge=0, le=1000)] | None = None


class CancellationPolicyFields(Struct, frozen=True, kw_only=True, rename="camel"):
    """``duration`` is hours or days of notice, whichever ``mode`` says."""

    enabled: Given[bool] = UNSET
    mode: Given[PolicyMode | None] = UNSET
    duration: Given[Annotated[int, Meta(ge=0, le=8784)] | None] = UNSET


class ReschedulingPolicyFields(CancellationPolicyFields, frozen=True, kw_only=True, rename="camel"):
    max_changes: Given[Limit | None] = UNSET
    max_shift_days: Given[Limit | None] = UNSET
    reason_required: Given[bool] = UNSET


class BookingLimitFields(Struct, frozen=True, kw_only=True, rename="camel"):
    day: Given[Limit | None] = UNSET
    week: Given[Limit | None] = UNSET
    month: Given[Limit | None] = UNSET


class MeetingTypeFields(Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays as it is; objects are merged, lists replaced (RFC 7396)."""

    meeting_info: Given[MeetingInfoFields] = UNSET
    meeting_options: Given[MeetingOptionFields] = UNSET
    slug: Given[Slug | None] = UNSET
    enabled: Given[bool] = UNSET
    spots: Given[Spots] = UNSET
    locations: Given[Locations] = UNSET
    timeslot_interval: Given[Annotated[int, Meta(ge=5, le=60, description="Minutes")]] = UNSET
    booking_minimum: Given[Annotated[int, Meta(ge=0, le=A_YEAR, description="Minutes of notice")]] = UNSET
    days_into_future: Given[DaysIntoFutureFields] = UNSET
    availability_id: Given[UUID | None] = UNSET
    availability: Given[InlineAvailability | None] = UNSET
    resource_channels: Given[Annotated[Sequence[ResourceChannelFields], Meta(max_length=50)]] = UNSET
    ics: Given[IcsFields] = UNSET
    metadata: Given[Metadata] = UNSET
    internal_notes: Given[Text | None] = UNSET
    is_global_queue: Given[bool] = UNSET
    workspace_id: Given[UUID | None] = UNSET
    rescheduling_policy: Given[ReschedulingPolicyFields] = UNSET
    cancellation_policy: Given[CancellationPolicyFields] = UNSET
    booking_limits: Given[BookingLimitFields] = UNSET
    reminders: Given[
        Annotated[tuple[Annotated[int, Meta(ge=1, le=43_200, description="Minutes before")], ...], Meta(max_length=10)]
    ] = UNSET
    crm_options: Given[Mapping[str, Any]] = UNSET


class CreateOptions(Struct, frozen=True, kw_only=True, rename="camel"):
    create_one_time_link: bool = False


class NewMeetingType(MeetingTypeFields, frozen=True, kw_only=True, rename="camel"):
    """A name is needed, here or by ``templateId``, which gives what is left out. ``userId`` defaults to the caller."""

    user_id: UUID | None = None
    template_id: UUID | None = None
    options: CreateOptions | None = None
