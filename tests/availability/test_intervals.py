from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.availability.intervals import Interval, merge, overlap, subtract

INTERVALS = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)))


def instants(intervals: list[Interval]) -> set[int]:
    return {instant for start, end in intervals for instant in range(start, end)}


@pytest.mark.parametrize(
    ("other", "overlaps"),
    [
        pytest.param((0, 10), False, id="touching before"),
        pytest.param((0, 11), True, id="one second into the start"),
        pytest.param((12, 18), True, id="enclosed"),
        pytest.param((10, 20), True, id="the same"),
        pytest.param((5, 25), True, id="enclosing"),
        pytest.param((19, 30), True, id="one second before the end"),
        pytest.param((20, 30), False, id="touching after"),
        pytest.param((40, 50), False, id="apart"),
    ],
)
def test_overlap_is_half_open(other: Interval, overlaps: bool) -> None:
    assert overlap((10, 20), other) is overlaps
    assert overlap(other, (10, 20)) is overlaps


@given(INTERVALS)
def test_merging_keeps_every_instant_and_leaves_gaps_between_intervals(intervals: list[Interval]) -> None:
    merged = merge(intervals)
    assert instants(merged) == instants(intervals)
    assert all(end < start for (_, end), (start, _) in pairwise(merged))


@given(INTERVALS, INTERVALS)
def test_subtracting_leaves_the_instants_that_no_cut_holds(kept: list[Interval], cuts: list[Interval]) -> None:
    left = subtract(merge(kept), merge(cuts))
    assert instants(left) == instants(kept) - instants(cuts)
    assert left == merge(left)
