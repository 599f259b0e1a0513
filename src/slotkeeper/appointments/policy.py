"""Who may move or cancel an appointment, until when. Pure."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from slotkeeper.errors import Conflict, Forbidden, NotFound
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


def require_may_override(caller: Caller, host_ids: Sequence[UUID], overrides: frozenset[str]) -> None:
    """Hosts on their own appointments and admins; a company may keep it to its admins."""
    if not overrides or caller.is_admin:
        return
    if caller.override_by == "admins":
        raise Forbidden("this company lets only admins override availability", code="override-not-allowed")
    require_may_change(caller, host_ids)


def require_changeable(appointment: Appointment, now: datetime) -> None:
    """Raises ``Conflict`` naming the state of a cancelled, deleted or finished appointment."""
    if appointment.deleted_at is not None:
        raise Conflict(f"the appointment was deleted at {appointment.deleted_at:%Y-%m-%dT%H:%M:%SZ}", code=_FINAL)
    if appointment.cancellation is not None:
        at = appointment.cancellation.at
        raise Conflict(f"the appointment was cancelled at {at:%Y-%m-%dT%H:%M:%SZ}", code="appointment-cancelled")
    if appointment.end <= now:
        raise Conflict(f"the appointment ended at {appointment.end:%Y-%m-%dT%H:%M:%SZ}", code="appointment-finished")


def permitted(mover: Mover, appointment: Appointment, overrides: frozenset[str]) -> Actor:
    """Who is moving the appointment. Raises ``Forbidden``, and ``NotFound`` where a link belongs to another one."""
    if isinstance(mover, AttendeeCaller):
        if mover.appointment_id != appointment.id:
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


_FINAL = "not-reschedulable"
