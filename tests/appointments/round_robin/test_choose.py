"""Who takes the turn and why: the cases of docs/decisions/0060, one by one."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from slotkeeper.appointments.round_robin.choose import choose, ranking, turn_of
from slotkeeper.appointments.round_robin.line import Line, Taker, TurnHost
from slotkeeper.records.queue import QueueType

from ...availability.worlds import DAY, HOUR, at
from .definition import next_taker
from .history import History, group, member

A, B, C, D = (UUID(int=n) for n in range(1, 5))
START = at("2037-12-07 10:00", "Europe/Berlin")
DECEMBER = at("2037-12-01 00:00") // DAY


def line(*takers: Taker, kind: QueueType = "simpleRoundRobin", **settings: Any) -> Line:
    return Line(id=UUID(int=1_000), version=0, type=kind, takers=takers, timezone="Europe/Berlin", **settings)


CASES = [
    pytest.param(line(member(1), member(2)), {A, B}, A, "rotation", id="nobody had a turn: the first member"),
    pytest.param(line(member(1, last_turn=4, place_turn=4), member(2)), {A, B}, B, "rotation", id="who had none first"),
    pytest.param(
        line(member(1, last_turn=9, place_turn=9), member(2, last_turn=7, place_turn=7)),
        {A, B},
        B,
        "rotation",
        id="least recently",
    ),
    pytest.param(
        line(member(1, last_turn=9, place_turn=9), member(2, last_turn=7, place_turn=7)),
        {A},
        A,
        "onlyAvailable",
        id="nobody else is free",
    ),
    pytest.param(
        line(member(1, capacity=2, last_turn=9, place_turn=3), member(2, last_turn=7, place_turn=7)),
        {A, B},
        A,
        "rotation",
        id="of two places the one that waits longer counts",
    ),
    pytest.param(
        line(member(1, capacity=2, last_turn=9), member(2, capacity=2, last_turn=7)),
        {A, B},
        B,
        "rotation",
        id="of places that had no turn, those of who waits longer",
    ),
    pytest.param(
        line(member(1, priority=1), member(2, priority=3), kind="advancedRoundRobin"),
        {A, B},
        B,
        "priority",
        id="three stars before one",
    ),
    pytest.param(
        line(member(1), member(2, priority=1), kind="advancedRoundRobin"), {A, B}, B, "priority", id="none is least"
    ),
    pytest.param(
        line(member(1, priority=2, last_turn=3, place_turn=3), member(2, priority=2), kind="advancedRoundRobin"),
        {A, B},
        B,
        "rotation",
        id="as many stars: rotation",
    ),
    pytest.param(
        line(member(1, priority=1), member(2, priority=3), kind="simpleRoundRobin"),
        {A, B},
        A,
        "rotation",
        id="simple round robin knows no stars",
    ),
    pytest.param(
        line(member(1, turns={DECEMBER: 3}), member(2, turns={DECEMBER: 2}), kind="equalDistribution"),
        {A, B},
        B,
        "fewestBookings",
        id="fewest in the month",
    ),
    pytest.param(
        line(member(1, turns={DECEMBER: 3}, capacity=2), member(2, turns={DECEMBER: 2}), kind="equalDistribution"),
        {A, B},
        A,
        "fewestBookings",
        id="fewest per place",
    ),
    pytest.param(
        line(
            member(1, turns={DECEMBER - 30: 9}, last_turn=5, place_turn=5),
            member(2, last_turn=7, place_turn=7),
            kind="equalDistribution",
        ),
        {A, B},
        A,
        "fewestBookings",
        id="another month counts nothing, and as many is rotation",
    ),
    pytest.param(
        line(member(1, turns={DECEMBER: 1}), member(2), kind="equalDistribution"),
        {A},
        A,
        "onlyAvailable",
        id="equal distribution, nobody else is free",
    ),
]


@pytest.mark.parametrize(("queue", "free", "taker", "reason"), CASES)
def test_the_turn_falls_to(queue: Line, free: set[UUID], taker: UUID, reason: str) -> None:
    turn = choose(queue, free, START)
    assert turn is not None
    assert (turn.taker_id, turn.host_ids, turn.group_id, turn.reason) == (taker, (taker,), None, reason)


@pytest.mark.parametrize(
    "queue", [pytest.param(line(), id="no members"), pytest.param(line(member(2)), id="nobody free")]
)
def test_nobody_takes_a_turn_who_cannot(queue: Line) -> None:
    assert choose(queue, {A}, START) is None


GROUP = group(50, [1, 2, 3], seats=2)


@pytest.mark.parametrize(
    ("taker", "free", "hosts"),
    [
        pytest.param(GROUP, {A, B, C}, (A, B), id="as many as have a seat, in their order"),
        pytest.param(GROUP, {B, C}, (B, C), id="those who are free"),
        pytest.param(GROUP, {C}, None, id="too few are free"),
        pytest.param(replace(GROUP, main_host_id=C), {A, B, C}, (C, A), id="the main host leads"),
        pytest.param(replace(GROUP, main_host_id=C), {A, B}, None, id="not without the main host"),
        pytest.param(replace(GROUP, main_host_id=D), {A, B}, (A, B), id="a main host who left is none"),
        pytest.param(replace(GROUP, seats=9), {A, B, C}, (A, B, C), id="a small group fills what seats it can"),
        pytest.param(replace(GROUP, seats=9), {A, B}, None, id="a small group needs all of its hosts"),
        pytest.param(group(50, [], seats=1), {A}, None, id="an empty group takes no turns"),
        pytest.param(
            replace(
                GROUP, hosts=(TurnHost(id=A, last_turn=8), TurnHost(id=B, last_turn=5), TurnHost(id=C, last_turn=6))
            ),
            {A, B, C},
            (B, C),
            id="who took part least recently",
        ),
    ],
)
def test_of_a_group_take_part(taker: Taker, free: set[UUID], hosts: tuple[UUID, ...] | None) -> None:
    turn = choose(line(taker), free, START)
    assert (turn and (turn.taker_id, turn.group_id, turn.host_ids)) == (hosts and (taker.id, taker.id, hosts))


def test_the_leading_hosts_own_link_comes_with_the_turn() -> None:
    own = Taker(id=A, hosts=(TurnHost(id=A, custom_link="https://meet.example.com/a"),))
    turn = choose(line(own, member(2)), {A, B}, START)
    assert turn is not None
    assert turn.custom_link == "https://meet.example.com/a"


@pytest.mark.parametrize("reason", ["chosenByAttendee", "reassigned"])
def test_a_named_member_or_group_takes_a_turn_that_is_not_theirs(reason: Any) -> None:
    queue = line(member(1), member(2, last_turn=9, place_turn=9), GROUP)
    named = [turn_of(queue, taker_id, {A, B}, reason) for taker_id in (B, GROUP.id)]
    assert [(turn.host_ids, turn.group_id, turn.reason) for turn in named if turn] == [
        ((B,), None, reason),
        ((A, B), GROUP.id, reason),
    ]
    assert turn_of(queue, C, {A, B, C}, reason) is None
    assert turn_of(queue, B, {A}, reason) is None


takers = st.lists(
    st.builds(
        lambda n, capacity, priority: member(n, capacity=capacity, priority=priority),
        st.integers(1, 30),
        st.integers(1, 4),
        st.integers(0, 3),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda taker: taker.id,
)
kinds = st.sampled_from(["simpleRoundRobin", "advancedRoundRobin", "equalDistribution"])


@settings(deadline=None)
@given(takers, kinds, st.sampled_from(["day", "week", "month"]), st.data())
def test_every_turn_of_a_small_queue_falls_to_whom_the_definition_says(
    members: list[Taker], kind: Any, period: Any, data: st.DataObject
) -> None:
    history = History(line(*members, kind=kind, distribution_period=period))
    hosts = [taker.id for taker in members]
    for _ in range(data.draw(st.integers(1, 12))):
        start = START + data.draw(st.integers(0, 40)) * DAY
        free = frozenset(data.draw(st.lists(st.sampled_from(hosts), min_size=1, unique=True)))
        expected = next_taker(history, free, start)
        booked = history.take(free, start)
        assert booked is not None
        assert expected is not None
        assert booked.turn.taker_id == expected.id
        earlier = data.draw(st.sampled_from(history.live))
        what: str = data.draw(st.sampled_from(["keep", "cancel", "move"]))
        if what == "cancel":
            history.cancel(earlier)
        if what == "move":
            history.move(earlier, START + data.draw(st.integers(0, 40)) * DAY)


@settings(deadline=None)
@given(takers, kinds, st.integers(0, 20))
def test_the_ranking_is_the_order_of_first_turns_if_all_were_free(members: list[Taker], kind: Any, before: int) -> None:
    """Among those of the highest priority, where there are any: the others have none while those are free."""
    history = History(line(*members, kind=kind))
    everybody = frozenset(taker.id for taker in members)
    for n in range(before):
        history.take(everybody, START + n * HOUR)
    ranked = [taker.id for taker in ranking(history.line(), START)]
    in_order = [history.take(everybody, START) for _ in range(4 * sum(taker.capacity for taker in members))]
    first_turns = list(dict.fromkeys(booked.turn.taker_id for booked in in_order if booked))
    assert first_turns == ranked[: len(first_turns)]
    assert kind == "advancedRoundRobin" or len(first_turns) == len(members)
