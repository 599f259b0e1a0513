"""Take the last move back: an ordinary move to where the appointment was, checked like any other."""

from collections.abc import Callable
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
    """Raises as ``reschedule``, and ``Conflict`` (nothing-to-undo) where the last change is no move of a day."""
    history = await history_of(connection, caller.company_id, appointment_id)
    require_may_see(caller, history.host_ids)
    back_to = start_before(history.changes[-1], now)
    request = Reschedule(
        appointment_id=appointment_id,
        start=back_to,
        reason=reason,
        through="undo",
        precondition=precondition,
    )
    return await reschedule(connection, caller, request, now, locked=locked)


def start_before(last: Change, now: datetime) -> datetime:
    """Pure."""
    if last.kind != "rescheduled" or last.previous_start is None:
        raise Conflict("the last change of this appointment is no move", code="nothing-to-undo")
    if now - last.at > WINDOW:
        raise Conflict(f"the last move is older than {WINDOW.total_seconds() / 3600:.0f} hours", code="nothing-to-undo")
    return last.previous_start
