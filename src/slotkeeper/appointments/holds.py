"""Hold a time for some minutes: a booking or a move can take it, and everyone else finds it taken."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

import msgspec

from slotkeeper.appointments.find_holders import find_holders
from slotkeeper.appointments.lock_candidates import lock_candidates
from slotkeeper.appointments.offer import Offer, read_offer
from slotkeeper.appointments.offered_type import asked_info
from slotkeeper.appointments.recording import HOSTS_UNCHANGED
from slotkeeper.appointments.situation import calendar_versions
from slotkeeper.appointments.verdict import not_free
from slotkeeper.appointments.who_holds import Wanted
from slotkeeper.availability.intervals import Interval
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import NotFound


class HoldRequest(msgspec.Struct, frozen=True, kw_only=True):
    """``duration`` is minutes; ``lasting`` is how long to hold. Of a queue, whose turn it is now is held."""

    meeting_type_id: UUID
    start: datetime
    lasting: timedelta
    host_ids: tuple[UUID, ...] = ()
    queue_id: UUID | None = None
    duration: int | None = None
    channel: str | None = None


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    start: datetime
    end: datetime
    host_ids: tuple[UUID, ...]
    expires_at: datetime


async def hold(
    connection: Connection, company_id: UUID, request: HoldRequest, now: datetime, *, locked: bool = False
) -> Hold:
    """The same checks as a booking's. Raises what ``book`` raises."""
    if locked:
        await lock_candidates(connection, company_id, request, now)

    async def read(within: Interval | None) -> Offer:
        return await read_offer(connection, company_id, request, now, within=within)

    offer = await read(None)
    info = asked_info(offer.offered, request.duration, request.channel)
    wanted = Wanted(info=info, start=request.start, chosen=bool(request.host_ids))
    offer, holding = await find_holders(read, offer, wanted, now)
    if holding.verdict.refused:
        raise not_free(holding.verdict.refused, ())
    held = Hold(
        id=uuid4(),
        start=request.start,
        end=request.start + timedelta(minutes=info.duration),
        host_ids=tuple(host.id for host in holding.people),
        expires_at=now + request.lasting,
    )
    params = {
        **msgspec.structs.asdict(held),
        **calendar_versions(holding.hosts),
        "company_id": company_id,
        "meeting_type_id": request.meeting_type_id,
        "buffer_before": info.buffer_before,
        "buffer_after": info.buffer_after,
    }
    if await (await execute(connection, _WRITE, params)).fetchone() is None:
        raise Stale
    return held


async def release(connection: Connection, company_id: UUID, hold_id: UUID) -> None:
    """Raises ``NotFound`` for one that is unknown, used or expired and forgotten."""
    released = await execute(connection, RELEASE_HOLD, {"company_id": company_id, "hold_id": hold_id})
    if await released.fetchone() is None:
        raise NotFound(f"hold {hold_id} not found")


RELEASE_HOLD = """
    DELETE FROM blocked_times
    WHERE company_id = %(company_id)s AND source_id = %(hold_id)s::uuid AND source = 'hold'
    RETURNING source_id
"""

_WRITE = f"""
    WITH unchanged AS ({HOSTS_UNCHANGED}), held AS (
        INSERT INTO blocked_times (
            company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, buffer_before, buffer_after,
            expires_at
        )
        SELECT %(company_id)s, host_id, 'hold', %(id)s, %(meeting_type_id)s, %(start)s, %(end)s, %(buffer_before)s,
            %(buffer_after)s, %(expires_at)s
        FROM unnest(%(host_ids)s::uuid[]) AS host_id
        WHERE (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[])
        RETURNING host_id
    )
    UPDATE host_calendars k SET version = k.version + 1
    FROM held WHERE k.company_id = %(company_id)s AND k.host_id = held.host_id
    RETURNING k.host_id
"""
