"""A user's first meeting type, with the table's defaults: 15-minute interval, no minimum notice."""

from uuid import UUID, uuid4

import msgspec
from psycopg.types.json import Jsonb

from slotkeeper.availability.booking_window import DaysIntoFuture
from slotkeeper.db.pool import Connection, execute
from slotkeeper.records.meeting_info import MeetingInfo

HALF_AN_HOUR = MeetingInfo(name="30-minute meeting", duration=30)
A_YEAR_AHEAD = DaysIntoFuture(mode="limit", booking_limit=525_600)


async def add_meeting_type(
    connection: Connection,
    company_id: UUID,
    user_id: UUID,
    info: MeetingInfo = HALF_AN_HOUR,
    *,
    slug: str | None = None,
    days_into_future: DaysIntoFuture = A_YEAR_AHEAD,
) -> UUID:
    meeting_type_id = uuid4()
    params = {
        "company_id": company_id,
        "id": meeting_type_id,
        "user_id": user_id,
        "slug": slug or f"{info.duration}-minutes-{meeting_type_id.hex[:6]}",
        "meeting_info": Jsonb(msgspec.to_builtins(info)),
        "days_into_future": Jsonb(msgspec.to_builtins(days_into_future)),
    }
    await execute(connection, _INSERT, params)
    return meeting_type_id


_INSERT = """
    INSERT INTO meeting_types (company_id, id, user_id, slug, meeting_info, days_into_future)
    VALUES (%(company_id)s, %(id)s, %(user_id)s, %(slug)s, %(meeting_info)s, %(days_into_future)s)
"""
