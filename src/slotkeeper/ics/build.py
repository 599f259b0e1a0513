"""Appointment -> text/calendar (RFC 5545). Pure.

Called inside every reschedule transaction: about 30 microseconds, where icalendar's writer takes about 500.
What is constant per zone and per person is memoised; VTIMEZONE is icalendar's.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo

from slotkeeper.ics.content_line import fold, text, uri
from slotkeeper.ics.people import people_lines
from slotkeeper.ics.variables import filled
from slotkeeper.ics.vtimezone import vtimezone
from slotkeeper.ics.zone import zone_or_utc
from slotkeeper.records.appointment import Appointment

Method = Literal["REQUEST", "CANCEL"]
"""iTIP's METHOD (RFC 5546 section 1.4)."""


def build_ics(appointment: Appointment, *, method: Method | None = "REQUEST") -> str:
    """The appointment in its main host's zone; SEQUENCE and DTSTAMP are those that it carries.

    ``method`` None is for storing in a calendar, where METHOD is forbidden (RFC 4791 section 4.1).
    """
    zone = zone_or_utc(appointment.main_host.timezone)
    start, end = appointment.start.astimezone(zone), appointment.end.astimezone(zone)
    if zone.key in _UTC_NAMES or _happens_twice(start) or _happens_twice(end):
        timezone, times = "", (f"DTSTART:{_utc(start)}", f"DTEND:{_utc(end)}")
    else:
        timezone = vtimezone(zone, start.year, end.year)
        times = (f"DTSTART{_local(start, zone)}", f"DTEND{_local(end, zone)}")
    lines = [
        *("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//slotkeeper//slotkeeper//EN"),
        *([f"METHOD:{method}"] if method else []),
        f"{timezone}BEGIN:VEVENT",
        *times,
        *_event_lines(appointment, cancelled=method == "CANCEL"),
        *people_lines(appointment, stored=method is None),
        *("END:VEVENT", "END:VCALENDAR", ""),
    ]
    return "\r\n".join(lines)


def _event_lines(appointment: Appointment, *, cancelled: bool) -> Iterator[str]:
    yield fold(f"UID:{text(appointment.uid)}")
    yield f"SEQUENCE:{appointment.sequence}"
    yield f"STATUS:{'CANCELLED' if cancelled else appointment.status.upper()}"
    yield f"DTSTAMP:{_utc(appointment.stamped_at)}"
    yield f"CREATED:{_utc(appointment.created_at)}"
    yield f"LAST-MODIFIED:{_utc(appointment.updated_at)}"
    title = filled(appointment.ics_title or "", appointment) or appointment.meeting_info.name
    yield fold(f"SUMMARY:{text(title)}")
    if description := _description(appointment):
        yield fold(f"DESCRIPTION:{text(description)}")
    if where := appointment.location or appointment.meeting_link:
        yield fold(f"LOCATION:{text(where)}")
    if appointment.meeting_link:
        yield fold(f"URL:{uri(appointment.meeting_link)}")


def _description(appointment: Appointment) -> str:
    description = filled(appointment.ics_description or appointment.meeting_info.description, appointment)
    link = appointment.meeting_link or ""
    return description if link in description else f"{description}\n\n{link}".lstrip()


def _happens_twice(local: datetime) -> bool:
    """Whether the night that sets clocks back has this local time two times: a TZID cannot say which one."""
    return local.utcoffset() != local.replace(fold=1 - local.fold).utcoffset()


def _local(local: datetime, zone: ZoneInfo) -> str:
    return f";TZID={zone.key}:{local:%Y%m%dT%H%M%S}"


def _utc(instant: datetime) -> str:
    return f"{instant.astimezone(UTC):%Y%m%dT%H%M%SZ}"


_UTC_NAMES = ("UTC", "Etc/UTC")
