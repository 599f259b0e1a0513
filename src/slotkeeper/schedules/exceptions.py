"""Exceptions to weekly hours: hours off and extra hours, of one user or of the whole company.

They are shown with, and apply to, every schedule of their owner. A user's are theirs and an admin's to change; a
company's are for admins.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, UnsetType
from msgspec.structs import asdict

from slotkeeper.db.host_calendars import bump_all_calendars, bump_calendar
from slotkeeper.db.pool import Connection, execute, fetch, fetch_all
from slotkeeper.errors import Forbidden, Malformed, NotFound
from slotkeeper.records.caller import Caller
from slotkeeper.records.patch import patched

OwnerType = Literal["company", "user"]


class AvailabilityException(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``available``: extra hours; otherwise hours off, which win. [start, end)."""

    id: int
    owner_id: UUID
    owner_type: OwnerType
    available: bool
    start: datetime
    end: datetime
    title: str | None
    note: str | None
    created_at: datetime
    deleted_at: datetime | None


class NewException(msgspec.Struct, frozen=True, kw_only=True):
    """``owner_id`` None: the caller, or the caller's company."""

    owner_type: OwnerType = "user"
    owner_id: UUID | None = None
    available: bool = False
    start: datetime
    end: datetime
    title: str | None = None
    note: str | None = None


class ExceptionPatch(msgspec.Struct, frozen=True, kw_only=True):
    """The owner stays."""

    available: bool | UnsetType = UNSET
    start: datetime | UnsetType = UNSET
    end: datetime | UnsetType = UNSET
    title: str | UnsetType | None = UNSET
    note: str | UnsetType | None = UNSET


class ExceptionFilter(msgspec.Struct, frozen=True, kw_only=True):
    """Without an owner: the caller's and the company's. ``start``, ``end``: those that overlap [start, end)."""

    owner_id: UUID | None = None
    owner_type: OwnerType | None = None
    start: datetime | None = None
    end: datetime | None = None


async def list_exceptions(
    connection: Connection, caller: Caller, asked: ExceptionFilter
) -> list[AvailabilityException]:
    """Ordered by their start. Raises ``Forbidden`` for a colleague's, to others than admins."""
    if asked.owner_id is not None and not caller.is_admin and asked.owner_id not in _visible_owners(caller):
        raise Forbidden("only an admin may see another user's exceptions")
    owners = _visible_owners(caller) if asked.owner_id is None else (asked.owner_id,)
    params = {**asdict(asked), "company_id": caller.company_id, "owner_ids": list(owners)}
    return await fetch_all(connection, AvailabilityException, _LIST, params)


async def create_exception(connection: Connection, caller: Caller, new: NewException) -> AvailabilityException:
    """Raises ``Malformed`` naming the field, and ``Forbidden``."""
    owner_id = new.owner_id or (caller.company_id if new.owner_type == "company" else caller.user_id)
    if owner_id != caller.user_id and not caller.is_admin:
        raise Forbidden("only an admin may make exceptions for the company or another user")
    _require_order(new.start, new.end)
    async with connection.transaction():
        if not await _bump(connection, caller, new.owner_type, owner_id):
            raise Malformed.field("ownerId", "must name a user of this company, or with ownerType company, the company")
        params = {**asdict(new), "company_id": caller.company_id, "owner_id": owner_id}
        return await _one(connection, _INSERT, params)


async def update_exception(
    connection: Connection, caller: Caller, exception_id: int, patch: ExceptionPatch
) -> AvailabilityException:
    """A public holiday that is edited counts as made by hand from then on.

    Raises ``NotFound``, ``Forbidden``, and ``Malformed`` naming the field.
    """
    async with connection.transaction():
        wanted = patched(await _locked(connection, caller, exception_id), patch)
        _require_order(wanted.start, wanted.end)
        return await _one(connection, _UPDATE, {**asdict(wanted), "company_id": caller.company_id})


