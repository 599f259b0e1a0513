import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.availability.hours_faults import faults_of
from slotkeeper.availability.working_hours import weekly_hours
from slotkeeper.records.schedule import Day, Hours, WeeklySchedule

DAY_MINUTES = 24 * 60


def hours(*texts: str) -> list[Hours]:
    return [Hours(*text.split("-")) for text in texts]


@pytest.mark.parametrize(
    ("given_hours", "faults"),
    [
        pytest.param(hours("09:00-12:00", "13:00-17:00"), [], id="two stretches"),
        pytest.param(hours("13:00-17:00", "09:00-12:00"), [], id="in any order"),
        pytest.param(hours("09:00-12:00", "12:00-17:00"), [], id="touching"),
        pytest.param(hours("22:00-24:00", "00:00-02:00"), [], id="from and to midnight"),
        pytest.param(hours("22:00-00:00"), [], id="until 00:00, the day's end"),
        pytest.param(hours("00:00-00:00"), [], id="all day"),
        pytest.param(hours("9:00-17:00"), [(0, "start")], id="one digit"),
        pytest.param(hours("09:00-24:01"), [(0, "end")], id="after midnight's 24:00"),
        pytest.param(hours("nine-five"), [(0, "start"), (0, "end")], id="words"),
        pytest.param(hours("17:00-09:00"), [(0, "end")], id="ends before it starts"),
        pytest.param(hours("09:00-09:00"), [(0, "end")], id="no time at all"),
        pytest.param(hours("24:00-24:00"), [(0, "end")], id="starts at the day's end"),
        pytest.param(hours("09:00-12:00", "11:00-13:00"), [(1, "start")], id="overlapping"),
        pytest.param(hours("09:00-10:00", "08:00-17:00"), [(1, "start")], id="enclosing earlier ones"),
        pytest.param(hours("09:00-12:00", "09:00-12:00"), [(1, "start")], id="the same twice"),
        pytest.param(hours("22:00-00:00", "23:00-24:00"), [(1, "start")], id="overlapping at midnight"),
        pytest.param(hours("17:00-09:00", "08:00-10:00"), [(0, "end")], id="beside hours that are none"),
    ],
)
def test_each_fault_is_told_of_the_time_that_has_it(given_hours: list[Hours], faults: list[tuple[int, str]]) -> None:
    found = list(faults_of(given_hours))
    assert [(at, end) for at, end, _ in found] == faults
    assert all(message.startswith("must ") for *_, message in found)


def wall_time(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"


STRETCHES = st.lists(st.tuples(*[st.integers(0, DAY_MINUTES).map(wall_time)] * 2), max_size=4)


@given(STRETCHES)
def test_hours_without_faults_are_those_that_the_rule_takes_and_that_hold_no_minute_twice(
    stretches: list[tuple[str, str]],
) -> None:
    day = Day(enabled=True, hours=tuple(Hours(*stretch) for stretch in stretches))
    try:
        intervals = weekly_hours(WeeklySchedule(monday=day))[0]
    except ValueError:
        intervals = ((0, 60), (0, 60))
    minutes = [minute for start, end in intervals for minute in range(start // 60, end // 60)]
    assert (not list(faults_of(day.hours))) == (len(minutes) == len(set(minutes)))
