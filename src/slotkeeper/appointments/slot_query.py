"""What is asked of the free slots of a meeting type."""

from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.appointments.slots_of_hosts import Calculation


class SlotQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Starts in ``[start, end)``; ``duration`` is minutes. ``moved_id`` is an appointment that is to move: it blocks
    nothing. Without ``host_ids``: its hosts, else those of the queue, else the meeting type's queue or owner.

    ``calculation`` None: everyone for a move, which takes all its hosts along, else anyone.
    """

    meeting_type_id: UUID
    start: datetime
    end: datetime
    duration: int | None = None
    host_ids: tuple[UUID, ...] = ()
    queue_id: UUID | None = None
    moved_id: UUID | None = None
    calculation: Calculation | None = None
    channel: str | None = None
    with_groups: bool = True
    look_ahead: bool = True
    troubleshoot: bool = False
