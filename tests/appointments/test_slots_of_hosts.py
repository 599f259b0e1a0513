"""Pure: what several hosts can take together, on random worlds."""

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slotkeeper.appointments.slots_of_hosts import (
    Calculation,
    Group,
    Obstacle,
    joinable,
    obstacles,
    starts_of_hosts,
    starts_together,
)
from slotkeeper.availability.rules import why_not_free
from tests.availability.test_slots import STEP, World, worlds
from tests.availability.worlds import DAY, HOST, HOUR, MINUTE, Busy, appointment, at, every_day, host, rules

NOON = at("2026-03-02 12:00")
METHODS: tuple[Calculation, ...] = ("everyone", "anyone")


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_everyone_means_that_all_can_take_it_and_anyone_that_one_can_alone(world: World) -> None:
    first, end, now, asked, hosts = world
    within = (first, end)
    everyone = starts_together(within, lambda _: asked, hosts, now, "everyone")
    anyone = starts_together(within, lambda _: asked, hosts, now, "anyone")
    instants = range(first, end, STEP)
    assert everyone == [t for t in instants if not why_not_free(t, asked, hosts, now)]
    assert anyone == [t for t in instants if any(not why_not_free(t, asked, [one], now) for one in hosts)]


@settings(max_examples=40, deadline=None)
@given(worlds(), st.sampled_from(METHODS))
def test_an_obstacle_is_told_for_exactly_the_slots_that_are_not_listed(world: World, method: Calculation) -> None:
    first, end, now, asked, hosts = world
    listed = starts_together((first, end), lambda _: asked, hosts, now, method)
    found = obstacles((first, end), lambda _: asked, hosts, now, method, set(listed))
    assert not set(listed) & set(found)
    assert list(found) == sorted(found)
    for start, told in found.items():
        teams = [hosts] if method == "everyone" else [[one] for one in hosts]
        refused = {(r.rule, r.host_id) for team in teams for r in why_not_free(start, asked, team, now)}
        assert told
        assert {(o.rule, o.host_id) for o in told} <= refused


def test_whoever_holds_nothing_stands_in_nobodys_way() -> None:
    assert starts_together((NOON, NOON + DAY), lambda _: rules(), [], NOON, "anyone") == []
    assert starts_of_hosts((NOON, NOON + DAY), lambda _: rules(), [], NOON) == {}


def test_each_host_counts_slots_from_the_start_of_their_own_hours() -> None:
    early = host(schedule=every_day("12:00-13:00"))
    late = host(schedule=every_day("12:10-13:00"), host_id=UUID(int=101))
    asked = rules(slot_interval=30 * MINUTE)
    anyone = starts_together((NOON, NOON + HOUR), lambda _: asked, [early, late], NOON, "anyone")
    assert [t - NOON for t in anyone] == [0, 10 * MINUTE, 30 * MINUTE]


@pytest.mark.parametrize(
    ("busy", "expected"),
    [
        pytest.param(appointment(NOON, NOON + HOUR), Obstacle("slot-occupied", HOST, "appointment"), id="appointment"),
        pytest.param(Busy(NOON, NOON + HOUR, "calendar"), Obstacle("slot-occupied", HOST, "calendar"), id="event"),
        pytest.param(Busy(NOON, NOON + HOUR, "hold"), Obstacle("slot-occupied", HOST, "hold"), id="hold"),
        pytest.param(
            Busy(NOON - 30 * MINUTE, NOON, "appointment", buffer_after=HOUR),
            Obstacle("buffer", HOST, "appointment"),
            id="buffer",
        ),
    ],
)
def test_an_obstacle_names_what_kind_of_time_is_taken(busy: Busy, expected: Obstacle) -> None:
    within = (NOON, NOON + 15 * MINUTE)
    assert obstacles(within, lambda _: rules(), [host(busy)], NOON, "everyone", set()) == {NOON: [expected]}


def test_what_refuses_all_hosts_alike_is_told_once() -> None:
    pair = [host(), host(host_id=UUID(int=101))]
    asked = rules(minimum_notice=DAY)
    found = obstacles((NOON, NOON + MINUTE), lambda _: asked, pair, NOON, "anyone", set())
    assert found == {NOON: [Obstacle("too-short-notice", None, None)]}


def group(start: int, taken: int, total: int = 3, number: int = 1) -> Group:
    return Group(id=UUID(int=number), start=start, total=total, taken=taken)


def test_a_group_can_be_joined_while_it_has_seats_and_lies_in_the_booking_window() -> None:
    asked = rules(minimum_notice=HOUR, latest_start=NOON + 3 * HOUR)
    open_, full = group(NOON + 2 * HOUR, 2), group(NOON + 2 * HOUR + MINUTE, 3)
    soon, far, outside = group(NOON + MINUTE, 0), group(NOON + 4 * HOUR, 0), group(NOON + 20 * HOUR, 0)
    found = joinable((NOON, NOON + 10 * HOUR), asked, [open_, full, soon, far, outside], NOON)
    assert found == {open_.start: open_}


def test_of_two_groups_at_one_start_the_first_is_joined() -> None:
    first, second = group(NOON, 2, number=1), group(NOON, 0, number=2)
    assert joinable((NOON, NOON + HOUR), rules(), [first, second], NOON) == {NOON: first}
