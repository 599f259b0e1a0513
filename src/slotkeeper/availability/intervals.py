"""Half-open intervals ``(start, end)`` of integer Unix seconds: ``t`` is inside when ``start <= t < end``."""

from collections.abc import Iterable, Sequence

Interval = tuple[int, int]


def overlap(a: Interval, b: Interval) -> bool:
    """Touching intervals do not overlap."""
    return a[0] < b[1] and b[0] < a[1]


def merge(intervals: Iterable[Interval]) -> list[Interval]:
    """The same instants as sorted intervals that neither overlap nor touch; empty ones vanish."""
    merged: list[Interval] = []
    reached: int | None = None
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if reached is None or start > reached:
            merged.append((start, end))
            reached = end
        elif end > reached:
            merged[-1] = (merged[-1][0], end)
            reached = end
    return merged


def subtract(intervals: Sequence[Interval], cuts: Sequence[Interval]) -> list[Interval]:
    """What is left of merged ``intervals`` without the instants of merged ``cuts``; one pass over both."""
    left: list[Interval] = []
    first_cut = 0
    for start, end in intervals:
        while first_cut < len(cuts) and cuts[first_cut][1] <= start:
            first_cut += 1
        position, cut = start, first_cut
        while cut < len(cuts) and cuts[cut][0] < end:
            if position < cuts[cut][0]:
                left.append((position, cuts[cut][0]))
            position = cuts[cut][1]
            cut += 1
        if position < end:
            left.append((position, end))
    return left
