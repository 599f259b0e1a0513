"""The groups of a queue: create, edit, delete. A group takes turns as one; ``capacity`` of its users hold each."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET, UnsetType

from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.db.queues import LOCK_QUEUE
from slotkeeper.errors import LimitReached, Malformed
from slotkeeper.queues.answers import Capacity, UserGroup
from slotkeeper.queues.find import find_group, find_queue, require_may_edit
from slotkeeper.queues.membership import MAX_MEMBERS
from slotkeeper.records.caller import Caller

MAX_GROUPS = 50
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class NewGroup(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    queue_id: UUID
    name: Name


class GroupEdit(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is left out stays. ``userId`` is assigned, or deassigned if in the group, before ``mainGroupHostId``."""

    name: Name | None = None
    capacity: Capacity | None = None
    user_id: UUID | None = None
    main_group_host_id: UUID | UnsetType | None = UNSET


async def create_group(connection: Connection, caller: Caller, new: NewGroup) -> UserGroup:
    """Raises ``NotFound`` for the queue, ``Forbidden``, and ``LimitReached``."""
    group_id = uuid4()
    params = {"company_id": caller.company_id, "queue_id": new.queue_id, "id": group_id, "name": new.name}
    async with connection.transaction():
        require_may_edit(caller, (await find_queue(connection, caller, new.queue_id)).owner_ids)
        await execute(connection, LOCK_QUEUE, params)
        if len((await find_queue(connection, caller, new.queue_id)).queue.user_groups) >= MAX_GROUPS:
            raise LimitReached(f"a queue has at most {MAX_GROUPS} groups")
        await execute(connection, _CREATE, params)
        return (await find_group(connection, caller, group_id))[1]


async def edit_group(connection: Connection, caller: Caller, group_id: UUID, edit: GroupEdit) -> UserGroup:
    """Raises ``NotFound``, ``Forbidden``, and ``Malformed`` naming the field; then nothing is written."""
    async with connection.transaction():
        group = await _locked(connection, caller, group_id)
        user_ids = edited_users(group.user_ids, edit.user_id)
        if len(user_ids) > len(group.user_ids):
            await _require_user(connection, caller.company_id, edit.user_id)
        params = {
            "company_id": caller.company_id,
            "queue_id": group.queue_id,
            "id": group_id,
            "name": edit.name or group.name,
            "capacity": edit.capacity or group.capacity,
            "user_ids": user_ids,
            "main_group_host_id": edited_main_host(group.main_group_host_id, edit.main_group_host_id, user_ids),
        }
        await execute(connection, _EDIT, params)
        return (await find_group(connection, caller, group_id))[1]


async def delete_group(connection: Connection, caller: Caller, group_id: UUID) -> None:
    """It takes no more turns. Raises ``NotFound`` and ``Forbidden``."""
    async with connection.transaction():
        group = await _locked(connection, caller, group_id)
        params = {"company_id": caller.company_id, "queue_id": group.queue_id, "id": group_id}
        await execute(connection, _DELETE, params)


def edited_users(user_ids: Sequence[UUID], toggled: UUID | None) -> list[UUID]:
    """Who joins stands last. Raises ``Malformed``."""
    if toggled is None:
        return list(user_ids)
    if toggled in user_ids:
        return [user_id for user_id in user_ids if user_id != toggled]
    if len(user_ids) >= MAX_MEMBERS:
        raise Malformed.field("userId", f"a group has at most {MAX_MEMBERS} users")
    return [*user_ids, toggled]


def edited_main_host(present: UUID | None, asked: UUID | UnsetType | None, user_ids: Sequence[UUID]) -> UUID | None:
    """A main host who leaves the group is none. Raises ``Malformed`` for one who is not in it."""
    if asked is UNSET:
        return present if present in user_ids else None
    if asked is not None and asked not in user_ids:
        raise Malformed.field("mainGroupHostId", "must name a user of the group")
    return asked


async def _locked(connection: Connection, caller: Caller, group_id: UUID) -> UserGroup:
    """As it is once nobody else edits its queue or takes a turn in it."""
    found, group = await find_group(connection, caller, group_id)
    require_may_edit(caller, found.owner_ids)
    await execute(connection, LOCK_QUEUE, {"company_id": caller.company_id, "queue_id": group.queue_id})
    return (await find_group(connection, caller, group_id))[1]


async def _require_user(connection: Connection, company_id: UUID, user_id: UUID | None) -> None:
    if await fetch(connection, UUID, _USER, {"company_id": company_id, "id": user_id}) is None:
        raise Malformed.field("userId", "must name a user of this company")


_USER = """
    SELECT to_json(id)::text FROM users WHERE company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL
"""

_BUMP = """
    UPDATE queues SET version = version + 1, updated_at = now() WHERE company_id = %(company_id)s AND id = %(queue_id)s
"""

_CREATE = f"""
    WITH bumped AS ({_BUMP})
    INSERT INTO queue_user_groups (company_id, id, queue_id, name)
    VALUES (%(company_id)s, %(id)s, %(queue_id)s, %(name)s)
"""

_EDIT = f"""
    WITH bumped AS ({_BUMP}), deassigned AS (
        DELETE FROM queue_user_group_members
        WHERE company_id = %(company_id)s AND group_id = %(id)s AND user_id <> ALL (%(user_ids)s::uuid[])
    ), assigned AS (
        INSERT INTO queue_user_group_members (company_id, group_id, user_id, position)
        SELECT %(company_id)s, %(id)s, m.user_id, m.position
        FROM unnest(%(user_ids)s::uuid[]) WITH ORDINALITY AS m (user_id, position)
        ON CONFLICT (company_id, group_id, user_id) DO UPDATE SET position = excluded.position
    )
    UPDATE queue_user_groups SET
        name = %(name)s, capacity = %(capacity)s, main_group_host_id = %(main_group_host_id)s, updated_at = now()
    WHERE company_id = %(company_id)s AND id = %(id)s
"""

_DELETE = f"""
    WITH bumped AS ({_BUMP})
    UPDATE queue_user_groups SET deleted_at = now() WHERE company_id = %(company_id)s AND id = %(id)s
"""
