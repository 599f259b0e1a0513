"""The members of ``meetingOptions`` that a request may carry."""

from typing import Annotated
from uuid import UUID

from msgspec import UNSET, Meta, Struct

from slotkeeper.meeting_types.given import Duration, Given
from slotkeeper.meeting_types.inline_availability import InlineAvailability
from slotkeeper.records.meeting_info import Channel
from slotkeeper.records.meeting_options import Setting


class CssSettingFields(Struct, frozen=True, kw_only=True, rename="camel"):
    mode: Given[Annotated[int, Meta(ge=0, le=100)]] = UNSET


class PasswordFields(Struct, frozen=True, kw_only=True, rename="camel"):
    """``password`` null or empty: none is given, the stored one stays; ``enable`` false forgets it."""

    enable: Given[bool] = UNSET
    password: Given[Annotated[str, Meta(max_length=200)] | None] = UNSET

    def __repr__(self) -> str:
        return f"PasswordFields(enable={self.enable!r})"


class TemplateOptionFields(Struct, frozen=True, kw_only=True, rename="camel"):
    """Those that belong to no user, so that a template can hold them."""

    allowed_durations: Given[Annotated[tuple[Duration, ...], Meta(max_length=50)]] = UNSET
    allow_select_channel: Given[bool] = UNSET
    allow_host_selection: Given[bool] = UNSET
    force_host_selection: Given[bool] = UNSET
    allowed_channels: Given[Annotated[tuple[Channel, ...], Meta(max_length=50)]] = UNSET
    allow_adding_guests: Given[bool] = UNSET
    double_opt_in: Given[Setting] = UNSET
    require_host_confirmation: Given[Setting] = UNSET
    enable_cluster_meeting: Given[bool] = UNSET
    enable_buffer_carry_over: Given[bool] = UNSET
    max_buffer_carry_over_delay: Given[Annotated[int, Meta(ge=0, le=480, description="Minutes")] | None] = UNSET
    allow_phone_only_booking: Given[bool] = UNSET
    confirmation_page_css_setting: Given[CssSettingFields] = UNSET


class MeetingOptionFields(TemplateOptionFields, frozen=True, kw_only=True, rename="camel"):
    """``channelAvailabilities``: a schedule for a channel, by its id or given here; null takes it away."""

    booking_page_password: Given[PasswordFields] = UNSET
    channel_availabilities: Given[Annotated[dict[Channel, UUID | InlineAvailability | None], Meta(max_length=24)]] = (
        UNSET
    )
