"""Which appointments a move of many means, and where each is to go."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec

from slotkeeper.appointments.moving import read_moving
from slotkeeper.appointments.reschedule import Reschedule
from slotkeeper.availability.slots import nearest_free
from slotkeeper.db.pool import Connection, fetch_all
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Notify

MOST = 200
"""Appointments in one request."""
_NEAREST_REACH = timedelta(days=32)


class Shift(msgspec.Struct, frozen=True, kw_only=True):
    """``days`` are counted on the main host's calendar, so that ten o'clock stays ten o'clock; then ``by``."""

    days: int = 0
    by: timedelta = timedelta(0)


class BulkMove(msgspec.Struct, frozen=True, kw_only=True):
    """Either ``appointment_ids``, or a host's ``day`` in the host's zone, or a ``series_id`` from now on.

    With ``nearest`` each goes to the free time nearest to where the shift would put it, none before ``not_before``.
    """

    appointment_ids: tuple[UUID, ...] = ()
    host_id: UUID | None = None
    day: date | None = None
    series_id: UUID | None = None
    shift: Shift = Shift()
    nearest: bool = False
    not_before: datetime | None = None
    mode: Literal["allOrNothing", "bestEffort"] = "allOrNothing"
    overrides: frozenset[str] = frozenset()
    reason: str | None = None
    notify: Notify = "all"


class Present(msgspec.Struct, frozen=True, kw_only=True):
    id: UUID
    start: datetime
    timezone: str


async def meant_by(connection: Connection, caller: Caller, bulk: BulkMove, now: datetime) -> list[Present]:
    """The appointments, in their order. Raises ``NotFound`` naming the first that is unknown, ``Malformed``."""
    day = await _day(connection, caller, bulk) if bulk.day and bulk.host_id else (None, None)
    params = {
        "company_id": caller.company_id,
        "ids": list(bulk.appointment_ids),
        "host_id": bulk.host_id,
        "series_id": bulk.series_id,
        "from_at": day[0],
        "to_at": day[1],
        "now": now,
    }
    found = await fetch_all(connection, Present, _MEANT, params)
    if missing := set(bulk.appointment_ids) - {present.id for present in found}:
        raise NotFound(f"appointment {min(missing)} not found")
    if len(found) > MOST:
        raise Malformed.field("appointmentIds", f"these are {len(found)} appointments; at most {MOST} move at once")
    return found


def shifted(present: Present, bulk: BulkMove) -> Reschedule:
    """Pure."""
    return move_to(present.id, _target(present, bulk.shift), bulk)


def move_to(appointment_id: UUID, start: datetime, bulk: BulkMove) -> Reschedule:
    """Pure."""
    return Reschedule(
        appointment_id=appointment_id,
        start=start,
        overrides=bulk.overrides,
        reason=bulk.reason,
        notify=bulk.notify,
        through="bulk",
    )


async def to_nearest_free(
    connection: Connection, caller: Caller, move: Reschedule, bulk: BulkMove, now: datetime, ignored: Sequence[UUID]
) -> Reschedule:
    """The same move to the nearest free time; unchanged where there is none, so that it is refused with the reason."""
    target = max(move.start, bulk.not_before or move.start)
    moving = await read_moving(
        connection, caller.company_id, move.appointment_id, target, now, reach=_NEAREST_REACH, ignored=ignored
    )
    free = nearest_free(
        int(target.timestamp()),
        moving.rules(now),
        moving.availability,
        int(now.timestamp()),
        count=1,
        within=int(_NEAREST_REACH.total_seconds()),
        not_before=int((bulk.not_before or now).timestamp()),
    )
    start = datetime.fromtimestamp(free[0], UTC) if free else target
    return msgspec.structs.replace(move, start=start)


def _target(present: Present, shift: Shift) -> datetime:
    local = present.start.astimezone(ZoneInfo(present.timezone)).replace(tzinfo=None) + timedelta(days=shift.days)
    on_the_day = local.replace(tzinfo=ZoneInfo(present.timezone)).astimezone(UTC) if shift.days else present.start
    return on_the_day + shift.by


async def _day(connection: Connection, caller: Caller, bulk: BulkMove) -> tuple[datetime, datetime]:
    params = {"company_id": caller.company_id, "id": bulk.host_id}
    zones = await fetch_all(connection, str, _ZONE, params)
    if not zones or bulk.day is None:
        raise Malformed.field("hostId", "must name a user of this company")
    zone = ZoneInfo(zones[0])
    return (
        datetime.combine(bulk.day, time(), zone),
        datetime.combine(bulk.day + timedelta(days=1), time(), zone),
    )


_ZONE = "SELECT to_json(timezone)::text FROM users WHERE company_id = %(company_id)s AND id = %(id)s"

_MEANT = """
    SELECT json_build_object('id', a.id, 'start', a.start_at, 'timezone', u.timezone)::text
    FROM appointments a
    JOIN users u ON u.company_id = a.company_id AND u.id = a.host_ids[1]
    WHERE a.company_id = %(company_id)s AND a.deleted_at IS NULL AND (
        a.id = ANY (%(ids)s::uuid[])
        OR (a.status <> 'cancelled' AND a.host_ids @> ARRAY[%(host_id)s::uuid]
            AND a.start_at >= %(from_at)s::timestamptz AND a.start_at < %(to_at)s::timestamptz)
        OR (a.status <> 'cancelled' AND a.series_id = %(series_id)s::uuid AND a.start_at > %(now)s)
    )
    ORDER BY a.start_at, a.id
"""
