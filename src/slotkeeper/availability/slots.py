"""Every free start in a range: the grid of slots without what the rules refuse, by one sweep."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from heapq import nsmallest
from itertools import chain, pairwise
from operator import itemgetter

from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.local_days import DAY
from slotkeeper.availability.rules import HOST_RULES, WINDOW_RULES, BookingRules, HostAvailability, Refusal
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
    openings = _openings(range_start, range_end, _refusals(range_start, range_end, rules, hosts, now))
    return _on_grid(openings, rules.slot_interval, hosts[0])


def grid(range_start: int, range_end: int, rules: BookingRules, host: HostAvailability) -> list[int]:
    """Every slot of the host's hours in the range, free or not."""
    return _on_grid([(range_start, range_end)], rules.slot_interval, host)


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
    return nearest(start, free, count)


def nearest(start: int, free: Iterable[int], count: int = 5) -> list[int]:
    """Nearest first, of two as near the earlier first."""
    return nsmallest(count, free, key=lambda other: (abs(other - start), other))


def _refusals(
    first: int, end: int, rules: BookingRules, hosts: Sequence[HostAvailability], now: int
) -> Iterator[Iterable[Refusal]]:
    yield from (refuse(rules, now, first, end) for refuse in WINDOW_RULES.values())
    yield from (refuse(host, rules, first, end) for host in hosts for refuse in HOST_RULES.values())


def _openings(first: int, end: int, refusals: Iterable[Iterable[Refusal]]) -> list[Interval]:
    """What is left of ``[first, end)``; sorted, and they do not touch."""
    openings = []
    for opens, closes in sorted(chain.from_iterable(map(_joined, refusals)), key=itemgetter(0)):
        if opens > first:
            if opens >= end:
                break
            openings.append((first, opens))
        if closes > first:  # noqa: PLR1730 - once per refusal, where max() would take as long as all the rest
            first = closes
    if first < end:
        openings.append((first, end))
    return openings


def _joined(refusals: Iterable[Refusal]) -> Iterator[Interval]:
    """Those that follow upon each other as one: ten thousand are never held at once, nor sorted."""
    begun = reached = None
    for opens, closes, _, _ in refusals:
        if begun is None or reached is None or not begun <= opens <= reached:
            if begun is not None and reached is not None:
                yield begun, reached
            begun, reached = opens, closes
        elif closes > reached:
            reached = closes
    if begun is not None and reached is not None:
        yield begun, reached


def _on_grid(openings: Sequence[Interval], interval: int, main: HostAvailability) -> list[int]:
    """The slots of the main host's hours in sorted ``openings``."""
    if not openings:
        return []
    working = stretches(main.schedule, main.exceptions, main.timezone, openings[0][0], openings[-1][1])
    starts = list(chain.from_iterable(_steps(working, openings, interval)))
    return starts if _one_after_the_other(working) else sorted(set(starts))


def _steps(working: Sequence[Stretch], openings: Sequence[Interval], interval: int) -> Iterator[range]:
    """The starts inside both, a range for each pair that overlaps."""
    starts, ends = [opens for opens, _ in openings], [closes for _, closes in openings]
    for since, until, grid_start in working:
        for opens, closes in openings[bisect_right(ends, since) : bisect_left(starts, until)]:
            first = max(since, opens)
            yield range(first + (grid_start - first) % interval, min(until, closes), interval)


def _one_after_the_other(working: Sequence[Stretch]) -> bool:
    """Overlapping hours each count their own grid, and may meet."""
    return all(earlier[1] <= later[0] for earlier, later in pairwise(working))
