"""Read meeting types: everybody's of the company, because a booking may name any of them."""

from uuid import UUID

from slotkeeper.db.pool import Connection, fetch, fetch_all
from slotkeeper.errors import Forbidden, NotFound
from slotkeeper.meeting_types.meeting_type import MEETING_TYPE_JSON, MeetingType
from slotkeeper.records.caller import Caller


async def list_types(connection: Connection, caller: Caller, user_id: UUID | None = None) -> list[MeetingType]:
    """The caller's own, oldest first; an admin may ask for another user's. Raises ``Forbidden``."""
    if user_id not in (None, caller.user_id) and not caller.is_admin:
        raise Forbidden("only an admin may list another user's meeting types")
    params = {"company_id": caller.company_id, "user_id": user_id or caller.user_id}
    return await fetch_all(connection, MeetingType, _LIST, params)


async def get_type(connection: Connection, company_id: UUID, meeting_type_id: UUID) -> MeetingType:
    """Raises ``NotFound`` alike for an unknown id, a deleted one and another company's."""
    found = await fetch(connection, MeetingType, _GET, {"company_id": company_id, "id": meeting_type_id})
    if found is None:
        raise unknown(meeting_type_id)
    return found


def require_may_edit(caller: Caller, meeting_type: MeetingType) -> None:
    """Its owner and the admins of the company."""
    if not caller.is_admin and caller.user_id != meeting_type.user_id:
        raise Forbidden("only the owner of this meeting type or an admin of the company may do this")


def unknown(meeting_type_id: UUID) -> NotFound:
    return NotFound(f"meeting type {meeting_type_id} not found")


_LIST = f"""
    SELECT ({MEETING_TYPE_JSON})::text FROM meeting_types t
    WHERE t.company_id = %(company_id)s AND t.user_id = %(user_id)s AND t.deleted_at IS NULL
    ORDER BY t.created_at, t.id
"""

_GET = f"""
    SELECT ({MEETING_TYPE_JSON})::text FROM meeting_types t
    WHERE t.company_id = %(company_id)s AND t.id = %(id)s AND t.deleted_at IS NULL
"""
