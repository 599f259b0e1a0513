"""How many tasks there are, and how many of them press."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.db.pool import Connection, fetch
from slotkeeper.records.caller import Caller


class OfType(msgspec.Struct, frozen=True, kw_only=True):
    type: str
    count: int


class OfPriority(msgspec.Struct, frozen=True, kw_only=True):
    priority: str
    count: int


class TaskSummary(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """``dueToday`` and ``dueThisWeek`` (Monday to Sunday) are open tasks, by the days of the caller's zone."""

    total_tasks: int
    completed_tasks: int
    overdue_tasks: int
    due_today_tasks: int
    due_this_week_tasks: int
    by_type: Sequence[OfType]
    by_priority: Sequence[OfPriority]


async def task_summary(connection: Connection, caller: Caller, assignee_id: UUID | None, now: datetime) -> TaskSummary:
    """Of one user, or of everybody."""
    params = {"company_id": caller.company_id, "assignee_id": assignee_id, "now": now, "zone": caller.timezone}
    found = await fetch(connection, TaskSummary, _SUMMARY, params)
    if found is None:
        raise LookupError("a summary is always one row")
    return found


_SUMMARY = """
    WITH tasks AS (
        SELECT t.*, t.completed_at IS NULL AS is_open, t.due_at AT TIME ZONE %(zone)s AS due,
            %(now)s::timestamptz AT TIME ZONE %(zone)s AS today
        FROM crm_tasks t
        WHERE t.company_id = %(company_id)s AND (%(assignee_id)s::uuid IS NULL OR t.assignee_id = %(assignee_id)s)
    )
    SELECT json_build_object(
        'totalTasks', count(*), 'completedTasks', count(completed_at),
        'overdueTasks', count(*) FILTER (WHERE is_open AND due_at < %(now)s),
        'dueTodayTasks', count(*) FILTER (WHERE is_open AND due::date = today::date),
        'dueThisWeekTasks', count(*) FILTER (WHERE is_open AND date_trunc('week', due) = date_trunc('week', today)),
        'byType', (
            SELECT coalesce(json_agg(json_build_object('type', g.type, 'count', g.count) ORDER BY g.type), '[]')
            FROM (SELECT type, count(*) FROM tasks GROUP BY type) g
        ),
        'byPriority', (
            SELECT coalesce(json_agg(
                json_build_object('priority', g.priority, 'count', g.count) ORDER BY g.priority
            ), '[]')
            FROM (SELECT priority, count(*) FROM tasks GROUP BY priority) g
        )
    )::text
    FROM tasks
"""