async def delete_exception(connection: Connection, caller: Caller, exception_id: int) -> None:
    """Raises ``NotFound`` and ``Forbidden``."""
    async with connection.transaction():
        await _locked(connection, caller, exception_id)
        await execute(connection, _DELETE, {"company_id": caller.company_id, "id": exception_id})


async def _locked(connection: Connection, caller: Caller, exception_id: int) -> AvailabilityException:
    """What may be changed, read again under the lock of the calendars that it changes."""
    params = {
        "company_id": caller.company_id,
        "id": exception_id,
        "owner_ids": None if caller.is_admin else list(_visible_owners(caller)),
    }
    stored = await _one(connection, _GET, params)
    if stored.owner_type == "company" and not caller.is_admin:
        raise Forbidden("only an admin may change the company's exceptions")
    await _bump(connection, caller, stored.owner_type, stored.owner_id)
    return await _one(connection, _GET, params)


async def _bump(connection: Connection, caller: Caller, owner_type: OwnerType, owner_id: UUID) -> bool:
    """False for an owner who is none."""
    if owner_type == "user":
        return await bump_calendar(connection, caller.company_id, owner_id)
    if owner_id == caller.company_id:
        await bump_all_calendars(connection, caller.company_id)
    return owner_id == caller.company_id


async def _one(connection: Connection, sql: str, params: dict[str, object]) -> AvailabilityException:
    exception = await fetch(connection, AvailabilityException, sql, params)
    if exception is None:
        raise NotFound("availability exception not found")
    return exception


def _visible_owners(caller: Caller) -> Sequence[UUID]:
    return caller.user_id, caller.company_id


def _require_order(start: datetime, end: datetime) -> None:
    if start >= end:
        raise Malformed.field("end", "must be after start")


EXCEPTION_JSON = """json_build_object(
    'id', e.id, 'ownerId', e.owner_id, 'ownerType', e.owner_type, 'available', e.available, 'start', e.start_at,
    'end', e.end_at, 'title', e.title, 'note', e.note, 'createdAt', e.created_at, 'deletedAt', e.deleted_at
)"""

_LIST = f"""
    SELECT ({EXCEPTION_JSON})::text FROM availability_exceptions e
    WHERE e.company_id = %(company_id)s AND e.owner_id = ANY (%(owner_ids)s::uuid[]) AND e.deleted_at IS NULL
        AND (%(owner_type)s::text IS NULL OR e.owner_type = %(owner_type)s)
        AND (%(start)s::timestamptz IS NULL OR e.end_at > %(start)s)
        AND (%(end)s::timestamptz IS NULL OR e.start_at < %(end)s)
    ORDER BY e.start_at, e.id
"""

_GET = f"""
    SELECT ({EXCEPTION_JSON})::text FROM availability_exceptions e
    WHERE e.company_id = %(company_id)s AND e.id = %(id)s AND e.deleted_at IS NULL
        AND (%(owner_ids)s::uuid[] IS NULL OR e.owner_id = ANY (%(owner_ids)s::uuid[]))
"""

_INSERT = f"""
    INSERT INTO availability_exceptions AS e (
        company_id, owner_type, owner_id, available, start_at, end_at, title, note
    )
    VALUES (
        %(company_id)s, %(owner_type)s, %(owner_id)s, %(available)s, %(start)s, %(end)s, %(title)s, %(note)s
    )
    RETURNING ({EXCEPTION_JSON})::text
"""

_UPDATE = f"""
    UPDATE availability_exceptions e SET
        available = %(available)s, start_at = %(start)s, end_at = %(end)s, title = %(title)s, note = %(note)s,
        holiday_year = NULL
    WHERE e.company_id = %(company_id)s AND e.id = %(id)s
    RETURNING ({EXCEPTION_JSON})::text
"""

_DELETE = "UPDATE availability_exceptions SET deleted_at = now() WHERE company_id = %(company_id)s AND id = %(id)s"
"""It stays in the table, as what once was so."""
