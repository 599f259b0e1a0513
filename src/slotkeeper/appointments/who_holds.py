"""Which of the candidates hold a booking: all of them, or whose turn it is. Pure."""

from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.appointments.offer import Offer, rules_of
from slotkeeper.appointments.round_robin.choose import Turn, choose, ranking, turn_of
from slotkeeper.appointments.round_robin.line import Line
from slotkeeper.appointments.situation import HostTimes
from slotkeeper.appointments.verdict import Verdict, judge
from slotkeeper.errors import Malformed
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Host


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds it, the main host first, and what stands in the way; ``turn`` where a queue decided."""

    people: tuple[Host, ...]
    hosts: tuple[HostTimes, ...]
    verdict: Verdict
    turn: Turn | None = None


def who_holds(
    offer: Offer, info: MeetingInfo, start: datetime, overrides: frozenset[str], now: datetime, *, chosen: bool
) -> Holding:
    """``chosen``: the attendee named the host. Raises ``Malformed`` (hostIds, queueId)."""
    if offer.line is None:
        verdict = _judge(offer, info, offer.hosts, start, overrides, now)
        return Holding(people=offer.people, hosts=offer.hosts, verdict=verdict)
    return _by_turn(offer, offer.line, info, start, overrides, now, chosen=chosen)


def _by_turn(
    offer: Offer,
    line: Line,
    info: MeetingInfo,
    start: datetime,
    overrides: frozenset[str],
    now: datetime,
    *,
    chosen: bool,
) -> Holding:
    verdicts = {host.availability.host_id: _judge(offer, info, (host,), start, overrides, now) for host in offer.hosts}
    free = {host_id for host_id, verdict in verdicts.items() if not verdict.refused}
    at = int(start.timestamp())
    turn = turn_of(line, offer.people[0].id, free, "chosenByAttendee") if chosen else choose(line, free, at)
    if turn is None:
        return _nobody(offer, line, verdicts, at, chosen=chosen)
    people, hosts = offer.of(turn.host_ids)
    return Holding(people=people, hosts=hosts, verdict=_judge(offer, info, hosts, start, overrides, now), turn=turn)


def _nobody(offer: Offer, line: Line, verdicts: dict[UUID, Verdict], at: int, *, chosen: bool) -> Holding:
    """The reasons are those of whose turn it would have been."""
    able = {host.id for taker in line.takers for host in taker.hosts}
    if chosen and offer.people[0].id not in able:
        raise Malformed.field("hostIds", "must name members of the queue")
    first = next((host.id for taker in ranking(line, at) for host in taker.hosts if host.id in verdicts), None)
    if first is None:
        raise Malformed.field("queueId", "nobody is in this queue")
    people, hosts = offer.of([first])
    return Holding(people=people, hosts=hosts, verdict=verdicts[first])


def _judge(
    offer: Offer,
    info: MeetingInfo,
    hosts: tuple[HostTimes, ...],
    start: datetime,
    overrides: frozenset[str],
    now: datetime,
) -> Verdict:
    availability = [host.availability for host in hosts]
    return judge(start, rules_of(offer, info, hosts, now), availability, now, overrides)
