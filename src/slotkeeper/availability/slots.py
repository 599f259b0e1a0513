"""Every free start in a range: the grid of slots without what the rules refuse, by one sweep."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from heapq import nsmallest
from itertools import chain

from slotkeeper.availability.intervals import Interval, merge, subtract
from slotkeeper.availability.local_days import DAY
from slotkeeper.availability.rules import HOST_RULES, WINDOW_RULES, BookingRules, HostAvailability
from slotkeeper.availability.working_hours import Stretch, stretches


def free_slots(
    range_start: int, range_end: int, rules: BookingRules, hosts: Sequence[HostAvailability], now: int
) -> list[int]:
    """The starts in ``[range_start, range_end)`` that all ``hosts`` can take, sorted.

    Exactly the starts for which ``rules.why_not_free`` has no reason. ``hosts[0]`` is the main host, in whose zone the
    grid is counted. Raises ``ValueError`` naming the day of malformed hours.
    """
    if range_start >= range_end:
        return []
    openings = subtract([(range_start, range_end)], merge(_refused(range_start, range_end, rules, hosts, now)))
    main = hosts[0]
    working = stretches(main.schedule, main.exceptions, main.timezone, range_start, range_end)
    return sorted({start for steps in _on_grid(working, openings, rules.slot_interval) for start in steps})


def nearest_free(
    start: int,
    rules: BookingRules,
    hosts: Sequence[HostAvailability],
    now: int,
    count: int = 5,
    within: int = 14 * DAY,
    not_before: int = 0,
) -> list[int]:
    """Up to ``count`` free starts at most ``within`` seconds away, nearest first, of two as near the earlier first."""
    free: list[int] = []
    for reach in (min(DAY, within), within):
        free = free_slots(max(start - reach, not_before), start + reach + 1, rules, hosts, now)
        if len(free) >= count:
            break
    return nsmallest(count, free, key=lambda other: (abs(other - start), other))


def _refused(first: int, end: int, rules: BookingRules, hosts: Sequence[HostAvailability], now: int) -> list[Interval]:
    by_window = (refuse(rules, now, first, end) for refuse in WINDOW_RULES.values())
    by_hosts = (refuse(host, rules, first, end) for host in hosts for refuse in HOST_RULES.values())
    return [(opens, closes) for refused in chain(by_window, by_hosts) for opens, closes, _ in refused]


def _on_grid(working: Sequence[Stretch], openings: Sequence[Interval], interval: int) -> Iterator[range]:
    """The starts inside both, a range for each pair that overlaps; ``openings`` are merged."""
    starts, ends = [opens for opens, _ in openings], [closes for _, closes in openings]
    for since, until, grid in working:
        for opens, closes in openings[bisect_right(ends, since) : bisect_left(starts, until)]:
            first = max(since, opens)
            yield range(first + (grid - first) % interval, min(until, closes), interval)
