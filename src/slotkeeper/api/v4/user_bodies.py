"""The bodies that the user routes take, in the API's own names; what is not known is ignored."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.accounts.add_meeting_type import A_YEAR_AHEAD
from slotkeeper.accounts.add_user import DefaultHours, NewUser
from slotkeeper.accounts.change_user import UserPatch
from slotkeeper.accounts.create_user import FirstMeetingType
from slotkeeper.accounts.users import UserType
from slotkeeper.api.v4.requests import Link
from slotkeeper.availability.booking_window import DaysIntoFuture, booking_window
from slotkeeper.errors import Malformed
from slotkeeper.records.email_address import Email
from slotkeeper.records.language import Language
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.patch import given
from slotkeeper.records.time_zone import time_zone
from slotkeeper.schedules.weekly_hours import WeekBody, WeeklyHours, weekly_schedule

Name = Annotated[str, msgspec.Meta(min_length=1, max_length=100)]
Slug = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~-]*$(?!\n)", max_length=100)]


class UserHoursBody(msgspec.Struct, frozen=True, kw_only=True):
    """`timezone` defaults to the user's; without `schedule` no hours but those of exceptions."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | None = None
    timezone: str | None = None
    schedule: WeeklyHours = WeekBody()


class UserMeetingTypeBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """`duration` is minutes."""

    name: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    duration: Annotated[int, msgspec.Meta(ge=2, le=480)] = 30
    slug: Slug | None = None
    channel: Annotated[str, msgspec.Meta(max_length=50)] = "phone"
    days_into_future: DaysIntoFuture | None = None


class NewUserBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Without `timezone` the company's; without `availability` Mon-Fri 9-17."""

    email: Email
    given_name: Name
    family_name: Name
    timezone: str | None = None
    slug: Slug | None = None
    language: Language | None = None
    title: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    user_type: UserType = "api-platform"
    availability: UserHoursBody | None = None
    meeting_type: UserMeetingTypeBody | None = None


class UserPatchBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Members that are left out stay. `email`, `isAdmin`, `isScimDisabled` and `userType` are for admins."""

    given_name: Name | UnsetType = UNSET
    family_name: Name | UnsetType = UNSET
    title: Annotated[str, msgspec.Meta(max_length=200)] | UnsetType | None = UNSET
    picture: Link | UnsetType | None = UNSET
    slug: Slug | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    language: Language | UnsetType = UNSET
    anonymous_booking: bool | UnsetType = UNSET
    anonymous_calendar_activity: bool | UnsetType = UNSET
    show_getting_started_list: bool | UnsetType = UNSET
    receive_email_marketing: bool | UnsetType = msgspec.field(default=UNSET, name="recieveEmailMarketing")
    email: Email | UnsetType = UNSET
    is_admin: bool | UnsetType = UNSET
    is_scim_disabled: bool | UnsetType = UNSET
    user_type: UserType | UnsetType = UNSET


def new_user(body: NewUserBody, company_timezone: str) -> NewUser:
    """Raises ``Malformed`` naming the field."""
    return NewUser(
        email=body.email,
        given_name=body.given_name,
        family_name=body.family_name,
        timezone=time_zone("timezone", body.timezone or company_timezone),
        slug=body.slug,
        language=body.language,
        title=body.title,
        user_type=body.user_type,
        hours=_hours(body.availability) if body.availability else DefaultHours(),
    )


def first_meeting_type(body: UserMeetingTypeBody, now: datetime) -> FirstMeetingType:
    """Raises ``Malformed`` naming the field."""
    days = body.days_into_future or A_YEAR_AHEAD
    try:
        booking_window(days, int(now.timestamp()), "UTC")
    except ValueError as error:
        member, _, what = str(error).partition(": ")
        raise Malformed.field(f"meetingType.daysIntoFuture.{member}", what) from error
    info = MeetingInfo(name=body.name, duration=body.duration, channel=body.channel)
    return FirstMeetingType(info=info, slug=body.slug, days_into_future=days)


def user_patch(body: UserPatchBody) -> UserPatch:
    """Raises ``Malformed`` naming the field."""
    if body.timezone is not UNSET:
        time_zone("timezone", body.timezone)
    return msgspec.structs.replace(UserPatch(), **given(body))


def _hours(body: UserHoursBody) -> DefaultHours:
    schedule = weekly_schedule("availability.schedule", body.schedule)
    timezone = body.timezone and time_zone("availability.timezone", body.timezone)
    return DefaultHours(name=body.name or DefaultHours().name, schedule=schedule, timezone=timezone)
