"""The members of ``meetingInfo`` that a request may carry."""

from msgspec import UNSET, Struct

from slotkeeper.meeting_types.given import (
    Buffer,
    Colour,
    Duration,
    Given,
    Line,
    Name,
    NameInLanguages,
    Text,
    TextInLanguages,
    WebAddress,
)
from slotkeeper.records.meeting_info import Channel


class ConfirmationButtonFields(Struct, frozen=True, kw_only=True, rename="camel"):
    use_confirmation_button: Given[bool] = UNSET
    text: Given[Line | None] = UNSET
    color: Given[Colour | None] = UNSET
    link: Given[WebAddress | None] = UNSET


class MeetingInfoFields(Struct, frozen=True, kw_only=True, rename="camel"):
    """A plain ``name`` or ``description`` is meant in the company's default language."""

    name: Given[Name | NameInLanguages] = UNSET
    description: Given[Text | TextInLanguages | None] = UNSET
    enable_redirect: Given[bool] = UNSET
    redirect: Given[WebAddress | None] = UNSET
    pass_event_details_to_redirect: Given[bool] = UNSET
    duration: Given[Duration] = UNSET
    channel: Given[Channel] = UNSET
    custom_channel_name: Given[Line | None] = UNSET
    custom_channel_link: Given[WebAddress | None] = UNSET
    connect_channel_name: Given[Line | None] = UNSET
    group_booking: Given[bool] = UNSET
    show_available_slots: Given[bool] = UNSET
    enrich_invitee: Given[bool] = UNSET
    confirmation_button: Given[ConfirmationButtonFields] = UNSET
    buffer_before: Given[Buffer] = UNSET
    buffer_after: Given[Buffer] = UNSET
    buffer_must_stay_within_working_hours: Given[bool] = UNSET
    color: Given[Colour | None] = UNSET
