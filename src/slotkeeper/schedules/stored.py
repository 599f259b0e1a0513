"""Weekly schedules as they are stored and shown; who may see them; how they are locked before they change."""

from datetime import datetime
from typing import TypeVar
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, execute, fetch, fetch_all
from slotkeeper.errors import Forbidden, NotFound
from slotkeeper.records.caller import Caller
from slotkeeper.records.schedule import WeeklySchedule
from slotkeeper.schedules.exceptions import EXCEPTION_JSON, AvailabilityException

T = TypeVar("T")


class Availability(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """A weekly schedule in its own zone, with the exceptions of its owner and of the company."""

    id: UUID
    name: str
    schedule: WeeklySchedule
    timezone: str
    availability_exceptions: tuple[AvailabilityException, ...]
    is_default: bool
    created_at: datetime
    deleted_at: datetime | None
    use_explicit_availability: bool
    explicit_availability_event_title: str | None


class Locked(msgspec.Struct, frozen=True, kw_only=True):
    """A schedule whose owner's calendar is locked; ``used_by`` are the meeting types that name it."""

    user_id: UUID
    language: str
    used_by: int
    availability: Availability


async def list_availabilities(connection: Connection, caller: Caller, user_id: UUID) -> list[Availability]:
    """One user's, oldest first. Raises ``Forbidden`` for a colleague's, to others than admins."""
    require_may_see(caller, user_id)
    return await fetch_all(connection, Availability, _LIST, {"company_id": caller.company_id, "user_id": user_id})


async def get_availability(connection: Connection, caller: Caller, availability_id: UUID) -> Availability:
    """Raises ``NotFound`` alike for an unknown id, and one that the caller may not see."""
    return _found(await fetch(connection, Availability, _GET, _one(caller, availability_id)), availability_id)


async def lock_availability(connection: Connection, caller: Caller, availability_id: UUID) -> Locked:
    """In a transaction: its owner's calendar is locked, and what was decided on it will be decided again.

    Raises ``NotFound`` as ``get_availability`` does.
    """
    await execute(connection, _BUMP_OWNER, _one(caller, availability_id))
    return _found(await fetch(connection, Locked, _LOCKED, _one(caller, availability_id)), availability_id)


def _one(caller: Caller, availability_id: UUID) -> dict[str, object]:
    return {
        "company_id": caller.company_id,
        "id": availability_id,
        "own": None if caller.is_admin else caller.user_id,
    }


def _found(document: T | None, availability_id: UUID) -> T:
    if document is None:
        raise NotFound(f"availability {availability_id} not found")
    return document


def require_may_see(caller: Caller, user_id: UUID) -> None:
    if user_id != caller.user_id and not caller.is_admin:
        raise Forbidden("only an admin may see or make another user's schedules")


_AVAILABILITY_JSON = f"""json_build_object(
    'id', v.id, 'name', v.name, 'schedule', v.schedule, 'timezone', v.timezone, 'isDefault', v.is_default,
    'availabilityExceptions', (
        SELECT coalesce(json_agg({EXCEPTION_JSON} ORDER BY e.start_at, e.id), '[]')
        FROM availability_exceptions e
        WHERE e.company_id = v.company_id AND e.owner_id IN (v.user_id, v.company_id) AND e.deleted_at IS NULL
            AND (e.availability_id IS NULL OR e.availability_id = v.id)
    ),
    'createdAt', v.created_at, 'deletedAt', v.deleted_at, 'useExplicitAvailability', v.use_explicit_availability,
    'explicitAvailabilityEventTitle', v.explicit_availability_event_title
)"""

_ONE = """
    v.company_id = %(company_id)s AND v.id = %(id)s AND v.deleted_at IS NULL
    AND (%(own)s::uuid IS NULL OR v.user_id = %(own)s)
"""

_LIST = f"""
    SELECT ({_AVAILABILITY_JSON})::text FROM availabilities v
    WHERE v.company_id = %(company_id)s AND v.user_id = %(user_id)s AND v.deleted_at IS NULL
    ORDER BY v.created_at, v.id
"""

_GET = f"SELECT ({_AVAILABILITY_JSON})::text FROM availabilities v WHERE {_ONE}"

_BUMP_OWNER = f"""
    UPDATE host_calendars SET version = version + 1
    WHERE company_id = %(company_id)s AND host_id = (SELECT v.user_id FROM availabilities v WHERE {_ONE})
"""

_LOCKED = f"""
    SELECT json_build_object(
        'user_id', v.user_id, 'language', u.language, 'availability', {_AVAILABILITY_JSON},
        'used_by', (
            SELECT count(*) FROM meeting_types t
            WHERE t.company_id = v.company_id AND t.deleted_at IS NULL AND (
                t.availability_id = v.id OR jsonb_path_exists(
                    t.meeting_options, '$.channelAvailabilities.* ? (@ == $id)', jsonb_build_object('id', v.id)
                )
            )
        )
    )::text
    FROM availabilities v JOIN users u ON u.company_id = v.company_id AND u.id = v.user_id
    WHERE {_ONE}
"""
