"""What clients read, with the types that they check (meetergo-v4-api.md 3.2).

Each member may be absent or null, and none of another type; what clients cannot do without is plain.
"""

from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

Str = str | UnsetType | None
Num = float | UnsetType | None
Bool = bool | UnsetType | None
Record = dict[str, Any]


class Shape(msgspec.Struct, rename="camel", kw_only=True):
    pass


class Me(Shape):
    id: str
    email: Str = UNSET
    first_name: Str = UNSET
    last_name: Str = UNSET
    company_id: Str = UNSET
    timezone: Str = UNSET


class MeetingInfo(Shape):
    name: str
    description: Str = UNSET
    duration: Num = UNSET
    channel: Str = UNSET
    buffer_before: Num = UNSET
    buffer_after: Num = UNSET
    color: Str = UNSET


class MeetingType(Shape):
    id: str
    meeting_info: MeetingInfo
    slug: Str = UNSET
    user_id: Str = UNSET
    queue_id: Str = UNSET
    spots: Num = UNSET


class Spot(Shape):
    start_time: str
    unavailability_events: list[Record] = []
    appointment: Record | UnsetType | None = UNSET


class Day(Shape):
    spots: list[Spot]
    date: Str = UNSET


class Availability(Shape):
    dates: list[Day]
    timezone: Str = UNSET

    @property
    def starts(self) -> list[str]:
        return [spot.start_time for day in self.dates for spot in day.spots]


class Attendee(Shape):
    id: str
    email: Str = UNSET
    firstname: Str = UNSET
    lastname: Str = UNSET
    fullname: Str = UNSET
    phone: Str = UNSET
    timezone: Str = UNSET


class Cancel(Shape):
    action_at: Str = UNSET
    reason: Str = UNSET


class Appointment(Shape):
    """Cancelled if ``isCancelled``, or ``cancel.actionAt`` is not null."""

    id: str
    start: str
    end: str
    attendees: list[Attendee]
    is_cancelled: Bool = UNSET
    cancel: Cancel | UnsetType | None = UNSET
    meeting_type_id: Str = UNSET
    hosts: list[Record] | UnsetType | None = UNSET
    rescheduled_at: Str = UNSET
    reschedule_count: Num = UNSET
    note: Str = UNSET
    transcription: Str = UNSET
    summary: Str = UNSET

    @property
    def cancelled(self) -> bool:
        return self.is_cancelled is True or bool(self.cancel and self.cancel.action_at)


class Page(Shape):
    appointments: list[Appointment]
    total: int


class Booked(Shape):
    appointment_id: str
    secret: str


class Pending(Shape):
    booking_type: str
    provisional_booking_id: str


class Moved(Shape):
    appointment: Appointment
    previous_start: str


class OneTimeLink(Shape):
    id: str
    url: str
    token: Str = UNSET


class PersonalPage(Shape):
    use_custom_colors: Bool = UNSET
    primary_color: Str = UNSET
    secondary_color: Str = UNSET
    header_image: Str = UNSET
    description: Str = UNSET
    show_all_meeting_types: Bool = UNSET
    meeting_type_order: list[str] | UnsetType | None = UNSET
    online_profiles: Record | UnsetType | None = UNSET


class Webhook(Shape):
    id: str
    endpoint: str
    event_types: list[str]
    description: Str = UNSET
    created_at: Str = UNSET


class CalendarConnections(Shape):
    connections: list[Record]
    total: int


class Contact(Shape):
    id: str
    first_name: Str = UNSET
    last_name: Str = UNSET
    email: Str = UNSET
    phone_number: Str = UNSET
    tags: list[str] | UnsetType | None = UNSET
    notes: Str = UNSET
    account_owner_id: Str = UNSET
    created_at: Str = UNSET


class ContactItem(Shape):
    item: Contact


class Contacts(Shape):
    result: list[ContactItem]
    total: int
    total_pages: int


class Refusal(Shape):
    status_code: int
    message: str | list[str]
