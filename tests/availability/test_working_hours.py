import re
from collections.abc import Sequence

import pytest

from slotkeeper.availability.intervals import Interval
from slotkeeper.availability.working_hours import weekly_hours, working_time
from slotkeeper.records.schedule import Day, Hours, WeeklySchedule
from tests.availability.definition import works
from tests.availability.worlds import DAY, HOUR, MINUTE, at, every_day, exception, host

DST_NIGHTS = [
    pytest.param("Europe/Berlin", "2026-03-29", id="Berlin forward"),
    pytest.param("Europe/Berlin", "2026-10-25", id="Berlin back"),
    pytest.param("Europe/Dublin", "2026-10-25", id="Dublin, whose winter is the exception"),
    pytest.param("America/New_York", "2026-03-08", id="New York forward"),
    pytest.param("America/New_York", "2026-11-01", id="New York back"),
    pytest.param("America/Santiago", "2026-04-04", id="Santiago back at midnight"),
    pytest.param("America/Santiago", "2026-09-06", id="Santiago forward at midnight"),
    pytest.param("America/St_Johns", "2010-11-07", id="St. John's back a minute after midnight"),
    pytest.param("Australia/Lord_Howe", "2026-04-05", id="Lord Howe back half an hour"),
    pytest.param("Australia/Lord_Howe", "2026-10-04", id="Lord Howe forward half an hour"),
    pytest.param("Pacific/Chatham", "2026-04-05", id="Chatham at a quarter to"),
    pytest.param("Antarctica/Troll", "2026-10-25", id="Troll back two hours"),
    pytest.param("Africa/Casablanca", "2026-02-15", id="Casablanca as Ramadan begins"),
    pytest.param("Africa/Casablanca", "2026-03-22", id="Casablanca as Ramadan ends"),
    pytest.param("Africa/Cairo", "2026-04-24", id="Cairo, where midnight does not exist"),
    pytest.param("Pacific/Apia", "2011-12-30", id="Apia without 30 December"),
    pytest.param("Asia/Kathmandu", "2026-03-29", id="Kathmandu, a quarter to six hours ahead"),
    pytest.param("Asia/Tokyo", "2026-03-29", id="Tokyo"),
    pytest.param("Pacific/Kiritimati", "2026-03-29", id="Kiritimati, 14 hours ahead"),
    pytest.param("Etc/GMT+12", "2026-03-29", id="12 hours behind"),
]
HOURS = [
    pytest.param(("09:00-17:00",), id="office hours"),
    pytest.param(("00:30-02:15", "02:45-03:30"), id="in the night of the change"),
    pytest.param(("22:00-24:00", "00:00-02:30"), id="across midnight"),
    pytest.param(("00:00-24:00",), id="always"),
]


@pytest.mark.parametrize(("timezone", "date"), DST_NIGHTS)
@pytest.mark.parametrize("hours", HOURS)
def test_working_hours_are_the_hours_of_the_hosts_own_zone_at_that_instant(
    timezone: str, date: str, hours: tuple[str, ...]
) -> None:
    """Invariant 16."""
    first, end = at(date) - 36 * HOUR, at(date) + 60 * HOUR
    someone = host(timezone=timezone, schedule=every_day(*hours))
    working = working_time(someone.schedule, (), timezone, first, end)
    by_sweep = {t for t in range(first, end, 5 * MINUTE) if any(s <= t < e for s, e in working)}
    assert by_sweep == {t for t in range(first, end, 5 * MINUTE) if works(someone, t)}


