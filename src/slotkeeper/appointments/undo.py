"""Take the last move back: an ordinary move to where the appointment was, checked like any other.

What happened since and left the time as it is, such as a guest or an offer of other times, stays.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from uuid import UUID

from slotkeeper.appointments.history import history_of
from slotkeeper.appointments.policy import require_may_see
from slotkeeper.appointments.reschedule import Decision, Reschedule, reschedule
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Change

WINDOW = timedelta(hours=24)


async def undo(
    connection: Connection,
    caller: Caller,
    appointment_id: UUID,
    now: datetime,
    *,
    locked: bool = False,
    reason: str | None = None,
    precondition: Callable[[int], None] | None = None,
) -> Decision:
    """Raises as ``reschedule``, and ``Conflict`` (nothing-to-undo) where nothing was moved within ``WINDOW``."""
    history = await history_of(connection, caller.company_id, appointment_id)
    require_may_see(caller, history.host_ids)
    back_to = start_before(history.changes, now)
    request = Reschedule(
        appointment_id=appointment_id,
        start=back_to,
        reason=reason,
        through="undo",
        precondition=precondition,
    )
    return await reschedule(connection, caller, request, now, locked=locked)


def start_before(changes: Sequence[Change], now: datetime) -> datetime:
    """Pure. ``changes`` oldest first."""
    last = next((change for change in reversed(changes) if change.kind == "rescheduled"), None)
    if last is None or last.previous_start is None:
        raise Conflict("this appointment was not moved", code="nothing-to-undo")
    if now - last.at > WINDOW:
        raise Conflict(f"the last move is older than {WINDOW.total_seconds() / 3600:.0f} hours", code="nothing-to-undo")
    return last.previous_start
