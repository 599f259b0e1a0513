"""What is different where an attendee moves an appointment: a policy binds them, and they are told less. Pure."""

from collections.abc import Sequence
from datetime import datetime

from slotkeeper.appointments.attendee_policy import Refusal, policy_allows, refuse_of_group
from slotkeeper.appointments.moving import Moving
from slotkeeper.appointments.verdict import in_general
from slotkeeper.availability.rules import Reason
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import AttendeeCaller, Mover


def why_not_to(mover: Mover, moving: Moving, start: datetime, reason: str | None, now: datetime) -> Refusal | None:
    """Whether the time is free is another question. Hosts and admins may anything."""
    if not isinstance(mover, AttendeeCaller):
        return None
    appointment, policy = moving.stored.appointment, moving.stored.meeting_type.rescheduling_policy
    return refuse_of_group(appointment) or policy_allows(
        policy, appointment.start, moving.moves_by_attendees, start, now, reason
    )


def told_to(mover: Mover, refused: Sequence[Reason], wanted: Appointment) -> Sequence[Reason]:
    """Why the time is not free. Attendees are told which rule says so, and not whose time or what in it."""
    if not isinstance(mover, AttendeeCaller):
        return refused
    return in_general(refused, wanted.start, wanted.end)
