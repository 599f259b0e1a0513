"""Who takes an appointment over: the user who is named, or whose turn it is in a queue."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.offer import Offer
from slotkeeper.appointments.round_robin.choose import Turn, choose, turn_of
from slotkeeper.appointments.situation import HostTimes, booking_rules
from slotkeeper.appointments.verdict import Verdict, judge
from slotkeeper.db.pool import Connection, fetch
from slotkeeper.errors import Malformed, NotFound
from slotkeeper.records.appointment import Appointment
from slotkeeper.records.people import Host

_BOOKED_LONG_AGO = frozenset({"notice"})
"""Notice and booking window were kept when it was booked."""


class HandOff(msgspec.Struct, frozen=True, kw_only=True):
    """``from_id`` is the host who gives it away; unless told, the main host, or to a queue all who share its turn.

    To a user, to whose turn it is in a queue, or to one of its groups.
    """

    appointment_id: UUID
    to_id: UUID | None = None
    queue_id: UUID | None = None
    group_id: UUID | None = None
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


class Taking(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets it, the leading host first; ``turn`` where they take one."""

    people: tuple[Host, ...]
    hosts: tuple[HostTimes, ...]
    verdict: Verdict
    turn: Turn | None = None


async def wish_of(connection: Connection, before: Appointment, request: HandOff) -> NewHost:
    """Raises ``NotFound`` for an unknown queue or group."""
    params = {"company_id": before.company_id, "id": before.id, **_targets(request)}
    queue_id = await fetch(connection, UUID, _QUEUE, params)
    if queue_id is None and request.group_id is not None:
        raise NotFound(f"queue user group {request.group_id} not found")
    if queue_id is None and request.queue_id is not None:
        raise NotFound(f"queue {request.queue_id} not found")
    return NewHost(
        meeting_type_id=before.meeting_type_id,
        start=before.start,
        host_ids=(request.to_id,) if request.to_id else (),
        queue_id=queue_id,
        channel=before.meeting_info.channel,
    )


def _targets(request: HandOff) -> dict[str, UUID | None]:
    return {"to_id": request.to_id, "queue_id": request.queue_id, "group_id": request.group_id}


def taking_of(offer: Offer, before: Appointment, request: HandOff, now: datetime) -> Taking:
    """Pure. Who holds the appointment already cannot take it; who leads in the queue is not asked."""
    line = offer.line
    if line is None:
        verdict = _verdict(offer, offer.hosts, before, request, now)
        return Taking(people=offer.people, hosts=offer.hosts, verdict=verdict)
    held = {host.id for host in before.hosts}
    verdicts = {
        host.availability.host_id: _verdict(offer, (host,), before, request, now)
        for host in offer.hosts
        if host.availability.host_id not in held
    }
    free = {host_id for host_id, verdict in verdicts.items() if not verdict.refused}
    named = request.to_id or request.group_id
    if request.to_id and request.to_id not in {taker.id for taker in line.takers}:
        raise Malformed.field("userId", "must name a member of the queue")
    turn = turn_of(line, named, free, "reassigned") if named else choose(line, free, int(before.start.timestamp()))
    if turn is None:
        return _nobody(offer, verdicts)
    people, hosts = offer.of(turn.host_ids)
    verdict = _verdict(offer, hosts, before, request, now)
    return Taking(people=people, hosts=hosts, verdict=verdict, turn=replace(turn, reason="reassigned"))


def _nobody(offer: Offer, verdicts: Mapping[UUID, Verdict]) -> Taking:
    missing = next((host_id for host_id, verdict in verdicts.items() if verdict.refused), None)
    if missing is None:
        raise Malformed.field("queueId", "nobody else is in this queue or group")
    people, hosts = offer.of([missing])
    return Taking(people=people, hosts=hosts, verdict=verdicts[missing])


def _verdict(
    offer: Offer, hosts: tuple[HostTimes, ...], before: Appointment, request: HandOff, now: datetime
) -> Verdict:
    seconds = int(before.duration.total_seconds())
    rules = booking_rules(offer.meeting_type, before.meeting_info, seconds, hosts, now)
    availability = [host.availability for host in hosts]
    verdict = judge(before.start, rules, availability, now, request.overrides | _BOOKED_LONG_AGO)
    told = tuple(r for r in verdict.overridden if r.rule not in ("too-short-notice", "too-far-ahead"))
    return replace(verdict, overridden=told)


_QUEUE = """
    SELECT to_json(q.id)::text FROM queues q
    WHERE q.company_id = %(company_id)s AND q.deleted_at IS NULL
        AND (%(queue_id)s::uuid IS NULL OR q.id = %(queue_id)s)
        AND q.id = CASE WHEN %(group_id)s::uuid IS NOT NULL THEN (
            SELECT g.queue_id FROM queue_user_groups g
            WHERE g.company_id = q.company_id AND g.id = %(group_id)s AND g.deleted_at IS NULL
        ) WHEN %(queue_id)s::uuid IS NOT NULL THEN %(queue_id)s ELSE (
            SELECT a.queue_id FROM appointments a
            JOIN queue_members m ON m.company_id = a.company_id AND m.queue_id = a.queue_id AND m.user_id = %(to_id)s
            WHERE a.company_id = q.company_id AND a.id = %(id)s
        ) END
"""
"""The queue in which a turn is taken: the asked one, the group's, or the appointment's if who gets it is a member."""
