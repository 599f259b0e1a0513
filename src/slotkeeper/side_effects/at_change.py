"""The appointment as one of its changes left it. Pure."""

from msgspec.structs import replace

from slotkeeper.records.appointment import Appointment, Status
from slotkeeper.records.change import Change


def at_change(appointment: Appointment, change: Change) -> Appointment:
    """The appointment as this change left it: it may have moved on before the message is written."""
    return replace(
        appointment,
        start=change.start,
        end=change.end,
        sequence=change.sequence,
        stamped_at=change.at,
        status=_status(appointment.status, change),
    )


def _status(now: Status, change: Change) -> Status:
    """A move leaves an unconfirmed appointment unconfirmed; one that is cancelled by now was not so then."""
    if change.kind in ("cancelled", "declined", "expired"):
        return "cancelled"
    if change.kind in ("booked", "confirmed"):
        return "confirmed"
    return "confirmed" if now == "cancelled" else now
