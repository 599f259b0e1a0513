"""What clients of the API expect of a meeting type (meetergo-v4-api.md 3.2 to 3.4, 4.2), to decode answers strictly."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

Setting = Literal["enabled", "disabled", "useCompanySettings"]


class Button(Struct, rename="camel"):
    use_confirmation_button: bool
    text: str | None
    color: str | None
    link: str | None


class Info(Struct, rename="camel"):
    name: str
    description: str
    enable_redirect: bool
    redirect: str | None
    pass_event_details_to_redirect: bool
    duration: int
    channel: str
    custom_channel_name: str | None
    custom_channel_link: str | None
    connect_channel_name: str | None
    group_booking: bool
    show_available_slots: bool
    enrich_invitee: bool
    confirmation_button: Button
    buffer_before: int
    buffer_after: int
    buffer_must_stay_within_working_hours: bool
    color: str | None


class CssSetting(Struct):
    mode: int


class Password(Struct):
    enable: bool
    password: None


class Options(Struct, rename="camel"):
    allowed_durations: list[int]
    allow_select_channel: bool
    allow_host_selection: bool
    force_host_selection: bool
    allowed_channels: list[str]
    allow_adding_guests: bool
    double_opt_in: Setting
    require_host_confirmation: Setting
    enable_cluster_meeting: bool
    enable_buffer_carry_over: bool
    max_buffer_carry_over_delay: int | None
    allow_phone_only_booking: bool
    confirmation_page_css_setting: CssSetting
    booking_page_password: Password
    channel_availabilities: dict[str, UUID]


class Days(Struct, rename="camel"):
    mode: str | None
    booking_limit: int | None
    range_min: str | None
    range_max: str | None
    count_mode: str | None


class Ics(Struct):
    title: str | None
    description: str | None
    location: str | None


class MeetingTypeShape(Struct, rename="camel"):
    id: UUID
    slug: str
    user_id: UUID
    queue_id: UUID | None
    workspace_id: UUID | None
    company_id: UUID
    form_id: str | None
    communication_settings_id: int | None
    availability_id: UUID | None
    created_by_id: UUID
    is_global_queue: bool
    enabled: bool
    spots: int
    locations: list[str]
    timeslot_interval: int
    booking_minimum: int
    days_into_future: Days
    resource_channel_ids: list[UUID]
    ics: Ics
    metadata: dict[str, str]
    internal_notes: str | None
    created_at: datetime
    deleted_at: datetime | None
    meeting_info: Info
    meeting_options: Options


class CreatedShape(MeetingTypeShape, rename="camel"):
    booking_url: str


class LinkShape(Struct, rename="camel"):
    id: UUID
    url: str
    link: str
    token: str
    meeting_type_id: UUID
    created_at: datetime
    used_at: datetime | None
    expires_at: datetime | None


class InfoOfList(Struct):
    name: str


class InListOfN8n(Struct, rename="camel"):
    id: str
    meeting_info: InfoOfList
