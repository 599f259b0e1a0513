import pytest

from slotkeeper.availability.local_days import DAY, local_day, wall_clock
from tests.availability.worlds import HOUR, at


def day_of(date: str) -> int:
    return at(date) // DAY


@pytest.mark.parametrize(
    ("timezone", "date", "hours"),
    [
        pytest.param("Asia/Tokyo", "2026-03-29", 24, id="no daylight saving time"),
        pytest.param("Europe/Berlin", "2026-03-29", 23, id="Berlin forward"),
        pytest.param("Europe/Berlin", "2026-10-25", 25, id="Berlin back"),
        pytest.param("America/New_York", "2026-03-08", 23, id="New York forward"),
        pytest.param("Australia/Lord_Howe", "2026-10-04", 23.5, id="Lord Howe forward half an hour"),
        pytest.param("Australia/Lord_Howe", "2026-04-05", 24.5, id="Lord Howe back half an hour"),
        pytest.param("Antarctica/Troll", "2026-03-29", 22, id="Troll forward two hours"),
        pytest.param("America/Santiago", "2026-04-04", 25, id="Santiago back across midnight"),
        pytest.param("Pacific/Apia", "2011-12-29", 24, id="Apia before the date line moved"),
        pytest.param("Pacific/Apia", "2011-12-30", 0, id="Apia without 30 December"),
        pytest.param("Pacific/Apia", "2011-12-31", 24, id="Apia after the date line moved"),
    ],
)
def test_a_local_day_lasts_as_long_as_its_zone_says(timezone: str, date: str, hours: float) -> None:
    pieces = local_day(timezone, day_of(date))
    assert sum(end - start for start, end, _ in pieces) == hours * HOUR
    assert all(wall_clock(timezone, t) // DAY == day_of(date) for s, e, _ in pieces for t in (s, e - 1))


def test_a_clock_set_back_just_after_midnight_shows_the_evening_twice() -> None:
    """St. John's changed a minute after midnight until 2011: Sunday began twice, an hour of Saturday in between."""
    saturday = local_day("America/St_Johns", day_of("2010-11-06"))
    sunday = local_day("America/St_Johns", day_of("2010-11-07"))
    assert [end - start for start, end, _ in saturday] == [24 * HOUR, 59 * 60]
    assert [end - start for start, end, _ in sunday] == [60, 60 + 24 * HOUR - 60]
    assert saturday[0][1] == sunday[0][0]
    assert sunday[0][1] == saturday[1][0]


def test_an_absurd_instant_has_a_wall_clock_too() -> None:
    assert wall_clock("Asia/Tokyo", 10**15) == 10**15 + 9 * HOUR
    assert isinstance(wall_clock("Asia/Tokyo", -(10**15)), int)
