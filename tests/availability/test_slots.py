from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from slotkeeper.availability.rules import BookingRules, HostAvailability, Source, why_not_free
from slotkeeper.availability.slots import free_slots, nearest_free
from slotkeeper.records.schedule import DAYS, Day, Hours, ScheduleException, WeeklySchedule
from tests.availability.definition import free_starts, on_the_grid
from tests.availability.worlds import (
    DAY,
    HOUR,
    MEETING_TYPE,
    MINUTE,
    OTHER_TYPE,
    Busy,
    at,
    every_day,
    exception,
    host,
    rules,
)

NIGHTS = {
    "Europe/Berlin": ("2026-03-29", "2026-10-25"),
    "America/New_York": ("2026-03-08", "2026-11-01"),
    "America/Santiago": ("2026-04-04", "2026-09-06"),
    "Australia/Lord_Howe": ("2026-04-05", "2026-10-04"),
    "Asia/Kathmandu": ("2026-05-01",),
    "Pacific/Apia": ("2011-12-30",),
    "Africa/Casablanca": ("2026-02-15", "2026-03-22"),
    "Pacific/Kiritimati": ("2026-02-01",),
    "Etc/GMT+12": ("2026-03-31",),
}
STEP = 5 * MINUTE
SOURCES: tuple[Source, ...] = ("appointment", "hold", "calendar")


class World(NamedTuple):
    first: int
    end: int
    now: int
    rules: BookingRules
    hosts: tuple[HostAvailability, ...]


def steps(least: int, most: int) -> st.SearchStrategy[int]:
    return st.integers(least // STEP, most // STEP).map(lambda n: n * STEP)


@st.composite
def days(draw: st.DrawFn) -> Day:
    marks = sorted(draw(st.sets(steps(0, DAY), min_size=2, max_size=4)))
    texts = [f"{mark // HOUR:02}:{mark % HOUR // MINUTE:02}" for mark in marks]
    pairs = zip(texts[::2], texts[1::2], strict=False)
    return Day(
        enabled=draw(st.sampled_from((True, True, True, False))), hours=tuple(Hours(start, end) for start, end in pairs)
    )


ALWAYS = Day(enabled=True, hours=(Hours("00:00", "24:00"),))
SCHEDULES = st.one_of(
    st.just(WeeklySchedule(**dict.fromkeys(DAYS, ALWAYS))),
    st.fixed_dictionaries({name: days() for name in DAYS}).map(lambda week: WeeklySchedule(**week)),
)


@st.composite
def exceptions(draw: st.DrawFn, first: int) -> ScheduleException:
    start = first + draw(steps(-DAY, 3 * DAY))
    return exception(start, start + draw(steps(STEP, DAY)), available=draw(st.booleans()))


@st.composite
def busy(draw: st.DrawFn, first: int) -> Busy:
    start = first + draw(steps(-DAY, 3 * DAY))
    source = draw(st.sampled_from(SOURCES))
    buffers = st.just(0) if source == "calendar" else steps(0, HOUR)
    return Busy(
        start=start,
        end=start + draw(steps(STEP, 4 * HOUR)),
        buffer_before=draw(buffers),
        buffer_after=draw(buffers),
        source=source,
        meeting_type_id=draw(st.sampled_from((MEETING_TYPE, OTHER_TYPE))),
    )


@st.composite
def worlds(draw: st.DrawFn, sizes: Sequence[int] = (1, 1, 2, 3)) -> World:
    """Two days around a night on which some clock may change; every bound a multiple of five minutes."""
    night = draw(st.sampled_from([at(date, zone) for zone, dates in NIGHTS.items() for date in dates]))
    first = night - draw(steps(0, DAY))
    hosts = tuple(
        host(
            *draw(st.lists(busy(first), max_size=4)),
            timezone=draw(st.sampled_from(sorted(NIGHTS))),
            schedule=draw(SCHEDULES),
            exceptions=draw(st.lists(exceptions(first), max_size=2)),
            host_id=UUID(int=n),
        )
        for n in range(draw(st.sampled_from(sizes)))
    )
    asked = rules(
        draw(steps(STEP, HOUR)),
        slot_interval=draw(st.sampled_from((5, 15, 25, 60))) * MINUTE,
        buffer_before=draw(st.just(0) | steps(0, HOUR)),
        buffer_after=draw(st.just(0) | steps(0, HOUR)),
        buffer_must_stay_within_working_hours=draw(st.booleans()),
        minimum_notice=draw(st.just(0) | steps(0, DAY)),
        earliest_start=draw(st.none() | steps(-DAY, DAY).map(lambda n: first + n)),
        latest_start=draw(st.none() | steps(DAY, 3 * DAY).map(lambda n: first + n)),
        limits=draw(st.dictionaries(st.sampled_from(("day", "week", "month")), st.integers(1, 3), max_size=2)),
    )
    return World(first, first + 2 * DAY, first + draw(steps(-DAY, DAY // 2)), asked, hosts)


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_a_write_succeeds_if_and_only_if_the_slot_is_listed(world: World) -> None:
    """Invariant 9, and that both mean what the definition says, read from the clock minute by minute."""
    first, end, now, asked, hosts = world
    listed = free_slots(first, end, asked, hosts, now)
    instants = range(first, end, STEP)
    assert listed == [t for t in instants if not why_not_free(t, asked, hosts, now)]
    assert listed == free_starts(instants, asked, hosts, now)


@settings(max_examples=50, deadline=None)
@given(worlds())
def test_a_start_off_the_grid_is_refused_whatever_else_is_free(world: World) -> None:
    first, _, now, asked, hosts = world
    for start in range(first, first + DAY, 7 * MINUTE):
        if not on_the_grid(start, asked.slot_interval, hosts[0]):
            assert why_not_free(start, asked, hosts, now)


@settings(max_examples=50, deadline=None)
@given(worlds(), st.integers(0, 2 * DAY // STEP), st.integers(1, 8), steps(0, 2 * DAY))
def test_the_nearest_free_starts_are_the_free_starts_by_distance(
    world: World, offset: int, count: int, within: int
) -> None:
    first, _, now, asked, hosts = world
    start = first + offset * STEP
    free = free_slots(start - within, start + within + 1, asked, hosts, now)
    by_distance = sorted(free, key=lambda other: (abs(other - start), other))
    assert nearest_free(start, asked, hosts, now, count, within) == by_distance[:count]


def test_the_nearest_are_looked_for_until_there_are_enough() -> None:
    noon = at("2026-03-02 12:00")
    once_a_day = host(schedule=every_day("12:00-12:30"))
    nearest = nearest_free(noon + HOUR, rules(), [once_a_day], noon - DAY)
    assert nearest == [noon, noon + DAY, noon - DAY, noon + 2 * DAY, noon + 3 * DAY]
    assert nearest_free(noon + HOUR, rules(), [once_a_day], noon - DAY, within=DAY) == [noon, noon + DAY]


def test_an_empty_range_holds_no_slot() -> None:
    noon = at("2026-03-02 12:00")
    assert free_slots(noon, noon, rules(), [host()], noon) == []
    assert free_slots(noon + 1, noon, rules(), [host()], noon) == []


def test_a_host_who_never_works_has_no_slot_and_no_nearest() -> None:
    noon = at("2026-03-02 12:00")
    never = host(schedule=WeeklySchedule())
    assert free_slots(noon, noon + 30 * DAY, rules(), [never], noon) == []
    assert nearest_free(noon, rules(), [never], noon) == []
