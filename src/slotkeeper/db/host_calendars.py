"""The version of a host's calendar: it grows with whatever changes when the host is free (docs/decisions/0010, 0041).

Growing it also locks the calendar until the transaction ends: who decides on it meanwhile waits, and decides anew.
"""

from uuid import UUID

from slotkeeper.db.pool import Connection, execute


async def bump_calendar(connection: Connection, company_id: UUID, host_id: UUID) -> bool:
    """False for somebody who has no calendar: no user of this company, or one who was deleted."""
    cursor = await execute(connection, _BUMP, {"company_id": company_id, "host_id": host_id})
    return cursor.rowcount == 1


async def bump_all_calendars(connection: Connection, company_id: UUID) -> None:
    """Every host's of the company, locked in id order as everywhere."""
    await execute(connection, _BUMP_ALL, {"company_id": company_id})


_BUMP = """
    UPDATE host_calendars SET version = version + 1 WHERE company_id = %(company_id)s AND host_id = %(host_id)s
"""

_BUMP_ALL = """
    WITH locked AS (
        SELECT host_id FROM host_calendars WHERE company_id = %(company_id)s ORDER BY host_id FOR UPDATE
    )
    UPDATE host_calendars k SET version = k.version + 1
    FROM locked WHERE k.company_id = %(company_id)s AND k.host_id = locked.host_id
"""
