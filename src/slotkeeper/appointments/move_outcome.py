"""What became of one appointment of many that were to be moved. Pure."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.appointments.reschedule import Decision, Reschedule
from slotkeeper.appointments.verdict import conflicts_of
from slotkeeper.errors import ConflictDetail, NotFree, SlotkeeperError

Status = Literal["moved", "wouldMove", "unchanged", "refused"]
"""``wouldMove``: it was only tried, or another of all was refused."""


class Outcome(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Of one appointment. ``start`` is where it is now, or would be; null where it is not known."""

    appointment_id: UUID
    status: Status
    previous_start: datetime | None = None
    start: datetime | None = None
    error_code: str | None = None
    detail: str | None = None
    conflicts: tuple[ConflictDetail, ...] = ()
    suggestions: tuple[datetime, ...] = ()


def undone(outcome: Outcome) -> Outcome:
    return msgspec.structs.replace(outcome, status="wouldMove") if outcome.status == "moved" else outcome


def outcome_of(decision: Decision, move: Reschedule) -> Outcome:
    return Outcome(
        appointment_id=move.appointment_id,
        status="unchanged" if decision.change is None else "moved",
        previous_start=decision.previous_start,
        start=decision.stored.appointment.start,
        conflicts=tuple(conflicts_of(decision.verdict.overridden)),
    )


def refused(move: Reschedule, refusal: SlotkeeperError) -> Outcome:
    taken = refusal if isinstance(refusal, NotFree) else None
    return Outcome(
        appointment_id=move.appointment_id,
        status="refused",
        start=move.start,
        error_code=refusal.code,
        detail=refusal.detail,
        conflicts=taken.conflicts if taken else (),
        suggestions=taken.suggestions if taken else (),
    )
