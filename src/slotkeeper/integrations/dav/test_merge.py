from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar, Event, Parameters
from tests.ics.sample import START, appointment, attendee, host

from slotkeeper.ics.build import build_ics
from slotkeeper.integrations.dav.merge import merge

MOVED = appointment(start=START + timedelta(days=1), sequence=4, stamped_at=datetime(2026, 2, 2, tzinfo=UTC))
BEFORE = build_ics(appointment(), method=None)
OURS = build_ics(MOVED, method=None)
ALARM = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:-PT10M\r\nEND:VALARM\r\n"


def edited(*lines: str, without: str | None = None, ics: str = BEFORE) -> str:
    """The event as it was, with lines of others added to it."""
    kept = "".join(line for line in ics.splitlines(keepends=True) if without is None or not line.startswith(without))
    return kept.replace("END:VEVENT", "".join(f"{line}\r\n" for line in lines) + "END:VEVENT")


def attendees_in(ics: str) -> dict[str, Parameters]:
    """The parameters of each, by address; one value comes as itself, several as a list."""
    found: Any = event_in(ics)["ATTENDEE"]
    return {str(person): person.params for person in (found if isinstance(found, list) else [found])}


def event_in(ics: str) -> Event:
    [event] = Calendar.from_ical(ics).walk("VEVENT")
    assert isinstance(event, Event)
    return event


@pytest.mark.parametrize(
    ("theirs", "kept"),
    [
        pytest.param(edited(ALARM.rstrip()), ALARM, id="an alarm"),
        pytest.param(edited("CATEGORIES:Work,Red"), "CATEGORIES:Work,Red\r\n", id="categories"),
        pytest.param(edited("X-MINE;A=b:seen"), "X-MINE;A=b:seen\r\n", id="an X- property"),
        pytest.param(edited("DESCRIPTION:Bring the file"), "DESCRIPTION:Bring the file\r\n", id="a description"),
        pytest.param(edited("SUMMARY:Ann!", without="SUMMARY"), "SUMMARY:Ann!\r\n", id="a new title"),
        pytest.param(edited("TRANSP:TRANSPARENT"), "TRANSP:TRANSPARENT\r\n", id="being transparent"),
        pytest.param(
            edited("X-WHEN;TZID=Asia/Tokyo:20260310T100000").replace(
                "BEGIN:VEVENT", "BEGIN:VTIMEZONE\r\nTZID:Asia/Tokyo\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT"
            ),
            "TZID:Asia/Tokyo\r\n",
            id="a zone of theirs",
        ),
    ],
)
def test_what_others_added_stays(theirs: str, kept: str) -> None:
    assert kept in merge(OURS, theirs)


@pytest.mark.parametrize(
    "theirs",
    [
        pytest.param(BEFORE, id="unchanged"),
        pytest.param(edited("DTEND:20300101T100000Z", without="DTEND"), id="a later end"),
        pytest.param(edited("DURATION:PT8H", without="DTEND"), id="a duration in place of an end"),
        pytest.param(edited("STATUS:CANCELLED", without="STATUS"), id="cancelled by others"),
        pytest.param(BEFORE.replace("Europe/Berlin", "Asia/Tokyo"), id="in another zone"),
    ],
)
def test_the_time_and_the_status_are_ours(theirs: str) -> None:
    event = event_in(merge(OURS, theirs))
    assert (event.start, event.end) == (MOVED.start, MOVED.end)
    assert "DURATION" not in event
    assert event["STATUS"] == "CONFIRMED"


@pytest.mark.parametrize(
    ("theirs", "sequence"),
    [
        pytest.param(BEFORE, 4, id="ours is larger"),
        pytest.param(edited("SEQUENCE:9", without="SEQUENCE"), 9, id="theirs is larger"),
        pytest.param(edited(without="SEQUENCE"), 4, id="theirs has none"),
    ],
)
def test_the_sequence_never_goes_back(theirs: str, sequence: int) -> None:
    assert event_in(merge(OURS, theirs)).sequence == sequence


