"""The line of a queue: who takes turns, and what their earlier turns say of the next one.

Turns are compared by their number, which grows in the order in which they are taken; clocks play no part. A turn that
was given back (its appointment was cancelled or handed off) counts nowhere; a moved appointment keeps its turn.
"""

from collections.abc import Mapping
from math import lcm
from uuid import UUID

import msgspec

from slotkeeper.appointments.round_robin.periods import period_of
from slotkeeper.records.queue import DistributionPeriod, QueueType


class TurnHost(msgspec.Struct, frozen=True, kw_only=True):
    """``last_turn`` is the latest of the group's turns that this host took part in; 0: none yet."""

    id: UUID
    last_turn: int = 0
    custom_link: str | None = None


class Taker(msgspec.Struct, frozen=True, kw_only=True):
    """Who takes turns: a member of the queue (``id`` is the user's), or a group of users (the group's).

    ``capacity`` is how many places in the line it has. ``last_turn`` is its latest turn, ``place_turn`` its
    ``capacity``-th latest: the one since which its foremost place has waited (0: that place has had none yet).
    ``turns`` counts, for equal distribution, its appointments per period; the period is named by its first local day.
    ``seats`` of the group's ``hosts`` hold an appointment, ``main_host_id`` in any case.
    """

    id: UUID
    is_group: bool = False
    capacity: int = 1
    priority: int = 0
    seats: int = 1
    main_host_id: UUID | None = None
    hosts: tuple[TurnHost, ...]
    last_turn: int = 0
    place_turn: int = 0
    turns: Mapping[int, int] = {}


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """A queue's settings and its ``takers``: members in their order, then groups in that of their creation.

    ``version`` is the queue's when it was read; a turn is refused if it has moved on. ``timezone`` is the company's.
    """

    id: UUID
    version: int
    type: QueueType
    max_lead_threshold: int | None = None
    distribution_period: DistributionPeriod = "month"
    prioritize_near_term_availability: bool = False
    timezone: str = "UTC"
    takers: tuple[Taker, ...] = ()

    def period_of(self, start: int) -> int:
        return period_of(self.timezone, self.distribution_period, start)

    @property
    def one(self) -> int:
        """What one appointment per place counts for in ``loads``: a number that every capacity divides."""
        return lcm(*(taker.capacity for taker in self.takers))

    def loads(self, period: int) -> Mapping[UUID, int]:
        """Each taker's appointments per place, as exact integers."""
        one = self.one
        return {taker.id: taker.turns.get(period, 0) * (one // taker.capacity) for taker in self.takers}
