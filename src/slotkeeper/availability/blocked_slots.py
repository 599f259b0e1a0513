"""The slots of a range that cannot be booked, each with every reason: for people who look for the cause."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from slotkeeper.availability.rules import (
    HOST_RULES,
    WINDOW_RULES,
    BookingRules,
    HostAvailability,
    Reason,
    Refusal,
    Rule,
    by_overlap,
    in_order,
)
from slotkeeper.availability.slots import grid

_Reasoned = tuple[Refusal, Rule, UUID | None]


def blocked_slots(
    range_start: int, range_end: int, rules: BookingRules, hosts: Sequence[HostAvailability], now: int
) -> dict[int, tuple[Reason, ...]]:
    """The starts on the main host's grid in ``[range_start, range_end)`` that not all ``hosts`` can take.

    ``rules.why_not_free`` gives the same rules for the same hosts; of hours and periods it tells only the part that is
    near its start. Outside all hours there is no slot.
    """
    refusals = sorted(_reasoned(range_start, range_end, rules, hosts, now), key=lambda reasoned: reasoned[0][0])
    blocked: dict[int, tuple[Reason, ...]] = {}
    begun, reached = [], 0
    for start in grid(range_start, range_end, rules, hosts[0]):
        while reached < len(refusals) and refusals[reached][0][0] <= start:
            begun.append(refusals[reached])
            reached += 1
        begun = [reasoned for reasoned in begun if reasoned[0][1] > start]
        if begun:
            blocked[start] = in_order(_reason(start, rules, *reasoned) for reasoned in begun)
    return blocked


def _reasoned(
    first: int, end: int, rules: BookingRules, hosts: Sequence[HostAvailability], now: int
) -> Iterator[_Reasoned]:
    for rule, refuse in WINDOW_RULES.items():
        for refusal in refuse(rules, now, first, end):
            yield refusal, rule, None
    for host in hosts:
        for rule, refuse_for in HOST_RULES.items():
            for refusal in refuse_for(host, rules, first, end):
                yield refusal, rule, host.host_id


def _reason(start: int, rules: BookingRules, refusal: Refusal, rule: Rule, host_id: UUID | None) -> Reason:
    _, _, since, until = refusal
    return Reason(by_overlap(rule, (start, start + rules.duration), (since, until)), host_id, since, until)
