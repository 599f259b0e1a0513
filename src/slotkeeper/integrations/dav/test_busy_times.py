from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from slotkeeper.integrations.dav.busy_times import (
    NotExpanded,
    busy_events,
    free_busy_periods,
    without_known,
)
from slotkeeper.integrations.protocols import Busy

BERLIN = ZoneInfo("Europe/Berlin")
TEN = datetime(2026, 3, 11, 10, tzinfo=UTC)
ELEVEN = datetime(2026, 3, 11, 11, tzinfo=UTC)


def event(*lines: str) -> str:
    return "\r\n".join(
        ["BEGIN:VCALENDAR", "VERSION:2.0", "BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT", "END:VCALENDAR", ""]
    )


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("DTSTART:20260311T100000Z", "DTEND:20260311T110000Z"), id="in UTC"),
        pytest.param(("DTSTART;TZID=Asia/Tokyo:20260311T190000", "DURATION:PT1H"), id="in a zone, with a duration"),
        pytest.param(("DTSTART:20260311T110000", "DTEND:20260311T120000"), id="floating: in the given zone"),
        pytest.param(
            ("DTSTART;TZID=Nowhere/Land:20260311T110000", "DURATION:PT1H"), id="an unknown TZID: in the given zone"
        ),
    ],
)
def test_an_event_blocks_its_time(lines: tuple[str, ...]) -> None:
    assert busy_events([event(*lines)], BERLIN) == [Busy(start=TEN, end=ELEVEN, uid="1")]


@pytest.mark.parametrize(
    ("lines", "days"),
    [
        pytest.param(("DTSTART;VALUE=DATE:20260311",), (11, 12), id="one day"),
        pytest.param(("DTSTART;VALUE=DATE:20260311", "DTEND;VALUE=DATE:20260314"), (11, 14), id="three days"),
    ],
)
def test_whole_days_are_days_of_the_given_zone(lines: tuple[str, ...], days: tuple[int, int]) -> None:
    [busy] = busy_events([event(*lines)], BERLIN)
    assert (busy.start, busy.end) == tuple(datetime(2026, 3, day, tzinfo=BERLIN) for day in days)


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param(("DTSTART:20260311T100000Z", "DURATION:PT1H", "STATUS:CANCELLED"), id="cancelled"),
        pytest.param(("DTSTART:20260311T100000Z",), id="no time at all"),
        pytest.param(("DTSTART:20260311T100000Z", "DTEND:20260311T090000Z"), id="an end before its start"),
        pytest.param(("DTSTART:soon", "DURATION:PT1H"), id="no date"),
        pytest.param((), id="no start"),
    ],
)
def test_these_block_nothing(lines: tuple[str, ...]) -> None:
    assert busy_events([event(*lines), "no calendar"], BERLIN) == []


def test_a_transparent_event_is_told_as_free_with_its_title() -> None:
    ics = event("DTSTART:20260311T100000Z", "DURATION:PT1H", "TRANSP:TRANSPARENT", "SUMMARY:Bookable")
    assert busy_events([ics], BERLIN) == [Busy(start=TEN, end=ELEVEN, uid="1", title="Bookable", free=True)]


def test_a_recurring_event_that_was_left_as_one_is_told_with_the_others() -> None:
    single = event("DTSTART:20260311T100000Z", "DURATION:PT1H")
    with pytest.raises(NotExpanded) as told:
        busy_events([single, event("DTSTART:20260301T100000Z", "DURATION:PT1H", "RRULE:FREQ=DAILY")], BERLIN)
    assert told.value.singles == [Busy(start=TEN, end=ELEVEN, uid="1")]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        pytest.param((), [], id="free"),
        pytest.param(("FREEBUSY:20260311T100000Z/20260311T110000Z",), [(TEN, ELEVEN)], id="one period"),
        pytest.param(("FREEBUSY:20260311T100000Z/PT1H",), [(TEN, ELEVEN)], id="with a duration"),
        pytest.param(
            ("FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260311T100000Z/PT30M,20260311T103000Z/PT30M",),
            [(TEN, TEN.replace(minute=30)), (TEN.replace(minute=30), ELEVEN)],
            id="two on a line",
        ),
        pytest.param(("FREEBUSY;FBTYPE=FREE:20260311T100000Z/PT1H,20260311T120000Z/PT1H",), [], id="free periods"),
    ],
)
def test_busy_periods_are_read(lines: tuple[str, ...], expected: list[tuple[datetime, datetime]]) -> None:
    ics = "\r\n".join(["BEGIN:VCALENDAR", "BEGIN:VFREEBUSY", *lines, "END:VFREEBUSY", "END:VCALENDAR", ""])
    assert [(busy.start, busy.end) for busy in free_busy_periods(ics)] == expected


def test_a_known_event_keeps_its_uid_and_the_rest_of_its_period_stays_busy() -> None:
    known = Busy(start=TEN, end=ELEVEN, uid="1")
    period = Busy(start=TEN, end=ELEVEN.replace(hour=12))
    assert without_known([period], [known]) == [known, Busy(start=ELEVEN, end=period.end)]


def test_a_free_event_leaves_the_period_around_it_busy() -> None:
    free = Busy(start=TEN, end=ELEVEN, uid="1", free=True)
    period = Busy(start=TEN, end=ELEVEN)
    assert without_known([period], [free]) == [free, period]
