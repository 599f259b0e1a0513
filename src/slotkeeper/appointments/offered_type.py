"""What a meeting type offers, and the checks of a booking against it."""

import msgspec

from slotkeeper.appointments.booking import Booking, IcsTexts
from slotkeeper.errors import Malformed
from slotkeeper.records.appointment import WaitingFor
from slotkeeper.records.meeting_info import MeetingInfo


class OfferedType(msgspec.Struct, frozen=True, kw_only=True):
    enabled: bool
    meeting_info: MeetingInfo
    spots: int = 1
    ics: IcsTexts = IcsTexts()
    locations: tuple[str, ...] = ()
    allowed_channels: tuple[str, ...] = ()
    allowed_durations: tuple[int, ...] = ()
    phone_only: bool = False
    opt_in: bool = False
    host_confirms: bool = False
    crm_options: dict[str, object] = {}
    password_hash: str | None = None


def info_of(offered: OfferedType, request: Booking) -> MeetingInfo:
    """The appointment's own copy of the meeting's description. Raises ``Malformed`` naming the field."""
    info = asked_info(offered, request.duration, request.channel)
    usual = offered.meeting_info.channel
    if usual == "local" and offered.locations and request.location not in (None, *offered.locations):
        raise Malformed.field("location", "must be one of the meeting type's locations")
    if request.phone_only and not offered.phone_only:
        raise Malformed.field("phoneOnlyBooking", "this meeting type does not allow it")
    return info


def asked_info(offered: OfferedType, duration: int | None, channel: str | None) -> MeetingInfo:
    """With the asked duration (minutes) and channel. Raises ``Malformed`` naming the field."""
    info = offered.meeting_info
    if not offered.enabled:
        raise Malformed.field("meetingTypeId", "this meeting type is disabled")
    if duration not in (None, info.duration, *offered.allowed_durations):
        raise Malformed.field("duration", "must be the meeting type's duration or one of its allowedDurations")
    if channel not in (None, info.channel, *offered.allowed_channels):
        raise Malformed.field("channel", "must be the meeting type's channel or one of its allowedChannels")
    return msgspec.structs.replace(info, duration=duration or info.duration, channel=channel or info.channel)


def waits_for(offered: OfferedType) -> WaitingFor | None:
    """The host's word first, then the attendee's. A group's seat is taken at once: its time is not held for one."""
    if offered.meeting_info.group_booking:
        return None
    if offered.host_confirms:
        return "host"
    return "attendee" if offered.opt_in else None


def _in_effect(option: str, column: str) -> str:
    """SQL: what a meeting type says, or the company where it leaves that to it."""
    return (
        f"(CASE t.meeting_options ->> '{option}' WHEN 'enabled' THEN true WHEN 'disabled' THEN false"
        f" ELSE c.{column} = 'enabled' END)"
    )


OFFERED_JSON = f"""json_build_object(
    'enabled', t.enabled, 'meeting_info', t.meeting_info, 'crm_options', t.crm_options, 'spots', t.spots,
    'ics', t.ics, 'locations', t.locations,
    'allowed_channels', CASE WHEN (t.meeting_options ->> 'allowSelectChannel')::boolean
        THEN coalesce(t.meeting_options -> 'allowedChannels', '[]') ELSE '[]' END,
    'allowed_durations', coalesce(t.meeting_options -> 'allowedDurations', '[]'),
    'phone_only', coalesce((t.meeting_options ->> 'allowPhoneOnlyBooking')::boolean, false),
    'opt_in', {_in_effect("doubleOptIn", "double_opt_in")},
    'host_confirms', {_in_effect("requireHostConfirmation", "require_host_confirmation")},
    'password_hash', t.booking_password_hash
)"""
"""An ``OfferedType``. Expects ``t`` (meeting_types) and ``c`` (companies)."""
