"""The form of a booking page: what a meeting type asks for, and what was typed as a booking. Pure."""

import re
from collections.abc import Mapping
from datetime import datetime
from secrets import token_urlsafe
from uuid import UUID

import msgspec

from slotkeeper.appointments.booking import Booking
from slotkeeper.appointments.booking_page import BookingPage
from slotkeeper.records.email_address import PATTERN
from slotkeeper.records.people import Attendee
from slotkeeper.web.booking.choice import Chosen, instant_text

MOST_GUESTS = 5
LONGEST = {
    "firstname": 100, "lastname": 99, "email": 254, "phone": 50, "guests": 1000, "location": 1000, "message": 2000,
    "password": 200,
}  # fmt: skip
MESSAGE = "Message"
"""The label that the message has among the attendee's answers, in every language."""
_KEY_BYTES = 18
_EMAIL = re.compile(PATTERN)
_CALLED = frozenset({"phone", "whatsapp"})
_BETWEEN_GUESTS = re.compile(r"[\s,;]+")


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the form asks for beside names and an address, as far as the meeting type has it."""

    phone: bool
    phone_needed: bool
    email_needed: bool
    guests: bool
    locations: tuple[str, ...]
    address: bool
    password: bool
    consent_question: str | None


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """``faults`` by field, in the form's order: ``missing``, ``wrong``, ``long`` or ``many``."""

    typed: Mapping[str, str]
    faults: Mapping[str, str]


def asked_by(page: BookingPage, chosen: Chosen) -> Asked:
    called = chosen.channel in _CALLED
    return Asked(
        phone=called or page.offered.phone_only,
        phone_needed=called,
        email_needed=not page.offered.phone_only,
        guests=page.takes_guests,
        locations=page.offered.locations if chosen.channel == "local" else (),
        address=chosen.channel == "local-attendee",
        password=page.offered.password_hash is not None,
        consent_question=page.consent_question,
    )


def fill(asked: Asked, form: Mapping[str, str]) -> Filled:
    """Names and texts are cleaned of what cannot be typed; a password is taken as it is."""
    typed = {name: _clean(name, text) for name, text in form.items()}
    faults = dict(_faults(asked, typed))
    return Filled(typed=typed, faults={name: faults[name] for name in (*LONGEST, "policy") if name in faults})


def _clean(name: str, text: str) -> str:
    if name == "password":
        return text.replace("\0", "")
    kept = "".join(
        character for character in text.replace("\r\n", "\n") if character.isprintable() or character == "\n"
    )
    return (kept if name == "message" else kept.replace("\n", " ")).strip()


def _faults(asked: Asked, typed: Mapping[str, str]) -> "list[tuple[str, str]]":
    reachable = typed.get("phone") and not asked.email_needed
    needed = {
        "firstname": True,
        "email": not reachable,
        "phone": asked.phone_needed,
        "location": asked.address or len(asked.locations) > 1,
        "password": asked.password,
        "policy": True,
    }
    missing = [(name, "missing") for name, is_needed in needed.items() if is_needed and not typed.get(name)]
    long = [(name, "long") for name, most in LONGEST.items() if len(typed.get(name, "")) > most]
    return [*_wrong(asked, typed), *long, *missing]


def _wrong(asked: Asked, typed: Mapping[str, str]) -> "list[tuple[str, str]]":
    guests, location = guests_in(typed), typed.get("location")
    checks = (
        ("email", "wrong", bool(typed.get("email")) and not _EMAIL.match(typed["email"])),
        ("phone", "wrong", bool(typed.get("phone")) and sum(map(str.isdigit, typed["phone"])) < 5),
        ("guests", "many", len(guests) > MOST_GUESTS),
        ("guests", "wrong", any(len(guest) > LONGEST["email"] or not _EMAIL.match(guest) for guest in guests)),
        ("location", "wrong", bool(asked.locations and location) and location not in asked.locations),
    )
    return [(name, what) for name, what, is_so in checks if is_so]


def guests_in(typed: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, _BETWEEN_GUESTS.split(typed.get("guests", "")))))


def new_key() -> str:
    """What tells one form from all others, so that sending it twice books once."""
    return token_urlsafe(_KEY_BYTES)


def key_of(typed: Mapping[str, str]) -> str:
    """The form's; another one for a form without, or with one that somebody else could have come upon too."""
    key = typed.get("key", "")
    return key if len(key) >= len(new_key()) else new_key()


def attendee_of(
    asked: Asked, typed: Mapping[str, str], attendee_id: UUID, timezone: str, language: str, now: datetime
) -> Attendee:
    firstname, lastname = typed["firstname"], typed.get("lastname", "")
    return Attendee(
        id=attendee_id,
        email=typed.get("email") or None,
        fullname=f"{firstname} {lastname}".strip(),
        firstname=firstname,
        lastname=lastname or None,
        phone=(asked.phone and typed.get("phone")) or None,
        bringalong_emails=guests_in(typed) if asked.guests else (),
        notes=_answers(asked, typed),
        language=language,
        timezone=timezone,
        data_policy_accepted=True,
        created_at=now,
        updated_at=now,
    )


def _answers(asked: Asked, typed: Mapping[str, str]) -> dict[str, object]:
    message = {MESSAGE: typed["message"]} if typed.get("message") else {}
    consent = {asked.consent_question: bool(typed.get("consent"))} if asked.consent_question else {}
    return {**message, **consent}


def booking_of(
    page: BookingPage, chosen: Chosen, start: datetime, asked: Asked, typed: Mapping[str, str], attendee: Attendee
) -> Booking:
    location = typed.get("location") if asked.address or asked.locations else None
    booking = Booking(
        meeting_type_id=page.meeting_type_id,
        start=start,
        attendee=attendee,
        one_time_link=chosen.one_time_link,
        duration=chosen.duration,
        channel=chosen.channel,
        host_ids=(chosen.host.id,) if chosen.host else (),
        queue_id=page.queue_id if chosen.host else None,
        location=location or next(iter(asked.locations), None),
        password=typed.get("password") if asked.password else None,
        phone_only=attendee.email is None,
    )
    return msgspec.structs.replace(booking, asked=_in_the_apis_names(booking))


def _in_the_apis_names(booking: Booking) -> dict[str, object]:
    attendee = booking.attendee
    told = {
        "meetingTypeId": str(booking.meeting_type_id),
        "start": instant_text(booking.start),
        "duration": booking.duration,
        "channel": booking.channel,
        "location": booking.location,
        "attendee": {
            "email": attendee.email,
            "fullname": attendee.fullname,
            "firstname": attendee.firstname,
            "lastname": attendee.lastname,
            "phone": attendee.phone,
            "bringalongEmails": list(attendee.bringalong_emails),
            "notes": attendee.notes,
            "language": attendee.language,
            "timezone": attendee.timezone,
            "dataPolicyAccepted": attendee.data_policy_accepted,
        },
    }
    return {name: value for name, value in told.items() if value is not None}
