from datetime import UTC, datetime, timedelta

import pytest

from slotkeeper.api.time_range import LONGEST, bounds_of, range_of
from slotkeeper.errors import Malformed

BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "end", "zone", "first", "last"),
    [
        pytest.param("2026-10-20", "2026-10-20", BERLIN, "2026-10-19T22:00", "2026-10-20T22:00", id="a whole day"),
        pytest.param("2026-10-20", "2026-10-21", "UTC", "2026-10-20", "2026-10-22", id="the end's day too"),
        pytest.param("2026-10-25", "2026-10-25", BERLIN, "2026-10-24T22:00", "2026-10-25T23:00", id="25 hours"),
        pytest.param("2026-04-24", "2026-04-24", "Africa/Cairo", "2026-04-23T22:00", "2026-04-24T21:00", id="23 hours"),
        pytest.param("2011-12-30", "2011-12-30", "Pacific/Apia", "2011-12-30T10:00", "2011-12-30T10:00", id="no day"),
        pytest.param(
            *("2026-10-20T08:00:00+02:00", "2026-10-20T10:00:00.000Z", "Asia/Tokyo"),
            *("2026-10-20T06:00", "2026-10-20T10:00"),
            id="instants",
        ),
        pytest.param(
            *("2026-10-20", "2026-10-20T23:59:59.999Z", "UTC", "2026-10-20", "2026-10-20T23:59:59.999"),
            id="of both kinds",
        ),
        pytest.param(
            *("2026-10-20T08:00Z", "2026-10-20T08:00Z", "UTC", "2026-10-20T08:00", "2026-10-20T08:00"), id="empty"
        ),
    ],
)
def test_a_day_is_whole_in_the_asked_zone_and_an_instant_is_itself(
    start: str, end: str, zone: str, first: str, last: str
) -> None:
    assert range_of(start, end, zone) == (utc(first), utc(last))


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Australia/Lord_Howe", "Etc/GMT+12", "Pacific/Kiritimati"])
@pytest.mark.parametrize("first", ["2026-01-01", "2026-03-29", "2026-10-25"])
def test_as_many_days_as_are_allowed_are_allowed_whatever_the_clocks_do(zone: str, first: str) -> None:
    last = (datetime.fromisoformat(first) + LONGEST - timedelta(days=1)).date().isoformat()
    assert range_of(first, last, zone)


@pytest.mark.parametrize(
    ("start", "end", "field"),
    [
        pytest.param("2026-10-21", "2026-10-20", "end", id="end before start"),
        pytest.param("2026-10-20T08:00:00Z", "2026-10-20T07:59:59Z", "end", id="by a second"),
        pytest.param("2026-01-01", "2027-01-02", "end", id="more than 366 days"),
        pytest.param("2026-10-20T08:00:00", "2026-10-21", "start", id="no zone"),
        pytest.param("2026-10-20", "2026-10-21T08:00", "end", id="no zone, as an end"),
        pytest.param("20.10.2026", "2026-10-21", "start", id="not ISO"),
        pytest.param("2026-02-30", "2026-03-01", "start", id="no such date"),
        pytest.param("", "2026-03-01", "start", id="empty"),
        pytest.param("1999-12-31", "2026-03-01", "start", id="before 2000"),
        pytest.param("2200-01-02", "2200-01-02", "start", id="after 2200"),
        pytest.param("9999-12-31", "9999-12-31", "start", id="where time ends"),
        pytest.param("0001-01-01", "0001-01-01", "start", id="where time begins"),
        pytest.param("0001-01-01T00:00:00+14:00", "2026-01-01", "start", id="before it begins"),
        pytest.param("٢٠٢٦-10-20", "2026-10-21", "start", id="digits that are not ASCII"),
    ],
)
def test_what_is_no_range_is_refused_naming_the_end_of_it(start: str, end: str, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        range_of(start, end, BERLIN)
    assert [error.field for error in refusal.value.errors] == [field]


@pytest.mark.parametrize(
    ("start", "end", "bounds"),
    [
        pytest.param(None, None, (None, None), id="open"),
        pytest.param("2026-10-20", None, ("2026-10-19T22:00", None), id="from a day on"),
        pytest.param(None, "2026-10-20", (None, "2026-10-20T22:00"), id="to the end of a day"),
        pytest.param("2026-10-20T08:00:00.123Z", None, ("2026-10-20T08:00:00.123", None), id="part of a second"),
        pytest.param("1970-01-01T00:00:00Z", "9999-12-31", ("2000-01-01", "2200-01-01"), id="all time"),
        pytest.param("0001-01-01T00:00:00+14:00", None, ("2000-01-01", None), id="where time begins"),
        pytest.param("2026-10-21", "2026-10-20", ("2026-10-20T22:00", "2026-10-20T22:00"), id="the wrong way round"),
    ],
)
def test_a_filter_may_be_open_and_reach_as_far_as_it_likes(
    start: str | None, end: str | None, bounds: tuple[str | None, str | None]
) -> None:
    assert bounds_of(start, end, BERLIN) == tuple(text and utc(text) for text in bounds)


@pytest.mark.parametrize("field", ["start", "end"])
def test_a_filter_that_is_no_time_is_refused_by_name(field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        bounds_of(**{"start": None, "end": None, field: "tomorrow"}, timezone=BERLIN)
    assert [error.field for error in refusal.value.errors] == [field]
