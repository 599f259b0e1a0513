"""Who may move or cancel an appointment, until when. Pure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from slotkeeper.appointments.attendee_policy import Refusal, require_allowed
from slotkeeper.errors import Forbidden, NotFound
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import AttendeeCaller, Caller, Mover
from slotkeeper.records.change import Actor


def require_may_change(caller: Caller, host_ids: Sequence[UUID]) -> None:
    """Hosts of the appointment and admins of its company."""
    if not caller.is_admin and caller.user_id not in host_ids:
        raise Forbidden("only a host of this appointment or an admin of the company may change it")


def require_may_see(caller: Caller, host_ids: Sequence[UUID]) -> None:
    """A colleague's appointment answers like an unknown one."""
    if not caller.is_admin and caller.user_id not in host_ids:
        raise NotFound("appointment not found")


def require_may_move(mover: Mover, appointment_id: UUID, host_ids: Sequence[UUID]) -> None:
    """As far as ids tell. Another's appointment answers like an unknown one."""
    if isinstance(mover, AttendeeCaller):
        if mover.appointment_id != appointment_id:
            raise NotFound("appointment not found")
        return
    require_may_see(mover, host_ids)


def require_may_override(caller: Caller, host_ids: Sequence[UUID], overrides: frozenset[str]) -> None:
    """Hosts on their own appointments and admins; a company may keep it to its admins."""
    if not overrides or caller.is_admin:
        return
    if caller.override_by == "admins":
        raise Forbidden("this company lets only admins override availability", code="override-not-allowed")
    require_may_change(caller, host_ids)


def require_changeable(appointment: Appointment, now: datetime) -> None:
    """Raises ``Conflict`` naming the state of a cancelled, deleted or finished appointment."""
    require_allowed(why_final(appointment, now))


def why_final(appointment: Appointment, now: datetime) -> Refusal | None:
    if appointment.deleted_at is not None:
        return Refusal("not-reschedulable", f"the appointment was deleted at {_text(appointment.deleted_at)}")
    if appointment.cancellation is not None:
        at = _text(appointment.cancellation.at)
        return Refusal("appointment-cancelled", f"the appointment was cancelled at {at}")
    if appointment.end <= now:
        return Refusal("appointment-finished", f"the appointment ended at {_text(appointment.end)}")
    return None


def permitted(mover: Mover, appointment: Appointment, overrides: frozenset[str]) -> Actor:
    """Who is changing the appointment. Raises ``Forbidden``, and ``NotFound`` for an attendee who is none of it, or no
    longer."""
    if isinstance(mover, AttendeeCaller):
        if mover.attendee_id not in {attendee.id for attendee in appointment.attendees}:
            raise NotFound("appointment not found")
        if overrides:
            raise Forbidden("attendees cannot override availability", code="override-not-allowed")
        return Actor(kind="attendee", id=mover.attendee_id, name=mover.name)
    host_ids = [host.id for host in appointment.hosts]
    require_may_change(mover, host_ids)
    require_may_override(mover, host_ids, overrides)
    return actor_of(mover, host_ids)


def actor_of(caller: Caller, host_ids: Sequence[UUID]) -> Actor:
    is_host = caller.user_id in host_ids
    return Actor(kind="host" if is_host else "admin", id=caller.user_id, name=caller.user_name)


def _text(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
