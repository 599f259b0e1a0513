"""How a queue deals out its turns, and who took one for which appointment and why (docs/decisions/0060)."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec

QueueType = Literal["simpleRoundRobin", "advancedRoundRobin", "equalDistribution"]
DistributionPeriod = Literal["day", "week", "month"]
SelectionReason = Literal["rotation", "priority", "fewestBookings", "onlyAvailable", "chosenByAttendee", "reassigned"]


class RoundRobinEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One host's part in a turn. ``id`` grows in the order in which a queue's turns are taken."""

    id: int
    created_at: datetime
    user_id: UUID
    group_id: UUID | None
    appointment_id: UUID
    queue_id: UUID
    selection_reason: SelectionReason
