"""Which of the candidates hold a booking: all of them, or whose turn it is. Pure."""

from datetime import datetime
from uuid import UUID

import msgspec

from slotkeeper.appointments.offer import Offer, rules_of
from slotkeeper.appointments.round_robin.choose import Turn, choose, ranking, turn_of
from slotkeeper.appointments.round_robin.line import Line
from slotkeeper.appointments.round_robin.offer import leads_too_far
from slotkeeper.appointments.situation import HostTimes
from slotkeeper.appointments.slots_of_queue import starts_of_queue
from slotkeeper.appointments.verdict import Verdict, judge
from slotkeeper.errors import Malformed
from slotkeeper.records.meeting_info import MeetingInfo
from slotkeeper.records.people import Host


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """``chosen``: the attendee named the host. ``held``: the time has been held for this booking."""

    info: MeetingInfo
    start: datetime
    overrides: frozenset[str] = frozenset()
    chosen: bool = False
    held: bool = False

    @property
    def at(self) -> int:
        return int(self.start.timestamp())

    @property
    def asks_who_leads(self) -> bool:
        """Whoever names a host, holds the time or overrides what forbids it takes more than a slot of the list."""
        return not (self.chosen or self.held or self.overrides)


class Holding(msgspec.Struct, frozen=True, kw_only=True):
    """Who holds it, the main host first, and what stands in the way; ``turn`` where a queue decided."""

    people: tuple[Host, ...]
    hosts: tuple[HostTimes, ...]
    verdict: Verdict
    turn: Turn | None = None


def who_holds(offer: Offer, wanted: Wanted, now: datetime) -> Holding:
    """The start counts as offered to whose turn it is. Raises ``Malformed`` (hostIds, queueId)."""
    if offer.line is None:
        verdict = _judge(offer, offer.hosts, wanted, now)
        return Holding(people=offer.people, hosts=offer.hosts, verdict=verdict)
    verdicts = _verdicts(offer, wanted, now)
    turn = _turn(offer, offer.line, wanted, verdicts)
    if turn is None:
        return _nobody(offer, offer.line, wanted, verdicts)
    people, hosts = offer.of(turn.host_ids)
    return Holding(people=people, hosts=hosts, verdict=_judge(offer, hosts, wanted, now), turn=turn)


def may_not_be_offered(line: Line | None, holding: Holding, wanted: Wanted) -> bool:
    """Whether the list may hide the start, because whose turn it is leads: ``who_holds_if_offered`` has to be asked."""
    turn = holding.turn
    if line is None or turn is None or not wanted.asks_who_leads:
        return False
    return leads_too_far(line, turn.taker_id, wanted.at)


def who_holds_if_offered(offer: Offer, line: Line, wanted: Wanted, now: datetime) -> Holding:
    """As ``who_holds``, and nobody if the list hides the start. ``offer`` was read over ``range_to_read``."""
    holding = who_holds(offer, wanted, now)
    if not may_not_be_offered(line, holding, wanted) or holding.turn is None:
        return holding
    listed = listed_starts(offer, line, wanted, (wanted.at, wanted.at + 1), now)
    if listed[holding.turn.taker_id]:
        return holding
    return _nobody(offer, line, wanted, _verdicts(offer, wanted, now))


def listed_starts(
    offer: Offer, line: Line, wanted: Wanted, asked: tuple[int, int], now: datetime
) -> dict[UUID, list[int]]:
    """As the list of slots has them, by taker."""
    hosts = {host.availability.host_id: host for host in offer.hosts}
    available = [host.availability for host in offer.hosts]
    return starts_of_queue(
        line,
        asked,
        offer.meeting_type,
        lambda host: rules_of(offer, wanted.info, (hosts[host.host_id],), now),
        available,
        now,
    )


def _verdicts(offer: Offer, wanted: Wanted, now: datetime) -> dict[UUID, Verdict]:
    return {host.availability.host_id: _judge(offer, (host,), wanted, now) for host in offer.hosts}


def _turn(offer: Offer, line: Line, wanted: Wanted, verdicts: dict[UUID, Verdict]) -> Turn | None:
    free = {host_id for host_id, verdict in verdicts.items() if not verdict.refused}
    if wanted.chosen:
        return turn_of(line, offer.people[0].id, free, "chosenByAttendee")
    return choose(line, free, wanted.at)


def _nobody(offer: Offer, line: Line, wanted: Wanted, verdicts: dict[UUID, Verdict]) -> Holding:
    """The reasons are those of who is missing to whose turn it would have been."""
    takers = ranking(line, wanted.at)
    if wanted.chosen:
        takers = [taker for taker in takers if taker.id == offer.people[0].id]
        if not takers:
            raise Malformed.field("hostIds", "must name members of the queue")
    hosts = (host.id for taker in takers for host in taker.hosts)
    missing = next((host_id for host_id in hosts if host_id in verdicts and verdicts[host_id].refused), None)
    if missing is None:
        raise Malformed.field("queueId", "nobody is in this queue")
    people, times = offer.of([missing])
    return Holding(people=people, hosts=times, verdict=verdicts[missing])


def _judge(offer: Offer, hosts: tuple[HostTimes, ...], wanted: Wanted, now: datetime) -> Verdict:
    availability = [host.availability for host in hosts]
    return judge(wanted.start, rules_of(offer, wanted.info, hosts, now), availability, now, wanted.overrides)
