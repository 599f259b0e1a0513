"""Lock who could hold an appointment, for an attempt that locks before it reads (docs/decisions/0010, 0061)."""

from datetime import datetime
from uuid import UUID

from slotkeeper.appointments.expired_holds import forget_expired_holds
from slotkeeper.appointments.offer import ASKED_QUEUE, CANDIDATE_IDS, Wish
from slotkeeper.db.pool import Connection, execute


async def lock_candidates(connection: Connection, company_id: UUID, wish: Wish, now: datetime) -> None:
    """The queue that is asked, then all its hosts, or those who are named, by id. Expired holds are forgotten."""
    params = {
        "company_id": company_id,
        "id": wish.meeting_type_id,
        "host_ids": list(wish.host_ids),
        "queue_id": wish.queue_id,
    }
    await execute(connection, _LOCK_QUEUE, params)
    await execute(connection, _LOCK_HOSTS, params)
    await forget_expired_holds(connection, company_id, now)


_ASKED = f"FROM meeting_types t {ASKED_QUEUE} WHERE t.company_id = %(company_id)s AND t.id = %(id)s"

_LOCK_QUEUE = f"""
    SELECT FROM queues WHERE company_id = %(company_id)s AND id = (SELECT q.id {_ASKED})
    FOR UPDATE
"""

_LOCK_HOSTS = f"""
    SELECT FROM host_calendars
    WHERE company_id = %(company_id)s AND host_id = ANY ((SELECT {CANDIDATE_IDS} {_ASKED})::uuid[])
    ORDER BY host_id
    FOR UPDATE
"""
