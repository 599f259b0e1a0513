"""A user's first meeting type, with the defaults: 15-minute interval, no minimum notice."""

from uuid import UUID, uuid4

from slotkeeper.availability.booking_window import DaysIntoFuture
from slotkeeper.db.pool import Connection
from slotkeeper.meeting_types.insert import insert_meeting_type, slug_exists
from slotkeeper.meeting_types.meeting_type import Settings
from slotkeeper.records.meeting_info import MeetingInfo

HALF_AN_HOUR = MeetingInfo(name="30-minute meeting", duration=30)
A_YEAR_AHEAD = Settings().days_into_future


async def add_meeting_type(
    connection: Connection,
    company_id: UUID,
    user_id: UUID,
    info: MeetingInfo = HALF_AN_HOUR,
    *,
    slug: str | None = None,
    days_into_future: DaysIntoFuture = A_YEAR_AHEAD,
) -> UUID:
    """Raises ``Conflict`` where the user has another with this slug; without one there is always a new one."""
    settings = Settings(meeting_info=info, days_into_future=days_into_future)
    slug = slug or f"{info.duration}-minutes-{uuid4().hex[:6]}"
    meeting_type = await insert_meeting_type(connection, company_id, user_id, settings, slug)
    if meeting_type is None:
        raise slug_exists(slug)
    return meeting_type.id
