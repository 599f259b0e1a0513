"""What is wrong with the hours of one day, told of each start and end: the rules of ``working_hours``, for people."""

from collections.abc import Iterator, Sequence
from typing import Literal

from slotkeeper.availability.intervals import Interval, overlap
from slotkeeper.availability.working_hours import interval_of, is_wall_time
from slotkeeper.records.schedule import Hours

Fault = tuple[int, Literal["start", "end"], str]
"""Which of the hours, which of its ends, and what it must be."""


def faults_of(hours: Sequence[Hours]) -> Iterator[Fault]:
    """Every time that is none, every end that is not after its start, and hours that overlap earlier ones."""
    seen: list[Interval] = []
    for at, given in enumerate(hours):
        malformed = [name for name in _ENDS if not is_wall_time(getattr(given, name))]
        yield from ((at, name, "must be a time of the form HH:mm, at most 24:00") for name in malformed)
        if malformed:
            continue
        interval = interval_of(given)
        if interval[0] >= interval[1]:
            yield at, "end", f"must be after its start, {given.start}; split hours at midnight"
        elif any(overlap(interval, other) for other in seen):
            yield at, "start", "must not make these hours overlap others of the day"
        else:
            seen.append(interval)


_ENDS: tuple[Literal["start", "end"], ...] = ("start", "end")
