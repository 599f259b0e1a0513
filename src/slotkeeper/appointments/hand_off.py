"""Hand an appointment to another host, or to whose turn it is in a queue: the time stays, everyone is told.

The old turn is given back, and who gets the appointment from a queue takes a new one (docs/decisions/0060).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from msgspec.structs import replace

from slotkeeper.appointments.lock_candidates import lock_candidates
from slotkeeper.appointments.offer import read_offer
from slotkeeper.appointments.policy import actor_of, require_changeable, require_may_change, require_may_override
from slotkeeper.appointments.recording import (
    INSERT_JOB,
    WRITE_HISTORY,
    next_version,
    recording_params,
)
from slotkeeper.appointments.situation import calendar_versions
from slotkeeper.appointments.stored import Stored, get_stored
from slotkeeper.appointments.turns import (
    BUMP_QUEUE,
    GIVE_TURN_BACK,
    HOSTS_UNCHANGED_AFTER_QUEUE,
    QUEUE_UNCHANGED,
    TAKE_TURN,
    turn_params,
)
from slotkeeper.appointments.verdict import Verdict, not_free
from slotkeeper.appointments.who_takes_over import HandOff, taking_of, wish_of
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Malformed
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Change
from slotkeeper.records.people import Host


async def hand_off(
    connection: Connection, caller: Caller, request: HandOff, now: datetime, *, locked: bool = False
) -> Stored:
    """Raises ``NotFound``, ``Forbidden``, ``Conflict``, ``Malformed``, ``NotFree``; ``Stale``: try again."""
    stored = await get_stored(connection, caller.company_id, request.appointment_id)
    before = stored.appointment
    host_ids = [host.id for host in before.hosts]
    require_may_change(caller, host_ids)
    require_may_override(caller, host_ids, request.overrides)
    require_changeable(before, now)
    giving = _giving(stored, request)
    if request.to_id in host_ids:
        raise Malformed.field("userId", "is a host of this appointment already")
    wish = await wish_of(connection, before, request)
    if locked:
        await lock_candidates(connection, caller.company_id, wish, now)
    offer = await read_offer(connection, caller.company_id, wish, now, host_field="userId", deleted_type=True)
    taking = taking_of(offer, before, request, now)
    if taking.verdict.refused:
        raise not_free(taking.verdict.refused, ())
    after = replace(next_version(before, now), hosts=_hosts_after(before, giving, taking.people))
    if taking.turn and taking.turn.custom_link:
        after = replace(after, meeting_link=taking.turn.custom_link)
    change = _change(before, after, caller, request, taking.verdict)
    handed = replace(stored, appointment=after, ics=build_ics(after))
    params = {
        **recording_params(caller.company_id, change),
        **calendar_versions(taking.hosts),
        **turn_params(offer.line, taking.turn),
        "version": before.version,
        "ics": handed.ics,
        "now": now,
        "meeting_link": after.meeting_link,
        "new_host_ids": [host.id for host in after.hosts],
        "giving": giving,
        "exclusive": not taking.verdict.overlaps,
    }
    if await (await execute(connection, _WRITE, params)).fetchone() is None:
        raise Stale
    return handed


def _giving(stored: Stored, request: HandOff) -> list[UUID]:
    """Who leaves: they share the turn if a queue's group holds the appointment and a queue takes it back."""
    before = stored.appointment
    host_ids = [host.id for host in before.hosts]
    if request.from_id is not None:
        if request.from_id not in host_ids:
            raise Malformed.field("fromUserId", "must name a host of this appointment")
        return [request.from_id]
    sharing = {entry.user_id for entry in stored.round_robin_entries if entry.group_id is not None}
    if request.to_id is None and before.main_host.id in sharing:
        return [host_id for host_id in host_ids if host_id in sharing]
    return [before.main_host.id]


def _hosts_after(before: Appointment, giving: Sequence[UUID], taking: tuple[Host, ...]) -> tuple[Host, ...]:
    """Who takes it stands where the first of those stood who give it."""
    at = next(position for position, host in enumerate(before.hosts) if host.id in giving)
    staying = [host for host in before.hosts if host.id not in giving]
    return (*staying[:at], *taking, *staying[at:])


def _change(before: Appointment, after: Appointment, caller: Caller, request: HandOff, verdict: Verdict) -> Change:
    return Change(
        appointment_id=after.id,
        sequence=after.sequence,
        kind="handed_off",
        at=after.stamped_at,
        actor=actor_of(caller, [host.id for host in before.hosts]),
        through="api",
        start=after.start,
        end=after.end,
        reason=request.reason,
        overridden=verdict.overridden_rules,
        previous_host_ids=tuple(host.id for host in before.hosts),
    )


_WRITE = f"""
    WITH queue_unchanged AS ({QUEUE_UNCHANGED}), unchanged AS ({HOSTS_UNCHANGED_AFTER_QUEUE}), changed AS (
        UPDATE appointments SET
            host_ids = %(new_host_ids)s, sequence = %(sequence)s, version = version + 1, ics = %(ics)s,
            stamped_at = %(at)s, updated_at = %(now)s, meeting_link = %(meeting_link)s,
            queue_id = coalesce(%(queue_id)s::uuid, queue_id)
        WHERE company_id = %(company_id)s AND id = %(id)s AND version = %(version)s
            AND (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[])
        RETURNING company_id, id
    ), freed AS (
        DELETE FROM blocked_times b USING changed
        WHERE b.company_id = changed.company_id AND b.source_id = changed.id AND b.host_id = ANY (%(giving)s::uuid[])
        RETURNING b.*
    ), taken AS (
        INSERT INTO blocked_times (
            company_id, host_id, source, source_id, meeting_type_id, start_at, end_at, buffer_before, buffer_after,
            exclusive, expires_at
        )
        SELECT f.company_id, h.id, f.source, f.source_id, f.meeting_type_id, f.start_at, f.end_at, f.buffer_before,
            f.buffer_after, %(exclusive)s, f.expires_at
        FROM (SELECT * FROM freed LIMIT 1) f, unnest(%(host_ids)s::uuid[]) AS h (id)
    ), given_back AS ({GIVE_TURN_BACK}), turn AS ({TAKE_TURN}), next_turn AS ({BUMP_QUEUE}), bumped AS (
        UPDATE host_calendars k SET version = k.version + 1
        FROM changed WHERE k.company_id = changed.company_id
            AND k.host_id = ANY (%(giving)s::uuid[] || %(host_ids)s::uuid[])
    ), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
