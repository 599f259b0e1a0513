"""Recurring appointments: each occurrence is an appointment of its own, booked together and cancelled together."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import msgspec
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule
from msgspec.structs import replace

from slotkeeper.appointments.book import book
from slotkeeper.appointments.booking import Booked, Booking
from slotkeeper.appointments.cancel import Cancel, cancel
from slotkeeper.appointments.stored import Stored
from slotkeeper.db.pool import Connection, fetch_all
from slotkeeper.errors import NotFree
from slotkeeper.records.caller import Caller

MOST = 52
_FREQUENCIES = {"daily": DAILY, "weekly": WEEKLY, "monthly": MONTHLY}


class Recurrence(msgspec.Struct, frozen=True, kw_only=True):
    """After iCalendar's RRULE (RFC 5545 section 3.3.10): FREQ, INTERVAL, COUNT, the first occurrence included."""

    frequency: Literal["daily", "weekly", "monthly"]
    interval: int = 1
    count: int


async def book_series(
    connection: Connection, caller: Caller, request: Booking, recurrence: Recurrence, now: datetime
) -> list[Booked]:
    """All occurrences or none, in one transaction. Raises as ``book``; ``NotFree`` names the occurrence."""
    series = replace(request, series_id=uuid4())
    async with connection.transaction():
        first = await book(connection, caller, series, now, locked=True)
        others = occurrences(request.start, first.appointment.main_host.timezone, recurrence)
        return [first, *[await _book_one(connection, caller, series, start, now) for start in others]]


def occurrences(first: datetime, timezone: str, recurrence: Recurrence) -> Iterator[datetime]:
    """Pure. Those after ``first``, at its time on the zone's clock; a month without its day has none."""
    zone = ZoneInfo(timezone)
    rule = rrule(
        _FREQUENCIES[recurrence.frequency],
        dtstart=first.astimezone(zone).replace(tzinfo=None),
        interval=recurrence.interval,
        count=recurrence.count,
    )
    for local in list(rule)[1:]:
        yield local.replace(tzinfo=zone).astimezone(UTC)


async def cancel_series(connection: Connection, caller: Caller, request: Cancel, now: datetime) -> Stored:
    """The named occurrence and all after it, in one transaction. Raises as ``cancel``."""
    async with connection.transaction():
        cancelled = await cancel(connection, caller, request, now)
        series_id = cancelled.appointment.series_id
        if series_id is None:
            return cancelled
        params = {
            "company_id": caller.company_id,
            "series_id": series_id,
            "after": cancelled.appointment.start,
            "now": now,
        }
        for occurrence in await fetch_all(connection, UUID, _AFTER, params):
            await cancel(connection, caller, replace(request, appointment_id=occurrence, precondition=None), now)
    return cancelled


async def _book_one(connection: Connection, caller: Caller, series: Booking, start: datetime, now: datetime) -> Booked:
    again = replace(series, start=start, attendee=replace(series.attendee, id=uuid4()))
    try:
        return await book(connection, caller, again, now, locked=True)
    except NotFree as taken:
        detail = f"the occurrence at {start:%Y-%m-%dT%H:%M:%SZ}: {taken.detail}"
        raise NotFree(detail, code=taken.code, conflicts=taken.conflicts, suggestions=taken.suggestions) from taken


_AFTER = """
    SELECT to_json(id)::text FROM appointments
    WHERE company_id = %(company_id)s AND series_id = %(series_id)s AND start_at > %(after)s AND end_at > %(now)s
        AND status <> 'cancelled' AND deleted_at IS NULL
    ORDER BY start_at
"""
