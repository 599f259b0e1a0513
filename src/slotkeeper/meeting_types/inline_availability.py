"""A weekly schedule that a meeting type brings along: made with the type, and the owner's from then on."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID, uuid4

import msgspec
from msgspec import Meta, Struct
from psycopg.types.json import Jsonb

from slotkeeper.errors import Malformed
from slotkeeper.meeting_types.given import Line, Name, Text
from slotkeeper.records.schedule import WeeklySchedule
from slotkeeper.records.time_zone import time_zone
from slotkeeper.schedules.weekly_hours import WeekBody, WeeklyHours, weekly_schedule

_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


class InlineException(Struct, frozen=True, kw_only=True, rename="camel"):
    """Extra hours (``available``) or hours off, from ``start`` to ``end`` (RFC 3339, with a zone)."""

    available: bool
    start: Annotated[datetime, Meta(tz=True)]
    end: Annotated[datetime, Meta(tz=True)]
    title: Line | None = None
    note: Text | None = None


class InlineAvailability(Struct, frozen=True, kw_only=True, rename="camel"):
    """Without ``schedule`` no day is enabled: it is open during its ``exceptions`` only."""

    name: Name
    timezone: Annotated[str, Meta(max_length=100, description="IANA name")]
    schedule: WeeklyHours | None = None
    exceptions: Annotated[Sequence[InlineException], Meta(max_length=400)] = ()


class NewSchedule(Struct, frozen=True, kw_only=True):
    """A row to be inserted."""

    id: UUID
    schedule: WeeklySchedule
    given: InlineAvailability


def new_schedule(field: str, given: InlineAvailability) -> NewSchedule:
    """Raises ``Malformed`` for an unknown zone, hours that are none, and exceptions that end before they start."""
    time_zone(f"{field}.timezone", given.timezone)
    schedule = weekly_schedule(f"{field}.schedule", given.schedule or WeekBody())
    for at, exception in enumerate(given.exceptions):
        if not _EARLIEST <= exception.start < exception.end <= _LATEST:
            raise Malformed.field(f"{field}.exceptions[{at}]", "must end after it starts, between 2000 and 2200")
    return NewSchedule(id=uuid4(), schedule=schedule, given=given)


def schedule_params(schedules: Sequence[NewSchedule]) -> Mapping[str, object]:
    return {
        "schedules": Jsonb([_schedule_row(schedule) for schedule in schedules]),
        "exceptions": Jsonb(
            [
                {**msgspec.to_builtins(exception), "availability_id": str(schedule.id)}
                for schedule in schedules
                for exception in schedule.given.exceptions
            ]
        ),
    }


def _schedule_row(schedule: NewSchedule) -> Mapping[str, object]:
    return {
        "id": str(schedule.id),
        "name": schedule.given.name,
        "timezone": schedule.given.timezone,
        "schedule": msgspec.to_builtins(schedule.schedule),
    }


INSERT_SCHEDULES = """
    INSERT INTO availabilities (company_id, id, user_id, name, timezone, schedule)
    SELECT %(company_id)s, s.id, %(user_id)s::uuid, s.name, s.timezone, s.schedule
    FROM jsonb_to_recordset(%(schedules)s) AS s (id uuid, name text, timezone text, schedule jsonb)
"""

INSERT_EXCEPTIONS = """
    INSERT INTO availability_exceptions (
        company_id, owner_type, owner_id, availability_id, available, start_at, end_at, title, note
    )
    SELECT %(company_id)s, 'user', %(user_id)s::uuid, e.availability_id, e.available, e.start, e."end", e.title, e.note
    FROM jsonb_to_recordset(%(exceptions)s) AS e (
        availability_id uuid, available boolean, start timestamptz, "end" timestamptz, title text, note text
    )
"""
