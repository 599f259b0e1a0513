"""Expired holds are deleted by whoever locks hosts before reading, and from time to time."""

from datetime import datetime
from uuid import UUID

from slotkeeper.db.pool import Connection, execute


async def forget_expired_holds(connection: Connection, company_id: UUID, now: datetime) -> None:
    """The rules look past an expired hold by themselves; the database's own guard against overlaps cannot."""
    await execute(connection, _FORGET, {"company_id": company_id, "now": now})


_FORGET = "DELETE FROM blocked_times WHERE company_id = %(company_id)s AND expires_at <= %(now)s"
