"""How a meeting type may be booked: the API's ``meetingOptions`` (meetergo-v4-api.md 4.2)."""

from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.records.meeting_info import Channel

Setting = Literal["enabled", "disabled", "useCompanySettings"]


class ConfirmationPageCssSetting(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Kept for the page that shows it; the meaning of ``mode`` is not public."""

    mode: int = 0


class BookingPagePassword(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``password`` is never shown: only its hash is stored."""

    enable: bool = False
    password: None = None


class MeetingOptions(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``allowed_durations`` and ``max_buffer_carry_over_delay`` are minutes; a channel may have a schedule."""

    allowed_durations: tuple[int, ...] = ()
    allow_select_channel: bool = False
    allow_host_selection: bool = False
    force_host_selection: bool = False
    allowed_channels: tuple[Channel, ...] = ()
    allow_adding_guests: bool = True
    double_opt_in: Setting = "useCompanySettings"
    require_host_confirmation: Setting = "useCompanySettings"
    enable_cluster_meeting: bool = False
    enable_buffer_carry_over: bool = False
    max_buffer_carry_over_delay: int | None = None
    allow_phone_only_booking: bool = False
    confirmation_page_css_setting: ConfirmationPageCssSetting = ConfirmationPageCssSetting()
    booking_page_password: BookingPagePassword = BookingPagePassword()
    channel_availabilities: dict[Channel, UUID] = {}
