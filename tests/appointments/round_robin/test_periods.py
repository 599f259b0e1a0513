from typing import Any

import pytest

from slotkeeper.appointments.round_robin.periods import period_of, whole_periods

from ...availability.worlds import DAY, at


@pytest.mark.parametrize(
    ("period", "start", "first_day"),
    [
        pytest.param("day", "2037-12-31 23:59", "2037-12-31", id="the last minute of a day"),
        pytest.param("day", "2038-01-01 00:00", "2038-01-01", id="the first minute of a day"),
        pytest.param("week", "2038-01-03 23:59", "2037-12-28", id="a Sunday is in the week of its Monday"),
        pytest.param("week", "2038-01-04 00:00", "2038-01-04", id="a Monday begins one"),
        pytest.param("month", "2037-12-31 23:59", "2037-12-01", id="the last minute of a month"),
        pytest.param("month", "2038-01-01 00:00", "2038-01-01", id="the first minute of a month"),
    ],
)
@pytest.mark.parametrize("timezone", ["Europe/Berlin", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_a_period_is_counted_on_the_companys_calendar(timezone: str, period: Any, start: str, first_day: str) -> None:
    assert period_of(timezone, period, at(start, timezone)) == at(first_day) // DAY


@pytest.mark.parametrize(
    ("period", "first", "end", "since", "until"),
    [
        pytest.param("day", "03-29 12:00", "03-29 12:01", "03-29 00:00", "03-30 00:00", id="a day of 23 hours"),
        pytest.param("week", "03-28 12:00", "03-29 12:00", "03-23 00:00", "03-30 00:00", id="a week"),
        pytest.param("month", "03-31 12:00", "04-01 00:00", "03-01 00:00", "04-01 00:00", id="the end is not included"),
        pytest.param("month", "03-31 12:00", "04-01 00:01", "03-01 00:00", "05-01 00:00", id="two months"),
    ],
)
def test_whole_periods_reach_from_the_first_to_the_last(
    period: Any, first: str, end: str, since: str, until: str
) -> None:
    instants = [at(f"2026-{text}", "Europe/Berlin") for text in (first, end, since, until)]
    assert whole_periods("Europe/Berlin", period, *instants[:2]) == tuple(instants[2:])
