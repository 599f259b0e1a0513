"""An appointment as it is now."""

from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Attendee, Host

Status = Literal["tentative", "confirmed", "cancelled"]
"""iCalendar's STATUS (RFC 5545 section 3.8.1.11); tentative waits for an opt-in or a host's confirmation."""


WaitingFor = Literal["host", "attendee"]
"""Whose word a tentative appointment waits for."""


class Cancellation(msgspec.Struct, frozen=True, kw_only=True):
    at: datetime
    by: str | None
    source: str
    reason: str | None = None


class Appointment(msgspec.Struct, frozen=True, kw_only=True):
    """``hosts[0]`` is the main host and iCalendar's organizer.

    ``sequence`` is iCalendar's SEQUENCE: it grows with every change that carries effects (RFC 5546 section 2.1.4),
    and effects are fenced by it. ``version`` grows with every write, notes included; the ETag is made of it.
    """

    id: UUID
    company_id: UUID
    company_name: str
    meeting_type_id: UUID
    uid: str
    sequence: int
    version: int
    status: Status
    waiting_for: WaitingFor | None = None
    start: datetime
    end: datetime
    hosts: tuple[Host, ...]
    attendees: tuple[Attendee, ...]
    meeting_info: MeetingInfo
    seats: int = 1
    """How many attendees a group takes."""
    series_id: UUID | None = None
    queue_id: UUID | None = None
    location: str | None = None
    meeting_link: str | None = None
    ics_title: str | None = None
    ics_description: str | None = None
    note: str | None = None
    cancellation: Cancellation | None = None
    created_at: datetime
    updated_at: datetime
    rescheduled_at: datetime | None = None
    stamped_at: datetime
    """iCalendar's DTSTAMP of the present ICS; it never goes back."""
    deleted_at: datetime | None = None

    @property
    def duration(self) -> timedelta:
        return self.end - self.start

    @property
    def main_host(self) -> Host:
        return self.hosts[0]
