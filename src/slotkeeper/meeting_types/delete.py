"""Delete a meeting type: nothing more is booked with it; its appointments stay, and still move."""

from uuid import UUID

from slotkeeper.db.pool import Connection, execute
from slotkeeper.meeting_types.find import get_type, require_may_edit, unknown
from slotkeeper.records.caller import Caller


async def delete_type(connection: Connection, caller: Caller, meeting_type_id: UUID) -> None:
    """By its owner or an admin. Raises ``NotFound`` or ``Forbidden``."""
    require_may_edit(caller, await get_type(connection, caller.company_id, meeting_type_id))
    cursor = await execute(connection, _DELETE, {"company_id": caller.company_id, "id": meeting_type_id})
    if cursor.rowcount == 0:
        raise unknown(meeting_type_id)


_DELETE = """
    UPDATE meeting_types SET deleted_at = now()
    WHERE company_id = %(company_id)s AND id = %(id)s AND deleted_at IS NULL
"""
