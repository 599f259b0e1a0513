"""Who is next in a queue: its hosts in the order in which the turns would fall to them if all were free."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from uuid import UUID

import msgspec

from slotkeeper.appointments.round_robin.choose import ranking, seated
from slotkeeper.appointments.round_robin.line import Line
from slotkeeper.appointments.turns import LINE_JSON, QUEUE_HOST_IDS
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.db.users import USER_SUMMARY_JSON
from slotkeeper.errors import NotFound
from slotkeeper.records.people import UserSummary


class _Found(msgspec.Struct, frozen=True, kw_only=True):
    line: Line
    people: tuple[UserSummary, ...]


async def next_hosts(connection: Connection, company_id: UUID, queue_id: UUID, now: datetime) -> Sequence[UserSummary]:
    """Each once, where their first turn would be; equal distribution counts the period of ``now``.

    Raises ``NotFound``.
    """
    found = await fetch(connection, _Found, _READ, {"company_id": company_id, "id": queue_id, "now": now})
    if found is None:
        raise NotFound(f"queue {queue_id} not found")
    people = {user.id: user for user in found.people}
    takers = ranking(found.line, int(now.timestamp()))
    hosts = chain.from_iterable(seated(taker, people.keys()) for taker in takers)
    return [people[host_id] for host_id in dict.fromkeys(host.id for host in hosts)]


_READ = f"""
    SELECT json_build_object('line', {LINE_JSON}, 'people', (
        SELECT coalesce(json_agg({USER_SUMMARY_JSON}), '[]') FROM users u
        WHERE u.company_id = q.company_id AND u.id = ANY ({QUEUE_HOST_IDS}) AND u.deleted_at IS NULL
    ))::text
    FROM queues q
    JOIN companies c ON c.id = q.company_id
    CROSS JOIN (SELECT %(now)s::timestamptz AS from_at, %(now)s::timestamptz AS to_at) w
    WHERE q.company_id = %(company_id)s AND q.id = %(id)s AND q.deleted_at IS NULL
"""
