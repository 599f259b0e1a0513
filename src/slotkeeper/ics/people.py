"""ORGANIZER and ATTENDEE (RFC 5545 section 3.8.4, RFC 5546 section 3.2.2)."""

from collections.abc import Iterator
from functools import lru_cache
from urllib.parse import quote

from slotkeeper.ics.content_line import fold, quoted
from slotkeeper.records.appointment import Appointment


def people_lines(appointment: Appointment, *, stored: bool) -> Iterator[str]:
    """The organizer, then everyone once, addresses compared without case.

    Attendees stand at NEEDS-ACTION, as every change of time asks them anew; the organizer has accepted by moving it.
    ``stored``: for the organizer's own calendar, whose server must not send invitations of its own (RFC 6638 7.1).
    """
    host = appointment.main_host
    agent = ";SCHEDULE-AGENT=CLIENT" if stored else ""
    yield _line("ORGANIZER", host.full_name, host.email)
    yield _line(f"ATTENDEE;ROLE=CHAIR;PARTSTAT=ACCEPTED{agent}", host.full_name, host.email)
    asked = f"ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE{agent}"
    seen = {host.email.casefold()}
    for name, address in _asked(appointment):
        if address.casefold() not in seen:
            seen.add(address.casefold())
            yield _line(asked, name, address)


def _asked(appointment: Appointment) -> Iterator[tuple[str, str]]:
    for host in appointment.hosts[1:]:
        yield host.full_name, host.email
    present = [attendee for attendee in appointment.attendees if attendee.deleted_at is None]
    for attendee in present:
        if attendee.email:
            yield attendee.display_name, attendee.email
    for attendee in present:
        for guest in attendee.bringalong_emails:
            yield guest.partition("@")[0], guest


@lru_cache(maxsize=4096)
def _line(start: str, name: str, address: str) -> str:
    common_name = f";CN={quoted(name)}" if name else ""
    return fold(f"{start}{common_name}:mailto:{quote(address, safe=_MAILTO_SAFE)}")


_MAILTO_SAFE = "@!$&'*+-./=^_`{|}~"
"""What an address may hold as it is; the rest is percent-encoded (RFC 6068 section 2)."""
