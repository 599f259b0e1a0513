"""Delete a user: nobody can book or act as them any more; what they did stays readable."""

from datetime import datetime
from uuid import UUID

from slotkeeper.accounts.standing import require_dispensable, require_free, standing_of
from slotkeeper.db.company_lock import lock_company
from slotkeeper.db.pool import Connection, execute
from slotkeeper.integrations.connections import connections_of, disconnect


async def delete_user(connection: Connection, company_id: UUID, user_id: UUID, now: datetime) -> None:
    """Their tokens, schedules and connected accounts go with them. The address and the slug are free again.

    Raises ``NotFound``, and ``Conflict`` for the owner, the last admin and hosts with appointments ahead.
    """
    params = {"company_id": company_id, "id": user_id, "now": now}
    async with connection.transaction():
        await lock_company(connection, company_id)
        # Waits for bookings that are being written, which then count; later ones find no calendar to be written to.
        await execute(connection, _DELETE_CALENDAR, params)
        standing = await standing_of(connection, company_id, user_id, now)
        require_dispensable(standing)
        require_free(standing)
        for account in await connections_of(connection, company_id, user_id):
            await disconnect(connection, company_id, account.id)
        await execute(connection, _DELETE, params)


_DELETE_CALENDAR = "DELETE FROM host_calendars WHERE company_id = %(company_id)s AND host_id = %(id)s"

_DELETE = """
    WITH tokens AS (
        UPDATE personal_tokens SET revoked_at = %(now)s
        WHERE company_id = %(company_id)s AND user_id = %(id)s AND revoked_at IS NULL
    ), schedules AS (
        UPDATE availabilities SET deleted_at = %(now)s
        WHERE company_id = %(company_id)s AND user_id = %(id)s AND deleted_at IS NULL
    )
    UPDATE users SET deleted_at = %(now)s, updated_at = %(now)s WHERE company_id = %(company_id)s AND id = %(id)s
"""
