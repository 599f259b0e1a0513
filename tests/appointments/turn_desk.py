"""A desk that books from its meeting type's queue with the fragments of ``appointments/turns.py``, in statements of the
shape that the operations have."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import msgspec

from slotkeeper.appointments.recording import BUMP_HOSTS
from slotkeeper.appointments.round_robin.choose import Turn, choose
from slotkeeper.appointments.round_robin.line import Line
from slotkeeper.appointments.turns import (
    BUMP_QUEUE,
    GIVE_TURN_BACK,
    HOSTS_UNCHANGED_AFTER_QUEUE,
    LINE_JSON,
    MOVE_TURN,
    QUEUE_HOST_IDS,
    QUEUE_UNCHANGED,
    TAKE_TURN,
    turn_params,
)
from slotkeeper.db.attempts import Stale, in_attempts
from slotkeeper.db.pool import Connection, execute, fetch
from slotkeeper.db.queues import LOCK_QUEUE
from slotkeeper.queues.answers import Queue, UserGroup
from slotkeeper.queues.edit import edit_queue_of
from slotkeeper.queues.groups import GroupEdit, NewGroup, create_group, edit_group
from slotkeeper.queues.membership import QueueEdit
from tests.support.desk import MONDAY, Desk


class Situation(msgspec.Struct, frozen=True, kw_only=True):
    line: Line | None
    calendar_versions: Mapping[UUID, int]


class TurnDesk(Desk):
    async def edit_queue(self, **edit: Any) -> Queue:
        """``edit`` in the API's own names."""
        wanted = msgspec.convert(edit, QueueEdit)
        async with self.pool.connection() as connection:
            return await edit_queue_of(connection, self.caller, self.company.meeting_type_id, wanted)

    async def queue_of(self, size: int, **edit: Any) -> tuple[Queue, Sequence[UUID]]:
        """A queue of the company's admin and as many further hosts as make ``size``."""
        members = [self.company.user_id, *[await self.add_host() for _ in range(size - 1)]]
        for user_id in members:
            await self.edit_queue(userId=user_id)
        return await self.edit_queue(**edit), members

    async def add_group(self, queue: Queue, user_ids: Sequence[UUID], **edit: Any) -> UserGroup:
        async with self.pool.connection() as connection:
            group = await create_group(connection, self.caller, NewGroup(queue_id=queue.id, name="Team"))
            for user_id in user_ids:
                await edit_group(connection, self.caller, group.id, GroupEdit(user_id=user_id))
            return await edit_group(connection, self.caller, group.id, msgspec.convert(edit, GroupEdit))

    async def situation(self, start: datetime = MONDAY, connection: Connection | None = None) -> Situation:
        params = {"company_id": self.company.company_id, "id": self.company.meeting_type_id, "start": start}
        if connection is not None:
            return await fetch(connection, Situation, READ, params) or Situation(line=None, calendar_versions={})
        async with self.pool.connection() as opened:
            return await self.situation(start, opened)

    async def line(self, start: datetime = MONDAY) -> Line:
        line = (await self.situation(start)).line
        assert line is not None
        return line

    async def take(self, start: datetime = MONDAY) -> UUID:
        """Everybody is free."""

        async def attempt(connection: Connection, locked: bool) -> UUID:
            if locked:
                await self._lock(connection)
            situation = await self.situation(start, connection)
            assert situation.line is not None
            turn = choose(situation.line, situation.calendar_versions.keys(), int(start.timestamp()))
            assert turn is not None
            return await self.write(connection, situation, turn, start)

        return await in_attempts(self.pool, attempt)

    async def write(self, connection: Connection, situation: Situation, turn: Turn | None, start: datetime) -> UUID:
        host_ids = turn.host_ids if turn else (self.company.user_id,)
        params = {
            **turn_params(situation.line, turn),
            "company_id": self.company.company_id,
            "meeting_type_id": self.company.meeting_type_id,
            "id": uuid4(),
            "host_ids": list(host_ids),
            "calendar_versions": [situation.calendar_versions[host_id] for host_id in host_ids],
            "start": start,
            "end": start + timedelta(minutes=30),
            "now": self.now,
        }
        row = await (await execute(connection, WRITE, params)).fetchone()
        if row is None:
            raise Stale
        return UUID(str(row[0]))

    async def give_back(self, appointment_id: UUID) -> None:
        await self._change(GIVE_TURN_BACK, appointment_id)

    async def move_turn(self, appointment_id: UUID, start: datetime) -> None:
        await self._change(MOVE_TURN, appointment_id, start=start)

    async def _change(self, fragment: str, appointment_id: UUID, **params: object) -> None:
        sql = f"WITH changed AS ({CHANGED}), turn AS ({fragment}) SELECT FROM changed"
        scope = {"company_id": self.company.company_id, "id": appointment_id, "now": self.now}
        async with self.pool.connection() as connection:
            await execute(connection, sql, {**scope, **params})

    async def _lock(self, connection: Connection) -> None:
        line = (await self.situation(connection=connection)).line
        params = {"company_id": self.company.company_id, "queue_id": line and line.id}
        await execute(connection, LOCK_QUEUE, params)
        await execute(connection, LOCK_HOSTS, params)


READ = f"""
    SELECT json_build_object('line', {LINE_JSON}, 'calendar_versions', (
        SELECT json_object_agg(k.host_id, k.version) FROM host_calendars k
        WHERE k.company_id = t.company_id AND k.host_id = ANY (ARRAY[t.user_id] || {QUEUE_HOST_IDS})
    ))::text
    FROM meeting_types t
    JOIN companies c ON c.id = t.company_id
    LEFT JOIN queues q ON q.company_id = t.company_id AND q.id = t.queue_id
    CROSS JOIN (SELECT %(start)s::timestamptz AS from_at, %(start)s::timestamptz AS to_at) w
    WHERE t.company_id = %(company_id)s AND t.id = %(id)s
"""

WRITE = f"""
    WITH queue_unchanged AS ({QUEUE_UNCHANGED}), unchanged AS ({HOSTS_UNCHANGED_AFTER_QUEUE}), changed AS (
        INSERT INTO appointments (
            company_id, id, meeting_type_id, uid, status, start_at, end_at, host_ids, meeting_info, ics, created_at,
            updated_at, stamped_at
        )
        SELECT %(company_id)s, %(id)s, %(meeting_type_id)s, %(id)s, 'confirmed', %(start)s, %(end)s, %(host_ids)s,
            '{{"name": "Call"}}', '', %(now)s, %(now)s, %(now)s
        WHERE (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[])
        RETURNING company_id, id
    ), bumped AS ({BUMP_HOSTS}), turn AS ({TAKE_TURN}), next_turn AS ({BUMP_QUEUE})
    SELECT id FROM changed
"""

CHANGED = """
    UPDATE appointments SET version = version + 1 WHERE company_id = %(company_id)s AND id = %(id)s
    RETURNING company_id, id
"""

LOCK_HOSTS = """
    SELECT FROM host_calendars k
    WHERE k.company_id = %(company_id)s AND k.host_id IN (
        SELECT user_id FROM queue_members WHERE company_id = %(company_id)s AND queue_id = %(queue_id)s
    )
    ORDER BY k.host_id
    FOR UPDATE
"""
