"""An attendee confirms a booking that waits for their word (double opt-in)."""

from datetime import datetime

from slotkeeper.appointments.policy import permitted
from slotkeeper.appointments.provisional import Word, confirm
from slotkeeper.appointments.stored import get_stored
from slotkeeper.db.pool import Connection
from slotkeeper.errors import Conflict
from slotkeeper.records.caller import AttendeeCaller


async def opt_in(connection: Connection, attendee: AttendeeCaller, now: datetime, *, through: str) -> None:
    """Raises ``NotFound``, and ``Conflict`` where nothing waits, or waits for the host; ``Stale``."""
    appointment = (await get_stored(connection, attendee.company_id, attendee.appointment_id)).appointment
    word = Word(side="attendee", actor=permitted(attendee, appointment, frozenset()), through=through)
    if appointment.waiting_for is None:
        raise Conflict("nothing waits for the attendee's word", code="already-decided")
    await confirm(connection, attendee.company_id, attendee.appointment_id, word, now)
