from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from slotkeeper.availability.booking_window import DaysIntoFuture, booking_window
from tests.availability.worlds import MINUTE, at

NOW = at("2026-03-28 10:00")
ZONES = ["Etc/GMT+12", "America/New_York", "UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati"]


@pytest.mark.parametrize("timezone", ZONES)
def test_a_limit_is_counted_in_minutes_from_now(timezone: str) -> None:
    days = DaysIntoFuture(mode="limit", booking_limit=43_200)
    assert booking_window(days, NOW, timezone) == (None, NOW + 43_200 * MINUTE)


@pytest.mark.parametrize("timezone", ZONES)
@pytest.mark.parametrize("minutes", [0, 720, 1_440, 2_880])
def test_a_limit_by_the_calendar_lasts_to_the_end_of_its_local_day(timezone: str, minutes: int) -> None:
    days = DaysIntoFuture(mode="limit", booking_limit=minutes, count_mode="calendar")
    limit = datetime.fromtimestamp(NOW + minutes * MINUTE, ZoneInfo(timezone))
    next_midnight = at(f"{limit.date() + timedelta(days=1)}", timezone)
    assert booking_window(days, NOW, timezone) == (None, next_midnight - 1)


@pytest.mark.parametrize(
    ("range_min", "range_max"),
    [
        pytest.param("2026-03-28", "2026-03-29", id="dates"),
        pytest.param("2026-03-28T15:00", "2026-03-29T08:00:00", id="wall-clock times"),
        pytest.param("2026-03-27T23:00:00.000Z", "2026-03-29T21:59:59.999Z", id="instants"),
        pytest.param("2026-03-28T00:00:00+01:00", "2026-03-29T00:00:00+01:00", id="instants with an offset"),
    ],
)
def test_a_range_is_whole_days_in_the_zone_the_night_of_the_change_included(range_min: str, range_max: str) -> None:
    days = DaysIntoFuture(mode="range", range_min=range_min, range_max=range_max)
    first, end = at("2026-03-28", "Europe/Berlin"), at("2026-03-30", "Europe/Berlin")
    assert booking_window(days, NOW, "Europe/Berlin") == (first, end - 1)


def test_a_range_may_be_open_at_either_end() -> None:
    since = DaysIntoFuture(mode="range", range_min="2026-03-28")
    until = DaysIntoFuture(mode="range", range_max="2026-03-28")
    assert booking_window(since, NOW, "UTC") == (at("2026-03-28"), None)
    assert booking_window(until, NOW, "UTC") == (None, at("2026-03-29") - 1)


def test_a_range_that_ends_on_a_date_that_the_zone_skips_ends_with_the_day_before() -> None:
    days = DaysIntoFuture(mode="range", range_min="2011-12-30", range_max="2011-12-30")
    change = at("2011-12-31", "Pacific/Apia")
    assert booking_window(days, NOW, "Pacific/Apia") == (change, change - 1)


@pytest.mark.parametrize(
    "days",
    [
        pytest.param(DaysIntoFuture(), id="no mode"),
        pytest.param(DaysIntoFuture(mode="unlimited", booking_limit=1), id="another mode"),
        pytest.param(DaysIntoFuture(mode="limit"), id="a limit without a number"),
        pytest.param(DaysIntoFuture(mode="range"), id="a range without ends"),
    ],
)
def test_anything_else_bounds_nothing(days: DaysIntoFuture) -> None:
    assert booking_window(days, NOW, "Europe/Berlin") == (None, None)


@pytest.mark.parametrize(
    ("days", "field"),
    [
        pytest.param(DaysIntoFuture(mode="range", range_min="soon"), "rangeMin", id="start"),
        pytest.param(DaysIntoFuture(mode="range", range_max="2026-02-30"), "rangeMax", id="end"),
    ],
)
def test_a_range_that_is_no_date_is_refused_by_name(days: DaysIntoFuture, field: str) -> None:
    with pytest.raises(ValueError, match=f"^{field}: "):
        booking_window(days, NOW, "UTC")
