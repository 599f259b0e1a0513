"""May an attendee move or cancel an appointment themselves, under the meeting type's policies? Pure.

Hosts and admins are not bound by them (meetergo-v4-api.md section 5; docs/decisions/0051).
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from slotkeeper.errors import Conflict
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.attendee_policy import CancellationPolicy, ReschedulingPolicy

Code = Literal[
    "reschedule-of-group", "reschedule-disabled", "reschedule-too-late", "reschedule-too-often", "reschedule-too-far",
    "reason-required", "cancellation-disabled", "cancellation-too-late",
    "appointment-cancelled", "appointment-finished", "not-reschedulable",
]  # fmt: skip
_DAY = timedelta(hours=24)
_UNIT = {"hours": timedelta(hours=1), "days": _DAY}


class Refusal(msgspec.Struct, frozen=True):
    """``code`` is the ``errorCode`` of the answer; ``detail`` says it in a sentence."""

    code: Code
    detail: str


def policy_allows(
    policy: ReschedulingPolicy, start: datetime, changes: int, new_start: datetime, now: datetime, reason: str | None
) -> Refusal | None:
    """None if the attendee may move the appointment from ``start`` to ``new_start``, else the first reason why not.

    ``changes`` counts the moves by attendees so far. The notice runs until ``start``, the shift is counted from it; a
    day is 24 hours. What is exactly at its bound is allowed, except that at ``start`` itself it is too late.
    """
    return policy_allows_moving(policy, start, changes, now) or _limit_of_move(policy, abs(new_start - start), reason)


def policy_allows_moving(policy: ReschedulingPolicy, start: datetime, changes: int, now: datetime) -> Refusal | None:
    """As ``policy_allows``, wherever it is to go and whatever the reason."""
    if policy.enabled and policy.mode == "disabled":
        return Refusal("reschedule-disabled", "attendees cannot move this appointment; ask the host")
    if _too_late(policy, start, now):
        return Refusal("reschedule-too-late", f"attendees can move this appointment {_until(policy)}; ask the host")
    if policy.enabled and policy.max_changes is not None and changes >= policy.max_changes:
        times = f"{policy.max_changes} times" if policy.max_changes != 1 else "once"
        return Refusal("reschedule-too-often", f"attendees can move this appointment {times} at most; ask the host")
    return None


def furthest_starts(policy: ReschedulingPolicy, start: datetime) -> tuple[datetime, datetime] | None:
    """Between which starts, both included, a move of the appointment at ``start`` has to stay; None: no bound."""
    if not policy.enabled or policy.max_shift_days is None:
        return None
    return start - policy.max_shift_days * _DAY, start + policy.max_shift_days * _DAY


def refuse_of_group(appointment: Appointment) -> Refusal | None:
    """Who moves a group moves the others too."""
    if appointment.meeting_info.group_booking:
        return Refusal("reschedule-of-group", "attendees cannot move the appointment of a group; ask the host")
    return None


def policy_allows_cancelling(policy: CancellationPolicy, start: datetime, now: datetime) -> Refusal | None:
    """None if the attendee may cancel the appointment that begins at ``start``, else why not."""
    if policy.enabled and policy.mode == "disabled":
        return Refusal("cancellation-disabled", "attendees cannot cancel this appointment; ask the host")
    if _too_late(policy, start, now):
        return Refusal("cancellation-too-late", f"attendees can cancel this appointment {_until(policy)}; ask the host")
    return None


def require_allowed(refusal: Refusal | None) -> None:
    """Raises ``Conflict``."""
    if refusal is not None:
        raise Conflict(refusal.detail, code=refusal.code)


def _limit_of_move(policy: ReschedulingPolicy, shift: timedelta, reason: str | None) -> Refusal | None:
    if not policy.enabled:
        return None
    if policy.max_shift_days is not None and shift > policy.max_shift_days * _DAY:
        return Refusal(
            "reschedule-too-far", f"attendees can move this appointment by {policy.max_shift_days} days at most"
        )
    if policy.reason_required and not (reason or "").strip():
        return Refusal("reason-required", "this appointment is moved with a reason only")
    return None


def _too_late(policy: CancellationPolicy, start: datetime, now: datetime) -> bool:
    return now >= start or start - now < _notice(policy)


def _notice(policy: CancellationPolicy) -> timedelta:
    if not policy.enabled or policy.mode is None or policy.duration is None:
        return timedelta(0)
    return policy.duration * _UNIT.get(policy.mode, timedelta(0))


def _until(policy: CancellationPolicy) -> str:
    if _notice(policy):
        return f"until {policy.duration} {policy.mode} before it starts"
    return "until it starts"
