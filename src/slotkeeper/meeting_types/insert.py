"""Write a new meeting type, with the schedules that it brings along."""

from collections.abc import Sequence
from uuid import UUID, uuid4

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Conflict
from slotkeeper.meeting_types.columns import COLUMNS, column_params
from slotkeeper.meeting_types.inline_availability import (
    INSERT_EXCEPTIONS,
    INSERT_SCHEDULES,
    NewSchedule,
    schedule_params,
)
from slotkeeper.meeting_types.meeting_type import MEETING_TYPE_JSON, MeetingType, Settings


async def insert_meeting_type(
    connection: Connection,
    company_id: UUID,
    owner_id: UUID,
    settings: Settings,
    slug: str,
    *,
    created_by: UUID | None = None,
    password_hash: str | None = None,
    schedules: Sequence[NewSchedule] = (),
) -> MeetingType | None:
    """None where the slug is taken. ``created_by`` None: its owner."""
    params = {
        **column_params(settings, slug, password_hash),
        **schedule_params(schedules),
        "company_id": company_id,
        "id": uuid4(),
        "user_id": owner_id,
        "created_by": created_by,
    }
    return await fetch(connection, MeetingType, _INSERT, params)


def slug_exists(slug: str) -> Conflict:
    return Conflict(f"the user has another meeting type with the slug {slug!r}", code="slug-exists")


_INSERT = f"""
    WITH schedules AS ({INSERT_SCHEDULES}), exceptions AS ({INSERT_EXCEPTIONS}), t AS (
        INSERT INTO meeting_types (company_id, id, user_id, created_by, {", ".join(COLUMNS)})
        VALUES (
            %(company_id)s, %(id)s, %(user_id)s::uuid, %(created_by)s, {", ".join(f"%({name})s" for name in COLUMNS)}
        )
        ON CONFLICT (company_id, user_id, slug) WHERE deleted_at IS NULL DO NOTHING
        RETURNING *
    )
    SELECT ({MEETING_TYPE_JSON})::text FROM t
"""
