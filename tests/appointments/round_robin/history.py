"""Every turn that a queue has seen, and the line that follows from it: what ``turns.LINE_JSON`` must say of it."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from slotkeeper.appointments.round_robin.choose import Turn, choose
from slotkeeper.appointments.round_robin.line import Line, Taker, TurnHost


class Booked(msgspec.Struct, kw_only=True):
    """``number`` is the turn's; what is cancelled is no longer ``live``."""

    number: int
    turn: Turn
    start: int
    live: bool = True


def member(n: int, **fields: object) -> Taker:
    return msgspec.convert({"id": UUID(int=n), "hosts": [{"id": UUID(int=n)}], **fields}, Taker)


def group(n: int, hosts: Iterable[int], *, seats: int, main: int | None = None) -> Taker:
    return Taker(
        id=UUID(int=n),
        is_group=True,
        seats=seats,
        main_host_id=None if main is None else UUID(int=main),
        hosts=tuple(TurnHost(id=UUID(int=host)) for host in hosts),
    )


class History:
    def __init__(self, line: Line) -> None:
        self.settings = line
        self.booked: list[Booked] = []
        self._of_taker: dict[UUID, list[int]] = defaultdict(list)
        self._of_host: dict[tuple[UUID, UUID], list[int]] = defaultdict(list)
        self._per_period: dict[UUID, Counter[int]] = defaultdict(Counter)

    @property
    def takers(self) -> Sequence[Taker]:
        return self.settings.takers

    @property
    def live(self) -> list[Booked]:
        return [booked for booked in self.booked if booked.live]

    def line(self) -> Line:
        takers = tuple(self._with_turns(taker) for taker in self.takers)
        return replace(self.settings, version=len(self.booked), takers=takers)

    def take(self, free_hosts: frozenset[UUID], start: int) -> Booked | None:
        turn = choose(self.line(), free_hosts, start)
        return None if turn is None else self.record(turn, start)

    def record(self, turn: Turn, start: int) -> Booked:
        booked = Booked(number=len(self.booked) + 1, turn=turn, start=start)
        self.booked.append(booked)
        self._of_taker[turn.taker_id].append(booked.number)
        for host_id in turn.host_ids:
            self._of_host[turn.taker_id, host_id].append(booked.number)
        self._count(booked, 1)
        return booked

    def cancel(self, booked: Booked) -> None:
        booked.live = False
        self._of_taker[booked.turn.taker_id].remove(booked.number)
        for host_id in booked.turn.host_ids:
            self._of_host[booked.turn.taker_id, host_id].remove(booked.number)
        self._count(booked, -1)

    def move(self, booked: Booked, start: int) -> None:
        self._count(booked, -1)
        booked.start = start
        self._count(booked, 1)

    def enter(self, taker: Taker) -> None:
        self.settings = replace(self.settings, takers=(*self.takers, taker))

    def leave(self, taker_id: UUID) -> None:
        takers = tuple(taker for taker in self.takers if taker.id != taker_id)
        self.settings = replace(self.settings, takers=takers)

    def _count(self, booked: Booked, change: int) -> None:
        self._per_period[booked.turn.taker_id][self.settings.period_of(booked.start)] += change

    def _with_turns(self, taker: Taker) -> Taker:
        numbers = self._of_taker[taker.id]
        hosts = (replace(host, last_turn=max(self._of_host[taker.id, host.id], default=0)) for host in taker.hosts)
        return replace(
            taker,
            last_turn=numbers[-1] if numbers else 0,
            place_turn=numbers[-taker.capacity] if len(numbers) >= taker.capacity else 0,
            turns=+self._per_period[taker.id],
            hosts=tuple(hosts) if taker.is_group else taker.hosts,
        )