@pytest.mark.parametrize(
    ("theirs", "stamp"),
    [
        pytest.param(BEFORE, datetime(2026, 2, 2, tzinfo=UTC), id="ours is later"),
        pytest.param(
            edited("DTSTAMP:20260303T000000Z", without="DTSTAMP"),
            datetime(2026, 3, 3, tzinfo=UTC),
            id="theirs is later",
        ),
        pytest.param(edited(without="DTSTAMP"), datetime(2026, 2, 2, tzinfo=UTC), id="theirs has none"),
    ],
)
def test_the_stamp_never_goes_back(theirs: str, stamp: datetime) -> None:
    event = event_in(merge(OURS, theirs))
    assert stamp == event.DTSTAMP


def test_everyone_has_to_answer_again_but_the_organizer() -> None:
    theirs = edited("ATTENDEE;PARTSTAT=ACCEPTED:mailto:colleague@example.com").replace("NEEDS-ACTION", "ACCEPTED")
    answers = {address: params["PARTSTAT"] for address, params in attendees_in(merge(OURS, theirs)).items()}
    assert answers == {
        "mailto:host@example.com": "ACCEPTED",
        "mailto:ann@example.org": "NEEDS-ACTION",
        "mailto:colleague@example.com": "NEEDS-ACTION",
    }


def test_the_server_is_told_to_mail_nobody_even_those_whom_others_invited() -> None:
    theirs = edited("ATTENDEE:mailto:colleague@example.com").replace(";SCHEDULE-AGENT=CLIENT", "")
    assert {params["SCHEDULE-AGENT"] for params in attendees_in(merge(OURS, theirs)).values()} == {"CLIENT"}


def test_a_single_attendee_is_no_special_case() -> None:
    alone = build_ics(appointment(attendees=()), method=None)
    assert [*attendees_in(merge(alone, alone))] == ["mailto:host@example.com"]


def test_an_address_that_others_wrote_in_capitals_is_the_same_person() -> None:
    theirs = BEFORE.replace("mailto:ann@example.org", "MAILTO:Ann@Example.ORG")
    assert [*attendees_in(merge(OURS, theirs))] == ["mailto:host@example.com", "mailto:ann@example.org"]


def test_what_they_lack_is_added() -> None:
    ours = build_ics(appointment(meeting_link="https://meet.example/1", attendees=(attendee(),), hosts=(host(),)))
    assert event_in(merge(ours, BEFORE))["URL"] == "https://meet.example/1"


def test_a_stored_object_has_no_method() -> None:
    assert "METHOD" not in merge(OURS, BEFORE.replace("VERSION:2.0", "VERSION:2.0\r\nMETHOD:PUBLISH"))


def test_our_zone_is_defined_once_and_by_us() -> None:
    theirs = BEFORE.replace("TZOFFSETTO:+0100", "TZOFFSETTO:+0300")
    merged = merge(OURS, theirs)
    assert merged.count("BEGIN:VTIMEZONE") == 1
    assert "+0300" not in merged


def test_merging_twice_changes_nothing_more() -> None:
    once = merge(OURS, edited(ALARM.rstrip(), "CATEGORIES:Work", "ATTENDEE:mailto:colleague@example.com"))
    assert merge(OURS, once) == once


def test_only_the_event_itself_is_merged_not_an_instance_of_it() -> None:
    instance = edited("RECURRENCE-ID:20260310T140000Z")
    both = BEFORE.replace("END:VCALENDAR\r\n", "") + instance[instance.index("BEGIN:VEVENT") :]
    first, second = Calendar.from_ical(merge(OURS, both)).walk("VEVENT")
    assert first["SEQUENCE"] == 4
    assert second["SEQUENCE"] == 3


def test_an_object_of_another_event_is_replaced() -> None:
    assert merge(OURS, BEFORE.replace("UID:", "UID:other-")) == OURS


@pytest.mark.parametrize("theirs", ["", "hello", "BEGIN:VEVENT\r\nUID:1@slotkeeper\r\nEND:VEVENT\r\n"])
def test_what_is_no_calendar_is_told(theirs: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        merge(OURS, theirs)
