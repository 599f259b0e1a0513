"""10,000 bookings with cancellations, moves, and members who come and go: each distribution is what its definition says
(docs/decisions/0060)."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, pairwise
from random import Random
from typing import Any
from uuid import UUID

import pytest
from msgspec.structs import replace

from slotkeeper.appointments.round_robin.choose import seated
from slotkeeper.appointments.round_robin.line import Line, Taker
from slotkeeper.appointments.round_robin.offer import NEAR_TERM, offered
from slotkeeper.records.queue import DistributionPeriod, QueueType

from ...availability.worlds import DAY, HOUR, at
from .definition import next_taker
from .history import Booked, History, group, member

BOOKINGS = 10_000
QUEUE = UUID(int=1_000)
NEW_YEAR = at("2037-01-01 00:00", "Europe/Berlin")
TAKERS = (
    member(1),
    member(2, capacity=3, priority=1),
    member(3, priority=3),
    member(4, capacity=2, priority=3),
    group(50, [1, 5, 6, 7], seats=2, main=5),
    group(60, [7, 8, 9], seats=2),
)
HOSTS = frozenset(UUID(int=n) for n in range(1, 10))
PLACES = sum(taker.capacity for taker in TAKERS)


def history_of(kind: QueueType, takers: tuple[Taker, ...] = TAKERS, **settings: Any) -> History:
    return History(Line(id=QUEUE, version=0, type=kind, takers=takers, timezone="Europe/Berlin", **settings))


def taken(history: History, free: frozenset[UUID], start: int) -> Booked:
    booked = history.take(free, start)
    assert booked is not None
    return booked


def capacities(takers: tuple[Taker, ...]) -> Counter[UUID]:
    return Counter({taker.id: taker.capacity for taker in takers})


@pytest.mark.parametrize(
    ("kind", "in_turns"),
    [
        pytest.param("simpleRoundRobin", TAKERS, id="simple: all"),
        pytest.param("advancedRoundRobin", (TAKERS[2], TAKERS[3]), id="advanced: those of the highest priority"),
    ],
)
def test_with_everybody_free_any_round_of_turns_gives_each_exactly_their_places(
    kind: QueueType, in_turns: tuple[Taker, ...]
) -> None:
    history = history_of(kind)
    takers = [taken(history, HOSTS, NEW_YEAR + n * HOUR).turn.taker_id for n in range(BOOKINGS)]
    places = sum(taker.capacity for taker in in_turns)
    window = Counter(takers[:places])
    for leaving, entering in zip(takers, takers[places:], strict=False):
        assert +window == capacities(in_turns)
        window[leaving] -= 1
        window[entering] += 1


@pytest.mark.parametrize("period", ["day", "week", "month"])
def test_equal_distribution_with_everybody_free_gives_each_exactly_their_share_of_each_period(
    period: DistributionPeriod,
) -> None:
    history = history_of("equalDistribution", distribution_period=period)
    days = {"day": 1, "week": 7, "month": 28}[period]
    monday = at("2037-06-01 00:00", "Europe/Berlin")
    shares: dict[int, Counter[UUID]] = {}
    for n in range(BOOKINGS):
        start = monday + (n * 7_919 % (3 * days)) * DAY + HOUR
        share = shares.setdefault(history.settings.period_of(start), Counter())
        share[taken(history, HOSTS, start).turn.taker_id] += 1
        rounds, rest = divmod(share.total(), PLACES)
        if not rest:
            assert share == Counter({taker.id: rounds * taker.capacity for taker in TAKERS})
        assert all(abs(PLACES * share[t.id] - share.total() * t.capacity) <= PLACES * t.capacity for t in TAKERS)
    assert len(shares) >= 3


@pytest.mark.parametrize(
    ("kind", "period"),
    [
        ("simpleRoundRobin", "month"),
        ("advancedRoundRobin", "month"),
        ("equalDistribution", "day"),
        ("equalDistribution", "week"),
        ("equalDistribution", "month"),
    ],
)
def test_every_turn_falls_to_whom_the_definition_says_whatever_is_cancelled_or_moved(
    kind: QueueType, period: DistributionPeriod
) -> None:
    random = Random(f"{kind} {period}")
    history = history_of(kind, distribution_period=period)
    for booked, free in a_busy_year(history, random):
        if random.random() < 0.05:
            expected = as_it_was_before(history, booked, free)
            assert expected is not None
            assert booked.turn.taker_id == expected.id
    assert len(history.booked) == BOOKINGS


def as_it_was_before(history: History, booked: Booked, free: frozenset[UUID]) -> Taker | None:
    """Whom the definition names, the booking itself not being there yet."""
    booked.live = False
    expected = next_taker(history, free, booked.start)
    booked.live = True
    return expected


def a_busy_year(history: History, random: Random) -> Iterator[tuple[Booked, frozenset[UUID]]]:
    """Each booking as it is made, and who was free; between them a fifth is cancelled, a fifth moved, and somebody
    joins or leaves now and then."""
    outside = [member(n, capacity=1 + n % 3, priority=n % 4) for n in range(20, 30)]
    while len(history.booked) < BOOKINGS:
        free = frozenset(host for host in (*HOSTS, *(t.id for t in history.takers)) if random.random() < 0.6)
        booked = history.take(free, a_start(random))
        if booked is None:
            assert not any(seated(taker, free) for taker in history.takers)
            continue
        yield booked, free
        earlier = random.choice(history.booked)
        if earlier.live and random.random() < 0.2:
            history.cancel(earlier)
        elif earlier.live and random.random() < 0.25:
            before = (earlier.number, earlier.turn)
            history.move(earlier, a_start(random))
            assert (earlier.number, earlier.turn) == before
        if random.random() < 0.005:
            leaving = random.choice(history.takers)
            history.leave(leaving.id)
            history.enter(outside.pop())
            outside.insert(0, leaving)


def a_start(random: Random) -> int:
    return NEW_YEAR + random.randrange(365 * 24) * HOUR


def test_a_cancelled_turn_is_given_back_so_that_cancelling_everything_leaves_the_line_as_it_was() -> None:
    random = Random("give back")
    history = history_of("simpleRoundRobin")
    for _ in range(BOOKINGS // 2):
        taken(history, HOSTS, NEW_YEAR)
        before = history.line().takers
        attempts = [taken(history, HOSTS, NEW_YEAR) for _ in range(random.randrange(3))]
        for attempt in random.sample(attempts, len(attempts)):
            history.cancel(attempt)
        assert history.line().takers == before


def test_who_joins_takes_their_places_first_and_then_nobody_is_passed_over_for_them() -> None:
    history = history_of("simpleRoundRobin")
    for n in range(PLACES):
        taken(history, HOSTS, NEW_YEAR + n)
    new = member(30, capacity=2)
    history.enter(new)
    takers = [taken(history, HOSTS | {new.id}, NEW_YEAR + n).turn.taker_id for n in range(BOOKINGS)]
    assert takers[:2] == [new.id, new.id]
    rounds = [at for at, taker in enumerate(takers) if taker == new.id]
    assert {later - earlier for earlier, later in pairwise(rounds[::2])} == {PLACES + 2}


def test_who_was_on_leave_does_not_have_to_catch_up() -> None:
    history = history_of("simpleRoundRobin")
    away = TAKERS[0]
    assert away.capacity == 1
    on_leave = HOSTS - {away.id}
    for n in range(BOOKINGS // 2):
        taken(history, on_leave, NEW_YEAR + n)
    takers = [taken(history, HOSTS, NEW_YEAR + n).turn.taker_id for n in range(BOOKINGS // 2)]
    assert takers[0] == away.id
    assert [taker == away.id for taker in takers] == [n % PLACES == 0 for n in range(len(takers))]


def test_a_groups_hosts_share_its_turns_evenly_and_its_main_host_leads_each() -> None:
    history = history_of("simpleRoundRobin", (TAKERS[4],))
    parts: Counter[UUID] = Counter()
    for n in range(BOOKINGS):
        turn = taken(history, HOSTS, NEW_YEAR + n).turn
        assert (len(turn.host_ids), turn.host_ids[0], turn.group_id) == (2, UUID(int=5), UUID(int=50))
        parts.update(turn.host_ids[1:])
        assert max(parts.values()) - min(parts[UUID(int=host)] for host in (1, 6, 7)) <= 1


@pytest.mark.parametrize(("threshold", "near_term"), [(None, False), (1, True), (3, True)])
def test_a_listed_time_can_be_booked_and_nobody_gets_it_who_leads_too_far_unless_near_times_were_preferred(
    threshold: int | None, near_term: bool
) -> None:
    random = Random(f"offer {threshold} {near_term}")
    members = tuple(member(n, capacity=1 + n % 2) for n in range(1, 6))
    settings = {"max_lead_threshold": threshold, "prioritize_near_term_availability": near_term}
    history = history_of("equalDistribution", members, **settings)
    relaxed = 0
    while len(history.booked) < BOOKINGS:
        now = NEW_YEAR + len(history.booked) // 40 * DAY
        line, free = history.line(), some_free_times(random, now, members)
        listed = offered(line, free, now)
        if not any(listed.values()):
            assert not any(free.values())
            continue
        start = random.choice([start for starts in listed.values() for start in starts])
        booked = taken(history, frozenset(host for host, starts in free.items() if start in starts), start)
        assert start in listed[booked.turn.taker_id]
        strict = offered(replace(line, prioritize_near_term_availability=False), free, now)
        if start in strict[booked.turn.taker_id]:
            assert lead(line, booked, free) <= (threshold or 0)
        else:
            assert min(chain.from_iterable(strict.values()), default=start) > now + NEAR_TERM
            relaxed += 1
        if random.random() < 0.1:
            cancel_one(history, random)
    assert (relaxed > 0) is near_term


def cancel_one(history: History, random: Random) -> None:
    booked = random.choice(history.booked)
    if booked.live:
        history.cancel(booked)


def some_free_times(random: Random, now: int, members: tuple[Taker, ...]) -> dict[UUID, list[int]]:
    """In the coming five weeks; some are on leave."""
    return {
        taker.id: sorted(now + random.randrange(5 * 7 * 24) * HOUR for _ in range(random.randrange(12)))
        for taker in members
    }


def lead(line: Line, booked: Booked, free: dict[UUID, list[int]]) -> Fraction:
    """Over the fewest of those who had a free time in the period, when it was booked."""
    period = line.period_of(booked.start)
    loads = {taker.id: Fraction(taker.turns.get(period, 0), taker.capacity) for taker in line.takers}
    able = [taker_id for taker_id, starts in free.items() if any(line.period_of(start) == period for start in starts)]
    return loads[booked.turn.taker_id] - min(loads[taker_id] for taker_id in able)
