"""The free times to which an attendee may move their appointment: what is listed can be moved to."""

from datetime import datetime, timedelta

from msgspec.structs import replace

from slotkeeper.appointments.attendee_policy import furthest_starts, require_allowed
from slotkeeper.appointments.by_secret import SeenByAttendee
from slotkeeper.appointments.free_slots import FreeSlots, find_free_slots
from slotkeeper.appointments.slot_query import SlotQuery
from slotkeeper.db.pool import Connection

_SECOND = timedelta(seconds=1)


async def free_times(
    connection: Connection, seen: SeenByAttendee, start: datetime, end: datetime, now: datetime
) -> FreeSlots:
    """Starts in ``[start, end)`` that the policy allows; ``earliest`` may lie after it.

    Raises ``Conflict`` where the appointment, or the policy, can be moved to no time at all.
    """
    require_allowed(seen.why_not_move(now))
    first, last = furthest_starts(seen.rescheduling_policy, seen.appointment.start) or (start, None)
    query = SlotQuery(
        meeting_type_id=seen.appointment.meeting_type_id,
        start=max(start, first),
        end=min(end, last + _SECOND) if last else end,
        moved_id=seen.appointment.id,
        with_groups=False,
    )
    found = await find_free_slots(connection, seen.caller, query, now)
    beyond = last is not None and found.earliest is not None and found.earliest > last.timestamp()
    return replace(found, earliest=None if beyond else found.earliest, calendars=())
