"""The bodies that the appointment routes take, in the API's own names; what is not known is ignored."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal
from uuid import UUID

import msgspec

from slotkeeper.api.bodies import Instant, Reason
from slotkeeper.records.change import Notify
from slotkeeper.records.email_address import Email
from slotkeeper.records.language import Language

Link = Annotated[str, msgspec.Meta(pattern=r"^https?://[^\s/?#]+[^\s]*$(?!\n)", max_length=2000)]
"""For people to follow. ``$`` alone would let a newline stand behind it."""


class OverrideBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What to set aside, one by one; ``ignoreAvailability: true`` is short for all."""

    conflicts: bool = False
    hours: bool = False
    notice: bool = False
    buffers: bool = False
    limits: bool = False


class RescheduleBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``start``: ISO 8601 with a zone. ``reason`` and ``notify`` reach the participants; both may be left out."""

    start: Instant
    ignore_availability: bool | None = False
    override: OverrideBody | None = None
    reason: Reason | None = None
    notify: Notify = "all"
    hold_id: UUID | None = None
    """A held time to take."""


class CancelBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    reason: Reason | None = None
    attendee_id: UUID | None = None
    cancel_all: bool | None = False
    cancel_entire_series: bool | None = False
    notify: Notify = "all"


class AttendeeBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Liberal in what it takes: a name from any of its parts, answers and reminders by default."""

    email: Email | None = None
    """May be missing in a booking by telephone only."""
    firstname: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    lastname: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    fullname: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    phone: Annotated[str, msgspec.Meta(max_length=50)] | None = None
    receive_reminders: bool | None = True
    notes: Mapping[str, Any] | None = None
    language: Language | None = None
    timezone: str | None = None
    bringalong_emails: Annotated[Sequence[Email], msgspec.Meta(max_length=5)] | None = None
    data_policy_accepted: bool | None = False


class RecurrenceBody(msgspec.Struct, frozen=True, kw_only=True):
    """iCalendar's FREQ, INTERVAL and COUNT; the first occurrence counts."""

    frequency: Literal["daily", "weekly", "monthly"]
    interval: Annotated[int, msgspec.Meta(ge=1, le=12)] = 1
    count: Annotated[int, msgspec.Meta(ge=2, le=52)]


class BookingBody(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    meeting_type_id: UUID
    start: Instant
    attendee: AttendeeBody
    host_ids: Annotated[Sequence[UUID], msgspec.Meta(max_length=20)] | None = None
    queue_id: UUID | None = None
    appointment_id: UUID | None = None
    """The group to join."""
    hold_id: UUID | None = None
    attendee_pending_id: int | None = None
    recurrence: RecurrenceBody | None = None
    """Our own: a series, booked as a whole or not at all."""
    phone_only_booking: bool | None = False
    booking_password: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    one_time_link_id: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    duration: int | None = None
    location: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
    channel: Annotated[str, msgspec.Meta(max_length=50)] | None = None
    ignore_availability: bool | None = False
    skip_notifications: bool | None = False
    ics_title: Annotated[str, msgspec.Meta(max_length=200)] | None = None
    ics_description: Annotated[str, msgspec.Meta(max_length=2000)] | None = None


def overrides(ignore_availability: bool | None, override: OverrideBody | None = None) -> frozenset[str]:
    """The categories to set aside."""
    if ignore_availability:
        return frozenset(OverrideBody.__struct_fields__)
    return frozenset(name for name in OverrideBody.__struct_fields__ if override and getattr(override, name))
