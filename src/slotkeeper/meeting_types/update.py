"""Change a meeting type. Appointments that exist keep their own copy of what was booked (invariant 7)."""

from uuid import UUID

import msgspec
from psycopg.errors import UniqueViolation
from psycopg_pool import AsyncConnectionPool

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.meeting_types.columns import COLUMNS, column_params
from slotkeeper.meeting_types.edited import edited
from slotkeeper.meeting_types.fields import MeetingTypeFields
from slotkeeper.meeting_types.find import require_may_edit, unknown
from slotkeeper.meeting_types.inline_availability import (
    INSERT_EXCEPTIONS,
    INSERT_SCHEDULES,
    NewSchedule,
    schedule_params,
)
from slotkeeper.meeting_types.insert import slug_exists
from slotkeeper.meeting_types.meeting_type import MEETING_TYPE_JSON, MeetingType
from slotkeeper.meeting_types.password import hash_of, hash_to_keep
from slotkeeper.meeting_types.references import KNOWN_JSON, Known, reference_params, require_known
from slotkeeper.records.caller import Caller


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    meeting_type: MeetingType
    password_hash: str | None
    known: Known


async def update_type(
    pool: "AsyncConnectionPool[Connection]", caller: Caller, meeting_type_id: UUID, given: MeetingTypeFields
) -> MeetingType:
    """By its owner or an admin. Raises ``NotFound``, ``Forbidden``, ``Malformed``, ``Conflict`` (slug-exists).

    Edits of one type wait for each other; bookings do not wait for them, and see the type before or after.
    """
    new_hash = await hash_of(given)
    async with pool.connection() as connection, connection.transaction():
        before = await _read(connection, caller, meeting_type_id, given)
        after, schedules = edited(before.meeting_type, given, caller.language)
        setting = after.meeting_options.booking_page_password
        return await _write(connection, after, hash_to_keep(setting, before.password_hash, new_hash), schedules)


async def _read(connection: Connection, caller: Caller, meeting_type_id: UUID, given: MeetingTypeFields) -> Situation:
    params = {**reference_params(given), "company_id": caller.company_id, "id": meeting_type_id}
    situation = await fetch(connection, Situation, _READ, params)
    if situation is None:
        raise unknown(meeting_type_id)
    require_may_edit(caller, situation.meeting_type)
    require_known(given, situation.known, situation.meeting_type.user_id)
    return situation


async def _write(
    connection: Connection, after: MeetingType, password_hash: str | None, schedules: list[NewSchedule]
) -> MeetingType:
    params = {
        **column_params(after, after.slug, password_hash),
        **schedule_params(schedules),
        "company_id": after.company_id,
        "id": after.id,
        "user_id": after.user_id,
    }
    try:
        written = await fetch(connection, MeetingType, _WRITE, params)
    except UniqueViolation as error:
        raise slug_exists(after.slug) from error
    if written is None:
        raise unknown(after.id)
    return written


# Not FOR UPDATE: that would wait for every booking in progress, whose foreign key locks the row's key.
_READ = f"""
    SELECT json_build_object(
        'meeting_type', {MEETING_TYPE_JSON}, 'password_hash', t.booking_password_hash, 'known', {KNOWN_JSON}
    )::text
    FROM meeting_types t
    WHERE t.company_id = %(company_id)s AND t.id = %(id)s AND t.deleted_at IS NULL
    FOR NO KEY UPDATE
"""

_WRITE = f"""
    WITH schedules AS ({INSERT_SCHEDULES}), exceptions AS ({INSERT_EXCEPTIONS}), t AS (
        UPDATE meeting_types SET {", ".join(f"{name} = %({name})s" for name in COLUMNS)}
        WHERE company_id = %(company_id)s AND id = %(id)s
        RETURNING *
    )
    SELECT ({MEETING_TYPE_JSON})::text FROM t
"""
