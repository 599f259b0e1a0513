"""May an attendee move or cancel an appointment themselves, under the meeting type's policies? Pure.

Hosts and admins are not bound by them (meetergo-v4-api.md section 5; docs/decisions/0051).
"""

from datetime import datetime, timedelta
from typing import Literal

import msgspec

from slotkeeper.records.attendee_policy import CancellationPolicy, ReschedulingPolicy

Code = Literal[
    "reschedule-disabled", "reschedule-too-late", "reschedule-too-often", "reschedule-too-far", "reason-required",
    "cancellation-disabled", "cancellation-too-late",
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
    if policy.enabled and policy.mode == "disabled":
        return Refusal("reschedule-disabled", "attendees cannot move this appointment; ask the host")
    if _too_late(policy, start, now):
        return Refusal("reschedule-too-late", f"attendees can move this appointment {_until(policy)}; ask the host")
    return _limit_of_moves(policy, abs(new_start - start), changes, reason) if policy.enabled else None


def policy_allows_cancelling(policy: CancellationPolicy, start: datetime, now: datetime) -> Refusal | None:
    """None if the attendee may cancel the appointment that begins at ``start``, else why not."""
    if policy.enabled and policy.mode == "disabled":
        return Refusal("cancellation-disabled", "attendees cannot cancel this appointment; ask the host")
    if _too_late(policy, start, now):
        return Refusal("cancellation-too-late", f"attendees can cancel this appointment {_until(policy)}; ask the host")
    return None


def _limit_of_moves(policy: ReschedulingPolicy, shift: timedelta, changes: int, reason: str | None) -> Refusal | None:
    if policy.max_changes is not None and changes >= policy.max_changes:
        return Refusal(
            "reschedule-too-often", f"attendees can move this appointment {policy.max_changes} times at most"
        )
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
