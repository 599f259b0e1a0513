"""Who is told of a change, and as what. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from uuid import UUID

import msgspec

from slotkeeper.emails.recipient import Recipient
from slotkeeper.emails.render import Topic
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change, Kind
from slotkeeper.records.people import Attendee, Host


class Addressee(msgspec.Struct, frozen=True, kw_only=True):
    """A recipient as the ledger keeps it: without the secret link, which is derived when the message is written.

    ``attendee_id`` is the attendee, or the one whose guest this is; ``host_id`` the host.
    """

    recipient: Recipient
    topic: Topic = "reminder"
    attendee_id: UUID | None = None
    host_id: UUID | None = None


class Concerned(msgspec.Struct, frozen=True, kw_only=True):
    """Those whom a change is about though the appointment no longer has them, or has others beside them."""

    attendee: Attendee | None = None
    former_hosts: tuple[Host, ...] = ()
    joined_later: tuple[UUID, ...] = ()
    guests_later: tuple[str, ...] = ()
    """Those who came with a later change are told by that one."""


def audience(appointment: Appointment, change: Change, concerned: Concerned) -> list[Addressee]:
    """Attendees first, then their guests, then hosts; an address that stands twice is told once."""
    who = _WHO.get(change.kind)
    told = who(appointment, change, concerned) if who else _all(appointment, _TO_ALL[change.kind])
    return _once(each for each in told if _wanted(each, change))


def everyone(appointment: Appointment) -> list[Addressee]:
    """Of a reminder."""
    return _once(_all(appointment, "reminder"))


def _wanted(addressee: Addressee, change: Change) -> bool:
    """A question to a host or an attendee is part of the booking: ``notify`` does not mute it."""
    if addressee.topic in ("opt_in", "decide"):
        return True
    return change.notify in ("all", "hosts" if addressee.recipient.role == "host" else "attendees")


def _once(addressees: Iterable[Addressee]) -> list[Addressee]:
    unique: dict[str, Addressee] = {}
    for addressee in addressees:
        unique.setdefault(addressee.recipient.address.lower(), addressee)
    return list(unique.values())


def _all(appointment: Appointment, topic: Topic) -> Iterator[Addressee]:
    yield from _outside(appointment.attendees, topic)
    yield from _hosts(appointment.hosts, topic)


def _requested(appointment: Appointment, _: Change, __: Concerned) -> Iterator[Addressee]:
    if appointment.waiting_for == "attendee":
        return _attendees(appointment.attendees, "opt_in")
    return _both(_attendees(appointment.attendees, "requested"), _hosts(appointment.hosts, "decide"))


def _refused(appointment: Appointment, change: Change, _: Concerned) -> Iterator[Addressee]:
    return _attendees(appointment.attendees, "declined" if change.kind == "declined" else "expired")


def _joined(appointment: Appointment, _: Change, concerned: Concerned) -> Iterator[Addressee]:
    return _both(_outside(_some(concerned.attendee), "booked"), _hosts(appointment.hosts, "joined"))


def _left(appointment: Appointment, _: Change, concerned: Concerned) -> Iterator[Addressee]:
    return _both(_outside(_some(concerned.attendee), "cancelled"), _hosts(appointment.hosts, "left"))


def _guest(_: Appointment, change: Change, concerned: Concerned) -> Iterator[Addressee]:
    for attendee in _some(concerned.attendee):
        yield _addressee(attendee, change.guest or "", "guest", "booked")


def _handed_off(appointment: Appointment, change: Change, concerned: Concerned) -> Iterator[Addressee]:
    yield from _outside(appointment.attendees, "handed_off")
    new = [host for host in appointment.hosts if host.id not in change.previous_host_ids]
    yield from _hosts(new, "booked")
    yield from _hosts(concerned.former_hosts, "handed_away")


def _other_side(appointment: Appointment, change: Change, _: Concerned) -> Iterator[Addressee]:
    topic = _TO_ALL[change.kind]
    if change.actor.kind == "attendee":
        return _hosts(appointment.hosts, topic)
    return _attendees(appointment.attendees, topic)


Who = Callable[[Appointment, Change, Concerned], Iterator[Addressee]]

_WHO: Mapping[Kind, Who] = {
    "requested": _requested,
    "declined": _refused,
    "expired": _refused,
    "joined": _joined,
    "left": _left,
    "guest_added": _guest,
    "handed_off": _handed_off,
    "proposed": _other_side,
    "proposal_declined": _other_side,
    "proposal_withdrawn": _other_side,
}
_TO_ALL: Mapping[Kind, Topic] = {
    "booked": "booked",
    "confirmed": "booked",
    "rescheduled": "rescheduled",
    "cancelled": "cancelled",
    "proposed": "proposed",
    "proposal_declined": "proposal_declined",
    "proposal_withdrawn": "proposal_withdrawn",
}


def _both(first: Iterator[Addressee], second: Iterator[Addressee]) -> Iterator[Addressee]:
    yield from first
    yield from second


def _some(attendee: Attendee | None) -> list[Attendee]:
    return [attendee] if attendee else []


def _outside(attendees: Iterable[Attendee], topic: Topic) -> Iterator[Addressee]:
    """Attendees, then the guests that they bring."""
    present = list(attendees)
    yield from _attendees(present, topic)
    for attendee in present:
        for guest in attendee.bringalong_emails:
            yield _addressee(attendee, guest, "guest", topic)


def _attendees(attendees: Iterable[Attendee], topic: Topic) -> Iterator[Addressee]:
    for attendee in attendees:
        if attendee.email:
            yield _addressee(attendee, attendee.email, "attendee", topic)


def _hosts(hosts: Iterable[Host], topic: Topic) -> Iterator[Addressee]:
    for host in hosts:
        recipient = Recipient(
            address=host.email, name=host.full_name, language=host.language, timezone=host.timezone, role="host"
        )
        yield Addressee(recipient=recipient, topic=topic, host_id=host.id)


def _addressee(attendee: Attendee, address: str, role: str, topic: Topic) -> Addressee:
    recipient = Recipient(
        address=address,
        name=attendee.display_name if role == "attendee" else address.partition("@")[0],
        language=attendee.language,
        timezone=attendee.timezone,
        role="guest" if role == "guest" else "attendee",
    )
    return Addressee(recipient=recipient, topic=topic, attendee_id=attendee.id)
