"""Edit the queue of a meeting type; the first edit creates it. And delete a queue."""

from collections.abc import Mapping, Sequence
from uuid import UUID, uuid4

import msgspec
from msgspec import UNSET

from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.db.queues import LOCK_QUEUE
from slotkeeper.errors import NotFound
from slotkeeper.queues.answers import Queue
from slotkeeper.queues.find import find_queue, require_may_edit
from slotkeeper.queues.membership import Member, QueueEdit, edited_members
from slotkeeper.records.caller import Caller
from slotkeeper.records.queue import DistributionPeriod, QueueType


class _MeetingType(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    owner_id: UUID
    queue_id: UUID | None


class _Settings(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    workspace_id: UUID | None = None
    type: QueueType = "simpleRoundRobin"
    max_lead_threshold: int | None = None
    distribution_period: DistributionPeriod = "month"
    prioritize_near_term_availability: bool = False


class _State(msgspec.Struct, frozen=True, kw_only=True):
    """``settings`` None: there is no queue yet. ``users`` are those of the company among the asked."""

    settings: _Settings | None
    members: tuple[Member, ...]
    users: frozenset[UUID]


async def edit_queue_of(connection: Connection, caller: Caller, meeting_type_id: UUID, edit: QueueEdit) -> Queue:
    """Raises ``NotFound`` for the meeting type, ``Forbidden``, and ``Malformed``; then nothing is written."""
    scope = {"company_id": caller.company_id, "meeting_type_id": meeting_type_id}
    async with connection.transaction():
        meeting_type = await fetch(connection, _MeetingType, _LOCK_MEETING_TYPE, scope)
        if meeting_type is None:
            raise NotFound(f"meeting type {meeting_type_id} not found")
        require_may_edit(caller, [meeting_type.owner_id])
        queue_id = meeting_type.queue_id or uuid4()
        await execute(connection, LOCK_QUEUE, {"company_id": caller.company_id, "queue_id": queue_id})
        state = await _read(connection, caller.company_id, queue_id, edit)
        members = edited_members(state.members, edit, state.users)
        settings = _edited(state.settings or _Settings(name=meeting_type.name), edit)
        await execute(connection, _WRITE, {**scope, "queue_id": queue_id, **_params(settings, members)})
        return (await find_queue(connection, caller, queue_id)).queue


async def delete_queue(connection: Connection, caller: Caller, queue_id: UUID) -> None:
    """Its meeting types are their owners' alone again; its turns stay in the history of appointments.

    Raises ``NotFound`` and ``Forbidden``.
    """
    params = {"company_id": caller.company_id, "queue_id": queue_id}
    async with connection.transaction():
        require_may_edit(caller, (await find_queue(connection, caller, queue_id)).owner_ids)
        await execute(connection, _LOCK_MEETING_TYPES, params)
        await execute(connection, LOCK_QUEUE, params)
        await execute(connection, _DELETE, params)


async def _read(connection: Connection, company_id: UUID, queue_id: UUID, edit: QueueEdit) -> _State:
    asked = [edit.user_id, *(user.user_id for user in edit.users or ())]
    params = {"company_id": company_id, "queue_id": queue_id, "user_ids": [asked_id for asked_id in asked if asked_id]}
    state = await fetch(connection, _State, _READ, params)
    return state or _State(settings=None, members=(), users=frozenset())


def _edited(settings: _Settings, edit: QueueEdit) -> _Settings:
    asked = {name: getattr(edit, name) for name in _Settings.__struct_fields__}
    cleared = {name for name in ("max_lead_threshold", "workspace_id") if asked[name] is None}
    given = {
        name: value for name, value in asked.items() if value is not UNSET and (value is not None or name in cleared)
    }
    return msgspec.structs.replace(settings, **given)


def _params(settings: _Settings, members: Sequence[Member]) -> Mapping[str, object]:
    return {
        **msgspec.structs.asdict(settings),
        "user_ids": [member.user_id for member in members],
        "capacities": [member.capacity for member in members],
        "priorities": [member.priority for member in members],
        "links": [member.custom_link for member in members],
    }


# Not FOR UPDATE: a booking that holds the queue refers to the meeting type, and must not wait for who waits for it.
_LOCK_MEETING_TYPE = """
    SELECT json_build_object('name', meeting_info ->> 'name', 'owner_id', user_id, 'queue_id', queue_id)::text
    FROM meeting_types
    WHERE company_id = %(company_id)s AND id = %(meeting_type_id)s AND deleted_at IS NULL
    FOR NO KEY UPDATE
"""

_LOCK_MEETING_TYPES = """
    SELECT FROM meeting_types WHERE company_id = %(company_id)s AND queue_id = %(queue_id)s
    ORDER BY id
    FOR NO KEY UPDATE
"""

_READ = """
    SELECT json_build_object(
        'settings', (
            SELECT json_build_object(
                'name', name, 'workspace_id', workspace_id, 'type', type, 'max_lead_threshold', max_lead_threshold,
                'distribution_period', distribution_period,
                'prioritize_near_term_availability', prioritize_near_term_availability
            )
            FROM queues WHERE company_id = %(company_id)s AND id = %(queue_id)s
        ),
        'members', (
            SELECT coalesce(json_agg(json_build_object(
                'user_id', user_id, 'capacity', capacity, 'priority', priority, 'custom_link', custom_link
            ) ORDER BY position), '[]')
            FROM queue_members WHERE company_id = %(company_id)s AND queue_id = %(queue_id)s
        ),
        'users', (
            SELECT coalesce(json_agg(id), '[]') FROM users
            WHERE company_id = %(company_id)s AND id = ANY (%(user_ids)s::uuid[]) AND deleted_at IS NULL
        )
    )::text
"""

_WRITE = """
    WITH queue AS (
        INSERT INTO queues (
            company_id, id, workspace_id, name, type, max_lead_threshold, distribution_period,
            prioritize_near_term_availability
        )
        VALUES (
            %(company_id)s, %(queue_id)s, %(workspace_id)s, %(name)s, %(type)s, %(max_lead_threshold)s,
            %(distribution_period)s, %(prioritize_near_term_availability)s
        )
        ON CONFLICT (company_id, id) DO UPDATE SET
            workspace_id = excluded.workspace_id, name = excluded.name, type = excluded.type,
            max_lead_threshold = excluded.max_lead_threshold, distribution_period = excluded.distribution_period,
            prioritize_near_term_availability = excluded.prioritize_near_term_availability,
            version = queues.version + 1, updated_at = now()
    ), deassigned AS (
        DELETE FROM queue_members
        WHERE company_id = %(company_id)s AND queue_id = %(queue_id)s AND user_id <> ALL (%(user_ids)s::uuid[])
    ), assigned AS (
        INSERT INTO queue_members (company_id, queue_id, user_id, position, capacity, priority, custom_link)
        SELECT %(company_id)s, %(queue_id)s, m.user_id, m.position, m.capacity, m.priority, m.link
        FROM unnest(
            %(user_ids)s::uuid[], %(capacities)s::integer[], %(priorities)s::smallint[], %(links)s::text[]
        ) WITH ORDINALITY AS m (user_id, capacity, priority, link, position)
        ON CONFLICT (company_id, queue_id, user_id) DO UPDATE SET
            position = excluded.position, capacity = excluded.capacity, priority = excluded.priority,
            custom_link = excluded.custom_link
    )
    UPDATE meeting_types SET queue_id = %(queue_id)s WHERE company_id = %(company_id)s AND id = %(meeting_type_id)s
"""

_DELETE = """
    WITH served AS (
        UPDATE meeting_types SET queue_id = NULL WHERE company_id = %(company_id)s AND queue_id = %(queue_id)s
    )
    UPDATE queues SET deleted_at = now(), version = version + 1
    WHERE company_id = %(company_id)s AND id = %(queue_id)s
"""
