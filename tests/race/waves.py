"""The four races of a round: which moves start at once, and what must not be wrong with their answers."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import cycle

import msgspec

from tests.race.clients import Answer, Move
from tests.race.world import World

_QUARTER = timedelta(minutes=15)
_PARALLEL = 30


class Wave(msgspec.Struct, frozen=True, kw_only=True):
    """``faults`` reads the answers to ``moves``, in their order."""

    name: str
    moves: Sequence[Move]
    faults: Callable[[Sequence[Answer]], list[str]]


def waves(world: World, number: int) -> Iterator[Wave]:
    """Everything of one round is moved to one day; no two rounds share a day."""
    day = world.day(number)
    noon = day + timedelta(hours=3)
    yield Wave(name="100 into one slot", moves=[Move(a, day) for a in world.half_hours], faults=_one_winner)
    yield Wave(name="99 x 60 min, all overlap", moves=_three_starts(world.hours[:99], noon), faults=_one_winner)
    yield Wave(name="99 x 30 min, ends touch", moves=_three_starts(world.half_hours[:99], noon), faults=_no_overlap)
    yield Wave(name="1 to 30 places", moves=_everywhere(world.alone, day), faults=_some_winner)


def _three_starts(appointments: Sequence[str], start: datetime) -> list[Move]:
    starts = cycle([start, start + _QUARTER, start + 2 * _QUARTER])
    return [Move(appointment, at) for appointment, at in zip(appointments, starts, strict=False)]


def _everywhere(appointment: str, day: datetime) -> list[Move]:
    """Every third move names the version that it has seen; one of those can win at most."""
    return [Move(appointment, day + n * _QUARTER, last_seen=n % 3 == 0) for n in range(_PARALLEL)]


def _one_winner(answers: Sequence[Answer]) -> list[str]:
    return [*_winners(answers, {1}), *_unexpected(answers, {"200", "409 slot-occupied"})]


def _no_overlap(answers: Sequence[Answer]) -> list[str]:
    """The middle start alone, or the first and the last: any other outcome overlaps or leaves a free time unused."""
    won = sorted(a.move.start for a in answers if a.label == "200")
    first, middle, last = sorted({a.move.start for a in answers})
    wrong = [] if won in ([middle], [first, last]) else [f"won: {[str(start) for start in won]}"]
    return [*wrong, *_unexpected(answers, {"200", "409 slot-occupied"})]


def _some_winner(answers: Sequence[Answer]) -> list[str]:
    careful = [a for a in answers if a.move.last_seen]
    return [
        *_winners(answers, set(range(1, _PARALLEL + 1))),
        *_winners(careful, {0, 1}),
        *_unexpected(answers, {"200", "412 precondition-failed"}),
    ]


def _winners(answers: Sequence[Answer], allowed: set[int]) -> list[str]:
    won = sum(a.label == "200" for a in answers)
    return [] if won in allowed else [f"{won} winners of {len(answers)}"]


def _unexpected(answers: Sequence[Answer], allowed: set[str]) -> list[str]:
    return [f"{n} times {label}" for label, n in Counter(a.label for a in answers).items() if label not in allowed]
