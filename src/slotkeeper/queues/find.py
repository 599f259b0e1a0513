"""Find queues and their groups, for those who may see them; and who may edit them."""

from collections.abc import Sequence
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch_all
from slotkeeper.db.users import USER_SUMMARY_JSON
from slotkeeper.errors import Forbidden, NotFound
from slotkeeper.queues.answers import Queue, UserGroup
from slotkeeper.records.caller import Caller


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """``owner_ids`` own a meeting type that the queue serves."""

    queue: Queue
    owner_ids: tuple[UUID, ...]


async def list_queues(connection: Connection, caller: Caller, workspace_id: UUID | None = None) -> list[Queue]:
    """Those that the caller may see: admins all of the company's, others those that they belong to or own."""
    found = await fetch_all(connection, Found, _LIST, {**_seen_by(caller), "workspace_id": workspace_id})
    return [one.queue for one in found]


async def find_queue(connection: Connection, caller: Caller, queue_id: UUID) -> Found:
    """Raises ``NotFound`` alike for an unknown queue and one that the caller may not see."""
    found = await fetch_all(connection, Found, _GET, {**_seen_by(caller), "id": queue_id})
    if not found:
        raise NotFound(f"queue {queue_id} not found")
    return found[0]


async def find_group(connection: Connection, caller: Caller, group_id: UUID) -> tuple[Found, UserGroup]:
    """The group and its queue. Raises as ``find_queue``."""
    for found in await fetch_all(connection, Found, _OF_GROUP, {**_seen_by(caller), "id": group_id}):
        return found, next(group for group in found.queue.user_groups if group.id == group_id)
    raise NotFound(f"user group {group_id} not found")


def require_may_edit(caller: Caller, owner_ids: Sequence[UUID]) -> None:
    """Admins and owners of a meeting type that the queue serves."""
    if not caller.is_admin and caller.user_id not in owner_ids:
        raise Forbidden("only an owner of the queue's meeting type or an admin of the company may change it")


def _seen_by(caller: Caller) -> dict[str, object]:
    return {"company_id": caller.company_id, "user_id": caller.user_id, "is_admin": caller.is_admin}


_GROUP_JSON = f"""json_build_object(
    'id', g.id, 'name', g.name, 'capacity', g.capacity, 'queueId', g.queue_id,
    'mainGroupHostId', g.main_group_host_id, 'mainGroupHost', (
        SELECT {USER_SUMMARY_JSON} FROM users u WHERE u.company_id = g.company_id AND u.id = g.main_group_host_id
    ),
    'users', p.users, 'userIds', p.user_ids,
    'createdAt', g.created_at, 'updatedAt', g.updated_at, 'deletedAt', g.deleted_at
)"""

_GROUPS_JSON = f"""(
    SELECT coalesce(json_agg({_GROUP_JSON} ORDER BY g.created_at, g.id), '[]')
    FROM queue_user_groups g
    CROSS JOIN LATERAL (
        SELECT coalesce(json_agg({USER_SUMMARY_JSON} ORDER BY m.position), '[]') AS users,
            coalesce(json_agg(u.id ORDER BY m.position), '[]') AS user_ids
        FROM queue_user_group_members m
        JOIN users u ON u.company_id = m.company_id AND u.id = m.user_id AND u.deleted_at IS NULL
        WHERE m.company_id = g.company_id AND m.group_id = g.id
    ) p
    WHERE g.company_id = q.company_id AND g.queue_id = q.id AND g.deleted_at IS NULL
)"""

_SELECT = f"""
    SELECT json_build_object('owner_ids', o.owner_ids, 'queue', json_build_object(
        'id', q.id, 'name', q.name, 'companyId', q.company_id, 'workspaceId', q.workspace_id, 'type', q.type,
        'maxLeadThreshold', q.max_lead_threshold, 'distributionPeriod', q.distribution_period,
        'prioritizeNearTermAvailability', q.prioritize_near_term_availability,
        'users', p.users, 'userIds', p.user_ids, 'userCapacities', p.capacities, 'userPriorities', p.priorities,
        'userCustomLinks', p.links, 'userGroups', {_GROUPS_JSON}, 'meetingTypeIds', o.meeting_type_ids,
        'createdAt', q.created_at, 'updatedAt', q.updated_at, 'deletedAt', q.deleted_at
    ))::text
    FROM queues q
    CROSS JOIN LATERAL (
        SELECT coalesce(json_agg({USER_SUMMARY_JSON} ORDER BY m.position), '[]') AS users,
            coalesce(json_agg(u.id ORDER BY m.position), '[]') AS user_ids,
            coalesce(json_agg(json_build_object('userId', u.id, 'capacity', m.capacity) ORDER BY m.position), '[]')
                AS capacities,
            coalesce(json_agg(json_build_object('userId', u.id, 'priority', m.priority) ORDER BY m.position), '[]')
                AS priorities,
            coalesce(json_agg(json_build_object('userId', u.id, 'link', m.custom_link) ORDER BY m.position)
                FILTER (WHERE m.custom_link IS NOT NULL), '[]') AS links
        FROM queue_members m
        JOIN users u ON u.company_id = m.company_id AND u.id = m.user_id AND u.deleted_at IS NULL
        WHERE m.company_id = q.company_id AND m.queue_id = q.id
    ) p
    CROSS JOIN LATERAL (
        SELECT coalesce(array_agg(DISTINCT t.user_id), '{{}}') AS owner_ids,
            coalesce(array_agg(t.id ORDER BY t.created_at, t.id), '{{}}') AS meeting_type_ids
        FROM meeting_types t
        WHERE t.company_id = q.company_id AND t.queue_id = q.id AND t.deleted_at IS NULL
    ) o
    WHERE q.company_id = %(company_id)s AND q.deleted_at IS NULL AND (
        %(is_admin)s::boolean OR %(user_id)s = ANY (o.owner_ids)
        OR EXISTS (
            SELECT FROM queue_members m
            WHERE m.company_id = q.company_id AND m.queue_id = q.id AND m.user_id = %(user_id)s
        )
        OR EXISTS (
            SELECT FROM queue_user_groups g
            JOIN queue_user_group_members m ON m.company_id = g.company_id AND m.group_id = g.id
            WHERE g.company_id = q.company_id AND g.queue_id = q.id AND g.deleted_at IS NULL AND m.user_id = %(user_id)s
        )
    )
"""

_LIST = f"""
    {_SELECT} AND (%(workspace_id)s::uuid IS NULL OR q.workspace_id = %(workspace_id)s)
    ORDER BY q.created_at, q.id
"""

_GET = f"{_SELECT} AND q.id = %(id)s"

_OF_GROUP = f"""
    {_SELECT} AND q.id = (
        SELECT queue_id FROM queue_user_groups
        WHERE company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL
    )
"""
