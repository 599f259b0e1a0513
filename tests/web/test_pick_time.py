"""A month of days and the free times of one of them, as a page shows them."""

from datetime import UTC, date, datetime, timedelta
from urllib.parse import parse_qs
from zoneinfo import available_timezones

import pytest
from babel import Locale
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.web.pick_time import Month, PickTime, month_asked, pick_time

ZONES = sorted(available_timezones() - {"localtime"})
NOW = datetime(2037, 11, 23, 8, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def at(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


def shown(month: Month, *starts: int, earliest: int | None = None, language: str = "en") -> PickTime:
    return pick_time(month, starts, earliest, Locale.parse(language), NOW, {"duration": "30"})


@pytest.mark.parametrize(
    ("month", "day", "first", "chosen", "asked"),
    [
        pytest.param("2038-01", None, date(2038, 1, 1), None, True, id="a month"),
        pytest.param("2038-01", "2038-02-03", date(2038, 2, 1), date(2038, 2, 3), True, id="a day says its month"),
        pytest.param(None, None, date(2037, 11, 1), None, False, id="nothing"),
        pytest.param("13", "<script>", date(2037, 11, 1), None, False, id="no dates"),
        pytest.param("9999-12", "0001-01-01", date(2037, 11, 1), None, False, id="beyond all bounds"),
        pytest.param("2199-12", None, date(2199, 12, 1), None, True, id="the last one"),
    ],
)
def test_a_month_is_asked_for_as_an_address_bar_has_it(
    month: str | None, day: str | None, first: date, chosen: date | None, asked: bool
) -> None:
    found = month_asked(month, day, BERLIN, NOW)
    assert (found.first, found.day, found.asked) == (first, chosen, asked)
    assert shown(found).title


def test_the_days_with_free_times_are_links_and_the_first_of_them_is_open() -> None:
    picker = shown(
        month_asked("2037-12", None, BERLIN, NOW), at(2037, 12, 7, 8), at(2037, 12, 7, 9), at(2037, 12, 9, 9)
    )
    assert [(day.number, day.chosen) for day in picker.days if day.link] == [(7, True), (9, False)]
    assert len(picker.days) == 31
    assert (picker.title, picker.weekdays[0], picker.blanks) == ("December 2037", "Mon", 1)
    assert (picker.chosen, [time.text for time in picker.times]) == (
        "Monday, December 7, 2037",
        ["9:00 AM", "10:00 AM"],
    )
    assert parse_qs(picker.times[0].link[1:]) == {"duration": ["30"], "start": ["2037-12-07T08:00:00Z"]}
    assert parse_qs(str(picker.days[8].link)[1:]) == {"duration": ["30"], "day": ["2037-12-09"]}


def test_a_month_without_free_times_leads_to_the_first_one_after_it() -> None:
    picker = shown(month_asked("2037-12", None, BERLIN, NOW), earliest=at(2038, 1, 4, 9), language="de")
    assert picker.times == ()
    assert picker.first_free is not None
    assert (picker.first_free.text, picker.first_free.link) == ("Montag, 4. Januar 2038", "?duration=30&day=2038-01-04")


def test_what_has_passed_is_no_longer_turned_back_to() -> None:
    assert shown(month_asked("2037-11", None, BERLIN, NOW)).earlier is None
    assert shown(month_asked("2037-12", None, BERLIN, NOW)).earlier == "?duration=30&month=2037-11"
    assert shown(month_asked("2037-12", None, BERLIN, NOW)).later == "?duration=30&month=2038-01"


def test_an_hour_that_the_clock_shows_twice_is_told_apart_by_its_offset() -> None:
    night = [at(2036, 10, 26, hour) for hour in (0, 1, 2)]
    picker = pick_time(month_asked("2036-10", None, BERLIN, NOW), night, None, Locale("en"), NOW)
    assert [time.text for time in picker.times] == ["2:00 AM (GMT+02:00)", "2:00 AM (GMT+01:00)", "3:00 AM"]


@given(
    zone=st.sampled_from(ZONES),
    starts=st.lists(st.integers(at(2037, 10, 1), at(2038, 4, 1)), min_size=1, max_size=30, unique=True),
)
def test_every_free_start_of_a_month_is_offered_on_its_local_day_in_any_zone(zone: str, starts: list[int]) -> None:
    month = month_asked(None, None, zone, NOW).with_start(starts[0])
    within = sorted(start for start in starts if month.start.timestamp() <= start < month.end.timestamp())
    assert starts[0] in within
    open_days = [day.number for day in pick_time(month, within, None, Locale("en"), NOW).days if day.link]
    offered = []
    for number in open_days:
        on = month_asked(None, month.first.replace(day=number).isoformat(), zone, NOW)
        assert (on.start, on.end) == (month.start, month.end)
        links = [parse_qs(time.link[1:])["start"][0] for time in pick_time(on, within, None, Locale("en"), NOW).times]
        offered += [int(datetime.fromisoformat(link).timestamp()) for link in links]
    assert sorted(offered) == within
    assert month.end - month.start > timedelta(days=26)
