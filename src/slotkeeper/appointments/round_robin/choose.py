"""Who takes the turn, and why."""

from collections.abc import Sequence, Set
from uuid import UUID

import msgspec

from slotkeeper.appointments.round_robin.line import Line, Taker, TurnHost
from slotkeeper.records.queue import SelectionReason


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """``host_ids[0]`` leads the appointment; ``custom_link`` is their own meeting link in this queue, if any."""

    taker_id: UUID
    group_id: UUID | None = None
    host_ids: tuple[UUID, ...]
    reason: SelectionReason
    custom_link: str | None = None


def choose(line: Line, free_hosts: Set[UUID], start: int) -> Turn | None:
    """The first in the ranking who can take ``start`` (Unix seconds), ``free_hosts`` being free then; None: nobody can.

    Equal distribution may not have offered the start (``offer.leads_too_far``): that is the caller's to ask.
    """
    able = [taker for taker in ranking(line, start) if seated(taker, free_hosts)]
    return _turn(able[0], free_hosts, _reason(line, able)) if able else None


def turn_of(line: Line, taker_id: UUID, free_hosts: Set[UUID], reason: SelectionReason) -> Turn | None:
    """The turn of the member or group that somebody names: the attendee, or who hands off. None: not in the line, or
    not free."""
    return next((_turn(t, free_hosts, reason) for t in line.takers if t.id == taker_id and seated(t, free_hosts)), None)


def ranking(line: Line, start: int) -> list[Taker]:
    """Everybody in the order in which the turn for ``start`` would fall to them; ties stay in the line's order."""
    by_rotation = sorted(line.takers, key=_place)
    if line.type == "advancedRoundRobin":
        return sorted(by_rotation, key=lambda taker: -taker.priority)
    if line.type == "equalDistribution":
        loads = line.loads(line.period_of(start))
        return sorted(by_rotation, key=lambda taker: loads[taker.id])
    return by_rotation


def seated(taker: Taker, free_hosts: Set[UUID]) -> tuple[TurnHost, ...]:
    """Who would hold the appointment, the leading one first; empty if the taker cannot take it.

    Of a group: its main host, then those who took part least recently; a small group fills what seats it can.
    """
    main = [host for host in taker.hosts if host.id == taker.main_host_id]
    others = sorted((host for host in taker.hosts if host not in main), key=lambda host: host.last_turn)
    seats = min(taker.seats, len(taker.hosts))
    present = [host for host in (*main, *others) if host.id in free_hosts]
    complete = len(present) >= seats and present[: len(main)] == main
    return tuple(present[:seats]) if complete else ()


def _place(taker: Taker) -> tuple[int, int]:
    """Where its foremost place stands; of places that never had a turn, first those of who waits longest altogether."""
    return taker.place_turn, taker.last_turn


def _reason(line: Line, able: Sequence[Taker]) -> SelectionReason:
    if len(able) == 1:
        return "onlyAvailable"
    if line.type == "equalDistribution":
        return "fewestBookings"
    if line.type == "advancedRoundRobin" and able[0].priority > able[-1].priority:
        return "priority"
    return "rotation"


def _turn(taker: Taker, free_hosts: Set[UUID], reason: SelectionReason) -> Turn:
    hosts = seated(taker, free_hosts)
    return Turn(
        taker_id=taker.id,
        group_id=taker.id if taker.is_group else None,
        host_ids=tuple(host.id for host in hosts),
        reason=reason,
        custom_link=hosts[0].custom_link,
    )
