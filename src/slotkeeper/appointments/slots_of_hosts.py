"""Slots of several hosts together: of all, or of any; seats left in groups; and why the rest is not free. Pure."""

from collections.abc import Callable, Mapping, Sequence, Set
from itertools import chain
from typing import Literal
from uuid import UUID

import msgspec

from slotkeeper.availability.blocked_slots import blocked_slots
from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.rules import (
    WINDOW_RULES,
    BookingRules,
    HostAvailability,
    Reason,
    Rule,
    Source,
    in_order,
)
from slotkeeper.availability.slots import free_slots

Calculation = Literal["everyone", "anyone"]
RulesOf = Callable[[HostAvailability], BookingRules]
"""The rules of a booking with this main host, in whose zone the booking window is counted."""


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """A group's appointment that somebody could join; ``start`` is Unix seconds."""

    id: UUID
    start: int
    total: int
    taken: int


class Obstacle(msgspec.Struct, frozen=True):
    """Why a slot is not free; without ``source`` it is no busy time, without ``host_id`` no single host."""

    rule: Rule
    host_id: UUID | None
    source: Source | None


def starts_of_hosts(
    within: Interval, rules_of: RulesOf, hosts: Sequence[HostAvailability], now: int
) -> dict[UUID, list[int]]:
    """Each host's free starts, as if they were the only one."""
    return {host.host_id: free_slots(*within, rules_of(host), [host], now) for host in hosts}


def starts_together(
    within: Interval, rules_of: RulesOf, hosts: Sequence[HostAvailability], now: int, calculation: Calculation
) -> list[int]:
    """At which all of the hosts can take the meeting, ``hosts[0]`` first among them; or at least one of them."""
    if not hosts:
        return []
    if calculation == "everyone" or len(hosts) == 1:
        return free_slots(*within, rules_of(hosts[0]), hosts, now)
    return sorted(set().union(*starts_of_hosts(within, rules_of, hosts, now).values()))


def joinable(within: Interval, rules: BookingRules, groups: Sequence[Group], now: int) -> dict[int, Group]:
    """By their starts, of several at one start the first; the booking window holds for joining too."""
    refusals = [refusal for refuse in WINDOW_RULES.values() for refusal in refuse(rules, now, *within)]
    open_groups = (
        group
        for group in groups
        if group.taken < group.total
        and within[0] <= group.start < within[1]
        and not any(opens <= group.start < closes for opens, closes, _, _ in refusals)
    )
    return {group.start: group for group in reversed(list(open_groups))}


def obstacles(
    within: Interval,
    rules_of: RulesOf,
    hosts: Sequence[HostAvailability],
    now: int,
    calculation: Calculation,
    free: Set[int],
) -> dict[int, list[Obstacle]]:
    """The slots that are not ``free``, sorted, each with everything that stands in the hosts' way."""
    teams = [hosts] if calculation == "everyone" else [[host] for host in hosts]
    blocked = [blocked_slots(*within, rules_of(team[0]), team, now) for team in teams if team]
    sources = _sources(hosts)
    return {
        start: _obstacles(chain.from_iterable(slots.get(start, ()) for slots in blocked), sources)
        for start in sorted({start for slots in blocked for start in slots} - free)
    }


def _obstacles(reasons: "chain[Reason]", sources: Mapping[tuple[UUID | None, int, int], Source]) -> list[Obstacle]:
    found = (
        Obstacle(reason.rule, reason.host_id, sources.get((reason.host_id, reason.start, reason.end)))
        if reason.rule in {"slot-occupied", "buffer"}
        else Obstacle(reason.rule, reason.host_id, None)
        for reason in in_order(reasons)
    )
    return list(dict.fromkeys(found))


def _sources(hosts: Sequence[HostAvailability]) -> dict[tuple[UUID | None, int, int], Source]:
    return {
        (host.host_id, start, end): blocked.source
        for host in hosts
        for blocked in host.blocked
        for start, end in zip(blocked.starts, blocked.ends, strict=True)
    }
