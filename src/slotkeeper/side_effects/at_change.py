"""The appointment as one of its changes left it. Pure."""

from msgspec.structs import replace

from slotkeeper.records.appointment import Appointment
from slotkeeper.records.change import Change


def at_change(appointment: Appointment, change: Change) -> Appointment:
    """The appointment as this change left it: it may have moved on before the message is written."""
    return replace(
        appointment,
        start=change.start,
        end=change.end,
        sequence=change.sequence,
        stamped_at=change.at,
        status="cancelled" if change.kind == "cancelled" else "confirmed",
    )
