"""Which reminders an appointment gets, and when. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from slotkeeper.records.effect import effect_id


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """``minutes_before`` the start; the id is the same however often the same plan is made."""

    id: UUID
    minutes_before: int
    due_at: datetime


def plan_reminders(
    appointment_id: UUID, sequence: int, start: datetime, minutes: Sequence[int], now: datetime
) -> list[Reminder]:
    """The reminders still ahead; those already past due at planning are not made."""
    return [
        Reminder(
            id=effect_id(appointment_id, sequence, "reminder-plan", str(before)),
            minutes_before=before,
            due_at=start - timedelta(minutes=before),
        )
        for before in sorted(set(minutes), reverse=True)
        if start - timedelta(minutes=before) > now
    ]
