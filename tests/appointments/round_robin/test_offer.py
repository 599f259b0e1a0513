"""Who is offered when slots are listed, and that writing agrees with it (docs/decisions/0060)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from slotkeeper.appointments.round_robin.choose import choose
from slotkeeper.appointments.round_robin.line import Line, Taker
from slotkeeper.appointments.round_robin.offer import (
    leads_too_far,
    offered,
    range_to_look_at,
    starts_of_takers,
)

from ...availability.worlds import DAY, HOUR, at
from .history import group, member

A, B, C = (UUID(int=n) for n in range(1, 4))
NOW = at("2037-12-07 10:00", "Europe/Berlin")
DECEMBER, JANUARY = (at(f"{month}-01 00:00") // DAY for month in ("2037-12", "2038-01"))


def line(*takers: Taker, **settings: Any) -> Line:
    fields = {"type": "equalDistribution", "max_lead_threshold": 2, "timezone": "Europe/Berlin", **settings}
    return Line(id=UUID(int=1_000), version=0, takers=takers, **fields)


def december(**turns: int) -> tuple[Taker, ...]:
    return tuple(member(n, turns={DECEMBER: count}) for n, count in enumerate(turns.values(), start=1))


SOON = {A: [NOW + DAY], B: [NOW + DAY], C: [NOW + DAY]}


@pytest.mark.parametrize(
    ("queue", "starts", "shown"),
    [
        pytest.param(line(*december(a=2, b=0, c=1)), SOON, {A, B, C}, id="a lead as large as the threshold"),
        pytest.param(line(*december(a=3, b=0, c=1)), SOON, {B, C}, id="a larger lead"),
        pytest.param(
            line(*december(a=1, b=0, c=0), max_lead_threshold=None), SOON, {B, C}, id="without a threshold, only fewest"
        ),
        pytest.param(
            line(*december(a=3, b=0, c=1)), {**SOON, B: []}, {A, C}, id="who has no time in the period does not count"
        ),
        pytest.param(
            line(*december(a=3, b=0, c=1)), {**SOON, B: [NOW + 40 * DAY]}, {A, B, C}, id="nor who has one in another"
        ),
        pytest.param(line(*december(a=9, b=0, c=0), type="simpleRoundRobin"), SOON, {A, B, C}, id="other algorithms"),
        pytest.param(
            line(
                member(1, turns={DECEMBER: 5}, capacity=2),
                member(2, turns={DECEMBER: 1}),
                member(3, turns={DECEMBER: 1}),
            ),
            SOON,
            {A, B, C},
            id="a lead is counted per place",
        ),
        pytest.param(line(), {}, set(), id="an empty queue"),
    ],
)
def test_are_offered(queue: Line, starts: Mapping[UUID, Sequence[int]], shown: set[UUID]) -> None:
    assert {taker_id for taker_id, free in offered(queue, starts, NOW).items() if free} == shown


def test_each_period_has_its_own_leads() -> None:
    queue = line(member(1, turns={DECEMBER: 9}), member(2, turns={JANUARY: 9}))
    starts = {A: [NOW, NOW + 40 * DAY], B: [NOW, NOW + 40 * DAY]}
    assert offered(queue, starts, NOW) == {A: [NOW + 40 * DAY], B: [NOW]}


@pytest.mark.parametrize(
    ("next_start", "prefers_near", "everybody"),
    [
        pytest.param(14 * DAY, True, False, id="just within 14 days past the notice"),
        pytest.param(14 * DAY + 1, True, True, id="later"),
        pytest.param(14 * DAY + 1, False, False, id="later, but it does not prefer near times"),
    ],
)
def test_a_queue_that_prefers_near_times_offers_everybody_rather_than_nothing_for_14_days(
    next_start: int, prefers_near: bool, everybody: bool
) -> None:
    queue = line(*december(a=3, b=0), prioritize_near_term_availability=prefers_near)
    starts = {A: [NOW + DAY], B: [NOW + next_start]}
    assert offered(queue, starts, NOW)[A] == (starts[A] if everybody else [])


TEAM = group(50, [1, 2, 3], seats=2)


@pytest.mark.parametrize(
    ("taker", "starts"),
    [
        pytest.param(member(1), [10, 20, 30], id="a member when they are free"),
        pytest.param(member(4), [], id="a member who never is"),
        pytest.param(TEAM, [10, 20, 30], id="a group when enough of its hosts are"),
        pytest.param(replace(TEAM, seats=3), [20], id="all of its hosts"),
        pytest.param(replace(TEAM, main_host_id=C), [20, 30], id="and its main host is"),
        pytest.param(replace(TEAM, seats=9), [20], id="a small group when all of its hosts are"),
        pytest.param(group(50, [], seats=1), [], id="an empty group never"),
    ],
)
def test_a_taker_could_take_a_turn(taker: Taker, starts: list[int]) -> None:
    free = {A: [10, 20, 30], B: [10, 20], C: [20, 30, 40]}
    assert list(starts_of_takers(line(taker), free)[taker.id]) == starts
    for start in (10, 20, 30, 40):
        turn = choose(line(taker), {host for host, times in free.items() if start in times}, start)
        assert (turn is not None) is (start in starts)


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Line, dict[UUID, list[int]]]:
    empty = line(
        max_lead_threshold=draw(st.sampled_from([None, 1, 2])),
        distribution_period=draw(st.sampled_from(["week", "month"])),
        prioritize_near_term_availability=draw(st.booleans()),
    )
    periods = st.sampled_from(sorted({empty.period_of(NOW + DAY * day) for day in range(60)}))
    turns = st.dictionaries(periods, st.integers(1, 6))
    members = [
        member(n, capacity=draw(st.integers(1, 2)), turns=draw(turns)) for n in range(1, draw(st.integers(2, 3)) + 1)
    ]
    queue = replace(empty, takers=tuple(members))
    days = st.lists(st.integers(0, 60), max_size=4)
    starts = {taker.id: sorted({NOW + DAY * day for day in draw(days)}) for taker in members}
    return queue, starts


@settings(deadline=None)
@given(worlds(), st.integers(0, 55), st.integers(1, 10), st.integers(0, 20))
def test_looking_at_the_range_that_is_named_is_enough(
    world: tuple[Line, dict[UUID, list[int]]], first_day: int, days: int, notice: int
) -> None:
    queue, everything = world
    earliest = NOW + notice * DAY
    starts = {taker_id: [s for s in free if s >= earliest] for taker_id, free in everything.items()}
    first, end = NOW + first_day * DAY, NOW + (first_day + days) * DAY
    since, until = range_to_look_at(queue, first, end, earliest)
    seen = {taker_id: [s for s in free if since <= s < until] for taker_id, free in starts.items()}

    def within(found: Mapping[UUID, Sequence[int]]) -> dict[UUID, list[int]]:
        return {taker_id: [s for s in free if first <= s < end] for taker_id, free in found.items()}

    assert within(offered(queue, seen, earliest)) == within(offered(queue, starts, earliest))


@settings(deadline=None)
@given(worlds())
def test_a_time_is_listed_if_and_only_if_the_one_whose_turn_it_would_be_is_offered_it(
    world: tuple[Line, dict[UUID, list[int]]],
) -> None:
    queue, starts = world
    listed = offered(queue, starts, NOW)
    for start in {s for free in starts.values() for s in free}:
        turn = choose(queue, {taker_id for taker_id, free in starts.items() if start in free}, start)
        assert turn is not None
        takes_it = not leads_too_far(queue, turn.taker_id, start) or start in listed[turn.taker_id]
        assert takes_it is any(start in free for free in listed.values())


def test_only_a_line_with_somebody_who_leads_too_far_has_to_look_further() -> None:
    day = (NOW, NOW + DAY)
    assert range_to_look_at(line(*december(a=2, b=0)), *day, NOW) == day
    assert range_to_look_at(line(*december(a=3, b=0)), *day, NOW) == (NOW, at("2038-01-01 00:00", "Europe/Berlin"))
    near = line(*december(a=3, b=0), prioritize_near_term_availability=True, distribution_period="day")
    assert range_to_look_at(near, NOW + 2 * DAY, NOW + 3 * DAY, NOW + HOUR) == (
        NOW + HOUR,
        at("2037-12-22 00:00", "Europe/Berlin"),
    )
