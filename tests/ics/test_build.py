from datetime import UTC, datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from slotkeeper.ics.build import build_ics
from slotkeeper.records.appointment import Status
from slotkeeper.records.meeting_info import MeetingInfo
from tests.ics.clock_changes import ZONES, clock_changes
from tests.ics.reading import event_of, instants_of
from tests.ics.sample import BOOKED_AT, START, appointment, attendee, host

MINUTES = st.integers(min_value=-200, max_value=200).map(lambda n: timedelta(minutes=n))
ANY_INSTANT = st.datetimes(datetime(2020, 1, 2), datetime(2060, 12, 30), timezones=st.just(UTC)).map(  # noqa: DTZ001 - the zone is given beside them
    lambda instant: instant.replace(microsecond=0)
)


@given(zone=st.sampled_from(ZONES), start=ANY_INSTANT, length=st.integers(5, 3000))
def test_any_instant_in_any_zone_reads_back_as_the_same_instant(zone: str, start: datetime, length: int) -> None:
    end = start + timedelta(minutes=length)
    ics = build_ics(appointment(start=start, end=end, hosts=(host(timezone=zone),)))
    assert instants_of(ics, "DTSTART", "DTEND") == (start, end)


@given(zone=st.sampled_from(ZONES), data=st.data(), off=MINUTES, length=st.integers(5, 240))
def test_the_duration_survives_both_nights_of_a_clock_change(
    zone: str, data: st.DataObject, off: timedelta, length: int
) -> None:
    nights = clock_changes(ZoneInfo(zone), 2026) or (START,)
    start = data.draw(st.sampled_from(nights)) + off
    end = start + timedelta(minutes=length)
    ics = build_ics(appointment(start=start, end=end, hosts=(host(timezone=zone),)))
    assert instants_of(ics, "DTSTART", "DTEND") == (start, end)


def test_a_time_that_the_night_has_twice_is_told_in_utc() -> None:
    second_half_past_two = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    ics = build_ics(appointment(start=second_half_past_two))
    assert "DTSTART:20261025T013000Z" in ics
    assert "VTIMEZONE" not in ics


@pytest.mark.parametrize("zone", [*ZONES, "Not/AZone", "Europe", "../etc/passwd", ""])
def test_every_tzid_has_its_vtimezone(zone: str) -> None:
    calendar = Calendar.from_ical(build_ics(appointment(hosts=(host(timezone=zone),))))
    defined = {str(component["TZID"]) for component in calendar.walk("VTIMEZONE")}
    assert calendar.get_used_tzids() == defined


def test_a_meeting_over_new_year_has_the_zone_of_both_years() -> None:
    new_years_eve = datetime(2026, 12, 31, 22, 30, tzinfo=UTC)
    ics = build_ics(appointment(start=new_years_eve, end=new_years_eve + timedelta(hours=1)))
    assert "DTEND;TZID=Europe/Berlin:20270101T003000" in ics
    assert "DTSTART:20270328T020000" in ics or "RDATE:20270328T020000" in ics


NASTY = st.text(min_size=1, max_size=300)


@given(title=NASTY, description=NASTY, location=NASTY, link=NASTY, name=NASTY, address=NASTY, uid=NASTY)
def test_no_text_breaks_the_file_or_adds_a_line_to_it(
    title: str, description: str, location: str, link: str, name: str, address: str, uid: str
) -> None:
    ics = build_ics(
        appointment(
            uid=uid,
            ics_title=title,
            ics_description=description,
            location=location,
            meeting_link=link,
            attendees=(attendee(fullname=name, email=address),),
        )
    )
    lines = ics.split("\r\n")
    assert "\n" not in "".join(lines)
    assert "\r" not in "".join(lines)
    assert all(len(line.encode()) <= 75 for line in lines)
    names = [line.split(":")[0].split(";")[0] for line in ics.replace("\r\n ", "").split("\r\n")]
    assert names[names.index("BEGIN") :].count("ATTENDEE") == 2
    assert set(names) <= KNOWN_NAMES
    assert not Calendar.from_ical(ics).walk("VEVENT")[0].errors


