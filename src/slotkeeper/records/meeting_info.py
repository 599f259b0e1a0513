"""The description of a meeting that a meeting type holds and every appointment keeps its own copy of."""

from typing import Literal

import msgspec

Channel = Literal[
    "local", "local-attendee", "google", "zoom", "phone", "phone-incoming", "whatsapp", "connect", "webex",
    "skypeForConsumer", "skypeForBusiness", "teamsForBusiness", "teamsForBusiness2", "teamsForExchange",
    "teams2ForExchange", "custom", "resource", "whereby", "kmeet", "zava", "jitsi", "nextcloudTalk", "openTalk",
    "alfaview",
]  # fmt: skip
"""Where a meeting happens: the API's MeetingChannel (meetergo-v4-api.md 4.7)."""


class ConfirmationButton(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    use_confirmation_button: bool = False
    text: str | None = None
    color: str | None = None
    link: str | None = None


class MeetingInfo(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """``duration`` and the buffers are minutes."""

    name: str
    description: str = ""
    enable_redirect: bool = False
    redirect: str | None = None
    pass_event_details_to_redirect: bool = False
    duration: int = 30
    channel: str = "custom"
    custom_channel_name: str | None = None
    custom_channel_link: str | None = None
    connect_channel_name: str | None = None
    group_booking: bool = False
    show_available_slots: bool = False
    enrich_invitee: bool = False
    confirmation_button: ConfirmationButton = ConfirmationButton()
    buffer_before: int = 0
    buffer_after: int = 0
    buffer_must_stay_within_working_hours: bool = False
    color: str | None = None
