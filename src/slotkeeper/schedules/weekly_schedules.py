"""Weekly schedules, which the API calls *availability*: a user has several, exactly one of them the default.

Whoever writes one locks its owner's calendar first, whose version grows with it (docs/decisions/0041).
"""

from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict
from psycopg.types.json import Jsonb

from slotkeeper.db.host_calendars import bump_calendar
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Conflict, Malformed
from slotkeeper.records.caller import Caller
from slotkeeper.records.patch import patched
from slotkeeper.records.schedule import WeeklySchedule
from slotkeeper.schedules.stored import Availability, get_availability, lock_availability, require_may_see
from slotkeeper.side_effects.read_again import read_all_again


class NewAvailability(msgspec.Struct, frozen=True, kw_only=True):
    user_id: UUID
    name: str
    schedule: WeeklySchedule
    timezone: str
    is_default: bool = False
    use_explicit_availability: bool = False
    explicit_availability_event_title: str | None = None


class AvailabilityPatch(msgspec.Struct, frozen=True, kw_only=True):
    name: str | UnsetType = UNSET
    schedule: WeeklySchedule | UnsetType = UNSET
    timezone: str | UnsetType = UNSET
    is_default: bool | UnsetType = UNSET
    use_explicit_availability: bool | UnsetType = UNSET
    explicit_availability_event_title: str | UnsetType | None = UNSET


async def create_availability(connection: Connection, caller: Caller, new: NewAvailability) -> Availability:
    """Raises ``Forbidden``, and ``Malformed`` naming the field."""
    require_may_see(caller, new.user_id)
    availability_id = uuid4()
    params = {
        **asdict(new),
        "company_id": caller.company_id,
        "id": availability_id,
        "schedule": Jsonb(msgspec.to_builtins(new.schedule)),
    }
    async with connection.transaction():
        if not await bump_calendar(connection, caller.company_id, new.user_id):
            raise Malformed.field("userId", "must name a user of this company")
        if new.is_default:
            await execute(connection, _CLEAR_DEFAULT, params)
        await execute(connection, _INSERT, params)
        await _look_for_hours(connection, caller.company_id, new.user_id, new)
        return await get_availability(connection, caller, availability_id)


async def update_availability(
    connection: Connection, caller: Caller, availability_id: UUID, patch: AvailabilityPatch
) -> Availability:
    """Raises ``NotFound``, and ``Conflict`` for a default that would be none."""
    async with connection.transaction():
        locked = await lock_availability(connection, caller, availability_id)
        wanted = patched(locked.availability, patch)
        if locked.availability.is_default and not wanted.is_default:
            raise Conflict("make another schedule the default instead", code="availability-is-default")
        params = {
            **asdict(wanted),
            "company_id": caller.company_id,
            "user_id": locked.user_id,
            "schedule": Jsonb(msgspec.to_builtins(wanted.schedule)),
        }
        if wanted.is_default and not locked.availability.is_default:
            await execute(connection, _CLEAR_DEFAULT, params)
        await execute(connection, _UPDATE, params)
        await _look_for_hours(connection, caller.company_id, locked.user_id, wanted)
    return wanted


async def _look_for_hours(
    connection: Connection, company_id: UUID, user_id: UUID, wanted: Availability | NewAvailability
) -> None:
    """Of a schedule whose hours are events in its owner's calendars."""
    if not wanted.use_explicit_availability:
        return
    if not (wanted.explicit_availability_event_title or "").strip():
        raise Malformed.field("explicitAvailabilityEventTitle", "must name the events that are the hours")
    await read_all_again(connection, company_id, user_id)


async def delete_availability(connection: Connection, caller: Caller, availability_id: UUID) -> None:
    """Raises ``NotFound``, and ``Conflict`` for the default and for one that a meeting type names."""
    async with connection.transaction():
        locked = await lock_availability(connection, caller, availability_id)
        if locked.availability.is_default:
            raise Conflict("make another schedule the default first", code="availability-is-default")
        if locked.used_by:
            raise Conflict(f"meeting types that use this schedule: {locked.used_by}", code="availability-in-use")
        await execute(connection, _DELETE, {"company_id": caller.company_id, "id": availability_id})


_CLEAR_DEFAULT = """
    UPDATE availabilities SET is_default = false
    WHERE company_id = %(company_id)s AND user_id = %(user_id)s AND is_default AND deleted_at IS NULL
"""
"""By a statement before the next default is made: the index that guards it looks at each row by itself."""

_INSERT = """
    INSERT INTO availabilities (
        company_id, id, user_id, name, timezone, schedule, is_default, use_explicit_availability,
        explicit_availability_event_title
    )
    SELECT %(company_id)s, %(id)s, %(user_id)s, %(name)s, %(timezone)s, %(schedule)s, %(is_default)s OR NOT EXISTS (
        SELECT FROM availabilities
        WHERE company_id = %(company_id)s AND user_id = %(user_id)s AND is_default AND deleted_at IS NULL
    ), %(use_explicit_availability)s, %(explicit_availability_event_title)s
"""

_UPDATE = """
    UPDATE availabilities SET
        name = %(name)s, timezone = %(timezone)s, schedule = %(schedule)s, is_default = %(is_default)s,
        use_explicit_availability = %(use_explicit_availability)s,
        explicit_availability_event_title = %(explicit_availability_event_title)s
    WHERE company_id = %(company_id)s AND id = %(id)s
"""

_DELETE = "UPDATE availabilities SET deleted_at = now() WHERE company_id = %(company_id)s AND id = %(id)s"