_PROPERTIES = (
    "BEGIN VERSION PRODID METHOD TZID TZNAME TZOFFSETFROM TZOFFSETTO RDATE DTSTART DTEND UID SEQUENCE STATUS DTSTAMP "
    "CREATED LAST-MODIFIED SUMMARY DESCRIPTION LOCATION URL ORGANIZER ATTENDEE END"
)
KNOWN_NAMES = {*_PROPERTIES.split(), ""}


@given(st.text(alphabet=st.characters(codec="utf-8", exclude_categories=["Cc", "Zl"], exclude_characters="\\\u2029")))
def test_titles_and_places_read_back_as_they_were_written(value: str) -> None:
    """Without backslashes: icalendar's unescaping is lossy there; test_content_line.py reads those."""
    event = event_of(build_ics(appointment(ics_title=f"x{value}", location=f"y{value}")))
    assert (event["SUMMARY"], event["LOCATION"]) == (f"x{value}", f"y{value}")


@pytest.mark.parametrize(
    ("status", "method", "expected"),
    [
        pytest.param("confirmed", "REQUEST", "CONFIRMED", id="confirmed"),
        pytest.param("tentative", "REQUEST", "TENTATIVE", id="waits for an opt-in"),
        pytest.param("cancelled", "CANCEL", "CANCELLED", id="cancelled"),
        pytest.param("confirmed", "CANCEL", "CANCELLED", id="a CANCEL always says so"),
        pytest.param("confirmed", None, "CONFIRMED", id="to be stored in a calendar"),
    ],
)
def test_status_and_method_say_what_happened(
    status: Status, method: Literal["REQUEST", "CANCEL"] | None, expected: str
) -> None:
    calendar = Calendar.from_ical(build_ics(appointment(status=status), method=method))
    assert calendar.get("METHOD") == method
    assert calendar.walk("VEVENT")[0]["STATUS"] == expected


def test_a_cancel_carries_the_uid_and_the_sequence_that_the_appointment_says() -> None:
    moved = event_of(build_ics(appointment(sequence=3)))
    cancelled = event_of(build_ics(appointment(sequence=4, status="cancelled"), method="CANCEL"))
    assert (moved["SEQUENCE"], cancelled["SEQUENCE"]) == (3, 4)
    assert moved["UID"] == cancelled["UID"] == "1@slotkeeper"


def test_dtstamp_is_the_instant_that_the_appointment_was_stamped_in_utc() -> None:
    stamped = datetime(2026, 3, 1, 13, 0, 7, tzinfo=ZoneInfo("Asia/Kathmandu"))
    ics = build_ics(appointment(stamped_at=stamped))
    assert "DTSTAMP:20260301T071507Z\r\n" in ics
    assert instants_of(ics, "DTSTAMP", "CREATED") == (stamped, BOOKED_AT)


def test_the_join_link_stands_in_url_location_and_description() -> None:
    described = appointment(
        meeting_info=MeetingInfo(name="Intro call", description="We talk."), meeting_link="https://meet.example/x"
    )
    event = event_of(build_ics(described))
    assert event["URL"] == event["LOCATION"] == "https://meet.example/x"
    assert event["DESCRIPTION"] == "We talk.\n\nhttps://meet.example/x"


def test_a_place_of_its_own_goes_before_the_link() -> None:
    event = event_of(build_ics(appointment(location="Room 4", meeting_link="https://meet.example/x")))
    assert event["LOCATION"] == "Room 4"


def test_what_is_not_known_is_left_out() -> None:
    event = event_of(build_ics(appointment()))
    assert not {"LOCATION", "URL", "DESCRIPTION"} & set(event)
    assert event["SUMMARY"] == "Intro call"


def test_the_same_appointment_gives_the_same_bytes() -> None:
    assert build_ics(appointment()) == build_ics(appointment())
