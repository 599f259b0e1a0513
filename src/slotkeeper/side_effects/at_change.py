"""The appointment as one of its changes left it. Pure."""

from msgspec.structs import replace

from slotkeeper.records.appointment import Appointment, Status
from slotkeeper.records.change import Change
from slotkeeper.records.people import Attendee
from slotkeeper.side_effects.audience import Concerned


def at_change(appointment: Appointment, change: Change, concerned: Concerned) -> Appointment:
    """The appointment as this change left it: it may have moved on before the message is written."""
    return replace(
        appointment,
        start=change.start,
        end=change.end,
        sequence=change.sequence,
        stamped_at=change.at,
        status=_status(appointment.status, change),
        attendees=tuple(
            _without_guests(attendee, concerned.guests_later)
            for attendee in appointment.attendees
            if attendee.id not in concerned.joined_later
        ),
    )


def _without_guests(attendee: Attendee, later: tuple[str, ...]) -> Attendee:
    if not later:
        return attendee
    return replace(attendee, bringalong_emails=tuple(g for g in attendee.bringalong_emails if g not in later))


def _status(now: Status, change: Change) -> Status:
    """A move leaves an unconfirmed appointment unconfirmed; one that is cancelled by now was not so then."""
    if change.kind in ("cancelled", "declined", "expired"):
        return "cancelled"
    if change.kind in ("booked", "confirmed"):
        return "confirmed"
    return "confirmed" if now == "cancelled" else now
