"""The answer of «Booking Availability V4» (meetergo-v4-api.md 2.3)."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType


class UnavailabilityEvent(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Why a slot cannot be booked. ``type``: `appointment`, `hold` or `event` (outside busy time) where it is taken,
    `rule` where only ``rule`` forbids it; ``hostId`` is null where no single host is the reason."""

    host_id: UUID | None
    host_name: str | None
    type: str
    picture: str | None
    rule: str


class GroupJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    id: UUID
    total_spots: int
    taken_spots: int


class SpotJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``startTime`` has the offset of ``timezone``; ``appointment`` is the group that a booking would join."""

    start_time: str
    unavailability_events: Sequence[UnavailabilityEvent] = ()
    appointment: GroupJson | UnsetType = UNSET


class DayJson(msgspec.Struct, frozen=True, kw_only=True):
    date: str
    spots: Sequence[SpotJson]


class TimeframeJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Time in UTC that the slots cover; with ``unavailabilityEvent`` time that a host is taken."""

    start: datetime
    end: datetime
    unavailability_event: UnavailabilityEvent | UnsetType = UNSET


class BookingAvailabilityJson(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``dates`` has the days with slots only. ``earliestAvailableDate`` may lie after the range, where that holds no
    slot; ``earliestMonthAvailability`` is its month. ``busyTimesReadAt``: since when, at least, the hosts' outside
    calendars are known; null where one was never read, left out where there is none."""

    timezone: str
    timeframes: Sequence[TimeframeJson]
    dates: Sequence[DayJson]
    earliest_available_date: str | None
    earliest_month_availability: str | None
    busy_times_read_at: datetime | UnsetType | None = UNSET
