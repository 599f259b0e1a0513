"""Delete a user: nobody can book or act as them any more; what they did stays readable."""

from datetime import datetime
from uuid import UUID

from slotkeeper.accounts.standing import require_dispensable, require_free, standing_of
from slotkeeper.db.company_lock import lock_company
from slotkeeper.db.pool import Connection, execute
from slotkeeper.integrations.connections import connections_of, disconnect


async def delete_user(connection: Connection, company_id: UUID, user_id: UUID, now: datetime) -> None:
    """Their tokens, schedules, connected accounts and places in queues and groups go with them; turns that they took
    stay. The address and the slug are free again.

    Raises ``NotFound``, and ``Conflict`` for the owner, the last admin and hosts with appointments ahead.
    """
    params = {"company_id": company_id, "id": user_id, "now": now}
    async with connection.transaction():
        await lock_company(connection, company_id)
        await execute(connection, _LOCK_QUEUES, params)
        # Waits for bookings that are being written, which then count; later ones find no calendar to be written to.
        await execute(connection, _DELETE_CALENDAR, params)
        standing = await standing_of(connection, company_id, user_id, now)
        require_dispensable(standing)
        require_free(standing)
        for account in await connections_of(connection, company_id, user_id):
            await disconnect(connection, company_id, account.id)
        await execute(connection, _DELETE, params)


# Queues before calendars, as who takes a turn locks them (docs/decisions/0061).
_LOCK_QUEUES = """
    SELECT FROM queues q
    WHERE q.company_id = %(company_id)s AND (
        q.id IN (SELECT queue_id FROM queue_members WHERE company_id = %(company_id)s AND user_id = %(id)s)
        OR q.id IN (
            SELECT g.queue_id FROM queue_user_groups g
            JOIN queue_user_group_members m ON m.company_id = g.company_id AND m.group_id = g.id
            WHERE g.company_id = %(company_id)s AND m.user_id = %(id)s
        )
    )
    ORDER BY q.id
    FOR UPDATE
"""

_DELETE_CALENDAR = "DELETE FROM host_calendars WHERE company_id = %(company_id)s AND host_id = %(id)s"

_DELETE = """
    WITH tokens AS (
        UPDATE personal_tokens SET revoked_at = %(now)s
        WHERE company_id = %(company_id)s AND user_id = %(id)s AND revoked_at IS NULL
    ), schedules AS (
        UPDATE availabilities SET deleted_at = %(now)s
        WHERE company_id = %(company_id)s AND user_id = %(id)s AND deleted_at IS NULL
    ), left_queues AS (
        DELETE FROM queue_members WHERE company_id = %(company_id)s AND user_id = %(id)s RETURNING queue_id
    ), left_groups AS (
        DELETE FROM queue_user_group_members WHERE company_id = %(company_id)s AND user_id = %(id)s RETURNING group_id
    ), led AS (
        UPDATE queue_user_groups SET main_group_host_id = NULL, updated_at = %(now)s
        WHERE company_id = %(company_id)s AND main_group_host_id = %(id)s
    ), edited AS (
        UPDATE queues SET version = version + 1, updated_at = %(now)s
        WHERE company_id = %(company_id)s AND (id IN (SELECT queue_id FROM left_queues) OR id IN (
            SELECT queue_id FROM queue_user_groups
            WHERE company_id = %(company_id)s AND id IN (SELECT group_id FROM left_groups)
        ))
    )
    UPDATE users SET deleted_at = %(now)s, updated_at = %(now)s WHERE company_id = %(company_id)s AND id = %(id)s
"""
