import pytest

from slotkeeper.availability.rules import Reason, why_not_free
from tests.availability.worlds import (
    DAY,
    HOST,
    HOUR,
    MEETING_TYPE,
    OTHER_TYPE,
    Busy,
    appointment,
    at,
    host,
    names,
    rules,
)

NOON = at("2026-03-02 12:00")
LONG_AGO = NOON - 1000 * DAY


@pytest.mark.parametrize("timezone", ["Etc/GMT+12", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati"])
@pytest.mark.parametrize(
    ("period", "inside", "outside"),
    [
        pytest.param(
            "day", ["2026-03-02 00:00", "2026-03-02 23:30"], ["2026-03-01 23:30", "2026-03-03 00:00"], id="day"
        ),
        pytest.param(
            "week", ["2026-03-02 00:00", "2026-03-08 23:30"], ["2026-03-01 23:30", "2026-03-09 00:00"], id="week"
        ),
        pytest.param(
            "month", ["2026-03-01 00:00", "2026-03-31 23:30"], ["2026-02-28 23:30", "2026-04-01 00:00"], id="month"
        ),
    ],
)
def test_limits_count_in_the_days_weeks_and_months_of_the_hosts_zone(
    timezone: str, period: str, inside: list[str], outside: list[str]
) -> None:
    """Invariant 13."""
    asked = rules(1, slot_interval=1, limits={period: 1})
    for booked in inside:
        taken = at(booked, timezone)
        someone = [host(appointment(taken, taken + 1), timezone=timezone)]
        for start in set(inside) - {booked}:
            assert names(why_not_free(at(start, timezone), asked, someone, LONG_AGO)) == ["limit-reached"], start
        for start in outside:
            assert why_not_free(at(start, timezone), asked, someone, LONG_AGO) == (), start


def test_a_day_that_comes_in_two_pieces_is_full_in_both_and_leaves_the_time_between_to_its_own_day() -> None:
    """St. John's, 7 November 2010: a minute of Sunday, the last hour of Saturday once more, then the rest of Sunday."""
    sunday = at("2010-11-07 00:00:00", "America/St_Johns")
    someone = [host(appointment(sunday, sunday + 1), timezone="America/St_Johns")]
    asked = rules(1, slot_interval=1, limits={"day": 1})
    saturday_again, sunday_again = sunday + 60, sunday + 3_600
    assert names(why_not_free(saturday_again - 1, asked, someone, sunday)) == ["limit-reached"]
    assert why_not_free(saturday_again, asked, someone, sunday) == ()
    assert why_not_free(sunday_again - 1, asked, someone, sunday) == ()
    assert names(why_not_free(sunday_again, asked, someone, sunday)) == ["limit-reached"]


def test_a_limit_names_the_whole_period_and_the_host() -> None:
    monday = at("2026-03-23", "Europe/Berlin")
    someone = host(appointment(monday, monday + 1), timezone="Europe/Berlin")
    [reason] = why_not_free(monday + DAY, rules(limits={"week": 1}), [someone], LONG_AGO)
    assert reason == Reason("limit-reached", HOST, monday, at("2026-03-30", "Europe/Berlin"))
    assert reason.end - reason.start == 7 * DAY - HOUR


@pytest.mark.parametrize(
    "uncounted",
    [
        pytest.param(appointment(NOON, NOON + HOUR, kind=OTHER_TYPE), id="another meeting type"),
        pytest.param(appointment(NOON - DAY, NOON - DAY + HOUR), id="yesterday"),
        pytest.param(Busy(NOON, NOON + HOUR, "hold", MEETING_TYPE), id="a hold"),
        pytest.param(Busy(NOON, NOON + HOUR, "calendar"), id="a calendar event"),
    ],
)
def test_a_limit_counts_appointments_of_the_same_meeting_type_that_start_in_the_period(uncounted: Busy) -> None:
    assert why_not_free(NOON + 2 * HOUR, rules(limits={"day": 1}), [host(uncounted)], LONG_AGO) == ()


def test_a_limit_counts_starts_whatever_the_duration() -> None:
    overnight = appointment(NOON - DAY, NOON - HOUR)
    assert why_not_free(NOON, rules(limits={"day": 1}), [host(overnight)], LONG_AGO) == ()
    assert names(why_not_free(NOON, rules(limits={"day": 2}), [host(overnight)], LONG_AGO)) == []
