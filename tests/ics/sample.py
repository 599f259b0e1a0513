"""An appointment, a change and a recipient to begin from; each test names only what it is about."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from slotkeeper.emails.recipient import Recipient
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Actor, Change
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Attendee, Host

BOOKED_AT = datetime(2026, 2, 1, 8, 30, tzinfo=UTC)
START = datetime(2026, 3, 10, 14, 0, tzinfo=UTC)
ID = UUID(int=1)


def host(**fields: Any) -> Host:
    given = {"email": "host@example.com", "given_name": "Jörg", "family_name": "Weiß", "timezone": "Europe/Berlin"}
    return Host(**{"id": ID, "slug": "weiss", "language": "de", **given, **fields})


def attendee(**fields: Any) -> Attendee:
    given = {"id": ID, "email": "ann@example.org", "fullname": "Ann Example"}
    return Attendee(**{**given, "created_at": BOOKED_AT, "updated_at": BOOKED_AT, **fields})


def appointment(**fields: Any) -> Appointment:
    start = fields.get("start", START)
    given: dict[str, Any] = {
        "id": ID,
        "company_id": ID,
        "company_name": "Praxis Dr. Weiß",
        "meeting_type_id": ID,
        "uid": "1@slotkeeper",
        "sequence": 3,
        "version": 5,
        "status": "confirmed",
        "start": start,
        "end": start + timedelta(minutes=30),
        "hosts": (host(),),
        "attendees": (attendee(),),
        "meeting_info": MeetingInfo(name="Intro call"),
        "created_at": BOOKED_AT,
        "updated_at": BOOKED_AT,
        "stamped_at": BOOKED_AT,
    }
    return Appointment(**{**given, **fields})


def change(**fields: Any) -> Change:
    start = fields.get("start", START)
    given: dict[str, Any] = {
        "appointment_id": ID,
        "sequence": 3,
        "kind": "rescheduled",
        "at": BOOKED_AT,
        "actor": Actor(kind="host", name="Jörg Weiß"),
        "through": "api",
        "start": start,
        "end": start + timedelta(minutes=30),
        "previous_start": datetime(2026, 3, 8, 10, 0, tzinfo=UTC),
        "previous_end": datetime(2026, 3, 8, 10, 30, tzinfo=UTC),
        "reason": "A train is late",
    }
    return Change(**{**given, **fields})


def recipient(**fields: Any) -> Recipient:
    given = {"address": "ann@example.org", "name": "Ann", "language": "en", "timezone": "America/New_York"}
    return Recipient(**{**given, "role": "attendee", "link": "https://slots.example/a/secret", **fields})