@pytest.mark.parametrize(
    ("date", "hours", "expected"),
    [
        pytest.param(
            "2026-03-29", "01:00-04:00", [("00:00", "02:00")], id="forward: from 01:00 to 04:00 are two hours"
        ),
        pytest.param("2026-03-29", "02:00-03:00", [], id="forward: from 02:00 to 03:00 is nothing"),
        pytest.param("2026-10-25", "01:00-04:00", [("23:00", "03:00")], id="back: from 01:00 to 04:00 are four hours"),
        pytest.param(
            "2026-10-25", "02:00-02:30", [("00:00", "00:30"), ("01:00", "01:30")], id="back: 02:00 to 02:30 comes twice"
        ),
    ],
)
def test_hours_in_the_night_of_the_change_last_as_long_as_the_wall_clock_shows_them(
    date: str, hours: str, expected: list[tuple[str, str]]
) -> None:
    noon = at(f"{date} 12:00", "Europe/Berlin")
    working = working_time(every_day(hours), (), "Europe/Berlin", noon - 14 * HOUR, noon)
    today = [(s, e) for s, e in working if noon - 14 * HOUR <= s < noon]
    assert [tuple(_utc(t) for t in interval) for interval in today] == expected


def _utc(instant: int) -> str:
    return f"{instant % DAY // HOUR:02}:{instant % HOUR // MINUTE:02}"


@pytest.mark.parametrize("end", ["24:00", "00:00"])
def test_an_end_at_midnight_is_the_end_of_the_day_and_joins_the_next(end: str) -> None:
    monday = at("2026-03-02")
    schedule = WeeklySchedule(
        monday=Day(True, (Hours("22:00", end),)),
        tuesday=Day(True, (Hours("00:00", "02:00"),)),
    )
    assert working_time(schedule, (), "UTC", monday, monday + 2 * DAY) == ((monday + 22 * HOUR, monday + 26 * HOUR),)


def test_extra_hours_are_united_with_working_time_and_hours_off_are_taken_away() -> None:
    day = at("2026-03-02")
    exceptions = [
        exception(day + 16 * HOUR, day + 20 * HOUR, available=True),
        exception(day + 12 * HOUR, day + 13 * HOUR, available=False),
        exception(day + 19 * HOUR, day + 30 * HOUR, available=False),
    ]
    working = working_time(every_day("09:00-17:00"), exceptions, "UTC", day, day + DAY)
    assert _clipped(working, day, day + DAY) == [(day + 9 * HOUR, day + 12 * HOUR), (day + 13 * HOUR, day + 19 * HOUR)]


def _clipped(intervals: Sequence[Interval], first: int, end: int) -> list[Interval]:
    return [(max(s, first), min(e, end)) for s, e in intervals if s < end and e > first]


def test_extra_hours_of_several_days_hold_every_instant_of_them_across_a_change_of_the_clock() -> None:
    first, end = at("2026-03-27"), at("2026-03-31")
    working = working_time(WeeklySchedule(), [exception(first, end, available=True)], "Europe/Berlin", first, end)
    assert working == ((first, end),)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param("9:00", "17:00", id="one digit"),
        pytest.param("09:00", "25:00", id="hour 25"),
        pytest.param("09:60", "17:00", id="minute 60"),
        pytest.param("09:00", "24:30", id="after midnight's 24:00"),
        pytest.param("09:00", "09:00", id="no time at all"),
        pytest.param("22:00", "02:00", id="across midnight in one piece"),
        pytest.param("24:00", "24:00", id="starts at the day's end"),
        pytest.param("09:00\n", "17:00", id="newline"),
        pytest.param("٠٩:٠٠", "17:00", id="digits that are not ASCII"),  # noqa: RUF001 - they are the case
        pytest.param("", "", id="empty"),
    ],
)
@pytest.mark.parametrize("enabled", [True, False])
def test_malformed_hours_are_refused_naming_the_day(start: str, end: str, enabled: bool) -> None:
    schedule = WeeklySchedule(wednesday=Day(enabled, (Hours(start, end),)))
    with pytest.raises(ValueError, match=re.compile(r"^wednesday: ")):
        weekly_hours(schedule)


def test_a_day_that_is_not_enabled_has_no_hours() -> None:
    hours = (Hours("09:00", "17:00"),)
    parsed = weekly_hours(WeeklySchedule(monday=Day(False, hours), sunday=Day(True, hours)))
    assert parsed == ((), (), (), (), (), (), ((9 * HOUR, 17 * HOUR),))
