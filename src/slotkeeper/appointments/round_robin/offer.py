"""Who is offered when slots are listed: everybody, but in equal distribution nobody who leads too far.

Listing and writing agree: a write that finds its choice in the lead (``leads_too_far``) looks at the same starts as the
list (``range_to_look_at``) and is refused unless ``offered`` has it. Starts are Unix seconds.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, groupby
from uuid import UUID

from slotkeeper.appointments.round_robin.line import Line, Taker
from slotkeeper.appointments.round_robin.periods import whole_periods
from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.local_days import DAY

NEAR_TERM = 14 * DAY
"""Past the minimum notice; a queue that prefers near times to fairness offers everybody where it would have nothing."""

Starts = Mapping[UUID, Sequence[int]]
"""Sorted free starts, per host or per taker."""


def starts_of_takers(line: Line, starts_of_hosts: Starts) -> dict[UUID, Sequence[int]]:
    """When each taker could take a turn: a member when they are free, a group when it can fill its seats."""
    return {taker.id: _starts_of(taker, starts_of_hosts) for taker in line.takers}


def leads_too_far(line: Line, taker_id: UUID, start: int) -> bool:
    """Whether the taker could be hidden at ``start``, whoever else is available; if not, it is offered."""
    return taker_id in _ahead(line, line.period_of(start), _everybody(line))


def range_to_look_at(line: Line, first: int, end: int, earliest: int) -> Interval:
    """From when to when ``offered`` has to know the free starts, in order to be right about ``[first, end)``.

    ``earliest`` is now and the minimum notice. Only a line with somebody who leads too far has to look further.
    """
    counted = {period for taker in line.takers for period in taker.turns}
    if not any(_ahead(line, period, _everybody(line)) for period in counted):
        return first, end
    if line.prioritize_near_term_availability:
        first, end = min(first, earliest), max(end, earliest + NEAR_TERM + 1)
    since, until = whole_periods(line.timezone, line.distribution_period, first, end)
    return max(since, min(first, earliest)), until


def offered(line: Line, starts: Starts, earliest: int) -> dict[UUID, Sequence[int]]:
    """Of each taker's free ``starts`` (over ``range_to_look_at``), those at which it is offered."""
    if line.type != "equalDistribution":
        return dict(starts)
    by_period = _by_period(line, starts)
    hidden = {period: _ahead(line, period, able) for period, able in by_period.items()}
    kept: dict[UUID, Sequence[int]] = {
        taker_id: [
            start
            for period, able in by_period.items()
            if taker_id not in hidden[period]
            for start in able.get(taker_id, ())
        ]
        for taker_id in starts
    }
    near = any(free and free[0] <= earliest + NEAR_TERM for free in kept.values())
    return dict(starts) if line.prioritize_near_term_availability and not near else kept


def _by_period(line: Line, starts: Starts) -> dict[int, dict[UUID, list[int]]]:
    """Those who have free starts in each period, in its order. Somebody on leave for a whole period is not among them,
    and does not hold the others back."""
    found: dict[int, dict[UUID, list[int]]] = {}
    for taker_id, free in starts.items():
        for period, within in groupby(free, line.period_of):
            found.setdefault(period, {}).setdefault(taker_id, []).extend(within)
    return dict(sorted(found.items()))


def _ahead(line: Line, period: int, able: Iterable[UUID]) -> frozenset[UUID]:
    """Those who lead by more than the threshold over the fewest of the ``able``."""
    if line.type != "equalDistribution":
        return frozenset()
    loads = line.loads(period)
    most = min(loads[taker_id] for taker_id in able) + (line.max_lead_threshold or 0) * line.one
    return frozenset(taker_id for taker_id, load in loads.items() if load > most)


def _everybody(line: Line) -> list[UUID]:
    return [taker.id for taker in line.takers]


def _starts_of(taker: Taker, starts_of_hosts: Starts) -> Sequence[int]:
    if not taker.is_group:
        return starts_of_hosts.get(taker.id, ())
    seats = min(taker.seats, len(taker.hosts))
    free = Counter(chain.from_iterable(starts_of_hosts.get(host.id, ()) for host in taker.hosts))
    if taker.main_host_id in {host.id for host in taker.hosts}:
        main = starts_of_hosts.get(taker.main_host_id, ())
        return [start for start in main if free[start] >= seats]
    return sorted(start for start, hosts in free.items() if hosts >= seats)
