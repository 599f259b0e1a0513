"""Hand an appointment to another host: the time stays, the old host is free again, everyone is told."""

from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.offer import Offer, Wish, read_offer
from slotkeeper.appointments.policy import actor_of, require_changeable, require_may_change, require_may_override
from slotkeeper.appointments.recording import (
    HOSTS_UNCHANGED,
    INSERT_JOB,
    WRITE_HISTORY,
    next_version,
    recording_params,
)
from slotkeeper.appointments.situation import booking_rules, calendar_versions
from slotkeeper.appointments.stored import Stored, get_stored
from slotkeeper.appointments.turns import GIVE_TURN_BACK
from slotkeeper.appointments.verdict import Verdict, judge, not_free
from slotkeeper.db.attempts import Stale
from slotkeeper.db.pool import Connection, execute
from slotkeeper.errors import Malformed
from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.caller import Caller
from slotkeeper.records.change import Change
from slotkeeper.records.people import Host

_BOOKED_LONG_AGO = frozenset({"notice"})
"""Notice and booking window were kept when it was booked."""


class HandOff(msgspec.Struct, frozen=True, kw_only=True):
    """``from_id`` is the host who gives it away; the main host unless told."""

    appointment_id: UUID
    to_id: UUID
    from_id: UUID | None = None
    overrides: frozenset[str] = frozenset()
    reason: str | None = None


class NewHost(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to ask whether they are free."""

    meeting_type_id: UUID
    start: datetime
    host_ids: tuple[UUID, ...]
    queue_id: UUID | None = None
    channel: str | None = None


async def hand_off(connection: Connection, caller: Caller, request: HandOff, now: datetime) -> Stored:
    """Raises ``NotFound``, ``Forbidden``, ``Conflict``, ``Malformed`` (userId), ``NotFree``; ``Stale``: try again."""
    stored = await get_stored(connection, caller.company_id, request.appointment_id)
    before = stored.appointment
    host_ids = [host.id for host in before.hosts]
    require_may_change(caller, host_ids)
    require_may_override(caller, host_ids, request.overrides)
    require_changeable(before, now)
    giving = request.from_id or before.main_host.id
    if giving not in host_ids:
        raise Malformed.field("fromUserId", "must name a host of this appointment")
    if request.to_id in host_ids:
        raise Malformed.field("userId", "is a host of this appointment already")
    offer = await _ask(connection, before, request.to_id, now)
    verdict = _verdict(offer, before, request, now)
    if verdict.refused:
        raise not_free(verdict.refused, ())
    after = replace(next_version(before, now), hosts=_hosts_after(before, giving, offer.people[0]))
    change = _change(before, after, caller, request, verdict)
    handed = replace(stored, appointment=after, ics=build_ics(after))
    params = {
        **recording_params(caller.company_id, change),
        **calendar_versions(offer.hosts),
        "version": before.version,
        "ics": handed.ics,
        "now": now,
        "new_host_ids": [host.id for host in after.hosts],
        "giving": giving,
        "taking": request.to_id,
        "exclusive": not verdict.overlaps,
    }
    if await (await execute(connection, _WRITE, params)).fetchone() is None:
        raise Stale
    return handed


async def _ask(connection: Connection, appointment: Appointment, host_id: UUID, now: datetime) -> Offer:
    wish: Wish = NewHost(
        meeting_type_id=appointment.meeting_type_id,
        start=appointment.start,
        host_ids=(host_id,),
        channel=appointment.meeting_info.channel,
    )
    return await read_offer(connection, appointment.company_id, wish, now, host_field="userId", deleted_type=True)


def _verdict(offer: Offer, before: Appointment, request: HandOff, now: datetime) -> Verdict:
    seconds = int(before.duration.total_seconds())
    rules = booking_rules(offer.meeting_type, before.meeting_info, seconds, offer.hosts, now)
    availability = [host.availability for host in offer.hosts]
    verdict = judge(before.start, rules, availability, now, request.overrides | _BOOKED_LONG_AGO)
    told = tuple(r for r in verdict.overridden if r.rule not in ("too-short-notice", "too-far-ahead"))
    return replace(verdict, overridden=told)


def _hosts_after(before: Appointment, giving: UUID, taking: Host) -> tuple[Host, ...]:
    return tuple(taking if host.id == giving else host for host in before.hosts)


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
    WITH unchanged AS ({HOSTS_UNCHANGED}), changed AS (
        UPDATE appointments SET
            host_ids = %(new_host_ids)s, sequence = %(sequence)s, version = version + 1, ics = %(ics)s,
            stamped_at = %(at)s, updated_at = %(now)s
        WHERE company_id = %(company_id)s AND id = %(id)s AND version = %(version)s
            AND (SELECT count(*) FROM unchanged) = cardinality(%(host_ids)s::uuid[])
        RETURNING company_id, id
    ), handed AS (
        UPDATE blocked_times b SET host_id = %(taking)s, exclusive = %(exclusive)s
        FROM changed
        WHERE b.company_id = changed.company_id AND b.source_id = changed.id AND b.host_id = %(giving)s
    ), given_back AS ({GIVE_TURN_BACK}), bumped AS (
        UPDATE host_calendars k SET version = k.version + 1
        FROM changed WHERE k.company_id = changed.company_id AND k.host_id IN (%(giving)s, %(taking)s)
    ), history AS ({WRITE_HISTORY})
    {INSERT_JOB}
"""
