import html
import re
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slotkeeper.emails.render import Rendered, Topic, render
from slotkeeper.records.change import Actor
from slotkeeper.records.meeting_info import MeetingInfo
from tests.ics.sample import appointment, attendee, change, host, recipient

TO = "\N{EN DASH}"

KINDS: tuple[Topic, ...] = get_args(Topic)


def read(rendered: Rendered) -> str:
    """What a person reads in the HTML."""
    body = rendered.html.partition("<body")[2].partition(">")[2]
    return html.unescape(re.sub("<[^>]*>", " ", body))


def squeezed(value: str) -> str:
    """Without what layout adds: spaces, and the colons after labels."""
    return "".join(value.replace(":", "").split())


def test_a_move_tells_old_and_new_time_in_the_recipients_zone_and_language() -> None:
    english = render("rescheduled", appointment(), change(), recipient())
    assert f"When: Tuesday, March 10, 2026, 10:00 AM {TO} 10:30 AM (Eastern Time, GMT-04:00)" in english.text
    assert f"Previously: Sunday, March 8, 2026, 6:00 AM {TO} 6:30 AM (Eastern Time, GMT-04:00)" in english.text
    german = render("rescheduled", appointment(), change(), recipient(language="de", timezone="Europe/Berlin"))
    assert f"Wann: Dienstag, 10. März 2026, 15:00 {TO} 15:30 (Mitteleuropäische Zeit, GMT+01:00)" in german.text
    assert f"Bisher: Sonntag, 8. März 2026, 11:00 {TO} 11:30 (Mitteleuropäische Zeit, GMT+01:00)" in german.text


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind: Topic, language: str) -> None:
    full = appointment(meeting_link="https://meet.example/x?a=1&b=2", location="Raum <4>", status="tentative")
    rendered = render(kind, full, change(), recipient(language=language))
    lines = [line for line in rendered.text.splitlines() if line.strip()]
    assert [line for line in lines if squeezed(line) not in squeezed(read(rendered))] == []
    assert len(lines) >= 6


def test_a_message_stays_about_its_own_change_when_the_appointment_has_moved_on() -> None:
    moved_on = appointment(start=datetime(2026, 5, 1, 9, 0, tzinfo=UTC), sequence=9)
    rendered = render("rescheduled", moved_on, change(), recipient())
    assert "March 10" in rendered.subject
    assert "May" not in rendered.subject + rendered.text


@pytest.mark.parametrize(
    ("kind", "language", "subject"),
    [
        ("booked", "en", "Booked: Intro call, Tuesday, March 10, 2026"),
        ("rescheduled", "en", "Moved: Intro call, now Tuesday, March 10, 2026"),
        ("cancelled", "en", "Cancelled: Intro call, Tuesday, March 10, 2026"),
        ("reminder", "en", "Reminder: Intro call, Tuesday, March 10, 2026"),
        ("booked", "de", "Gebucht: Intro call, Dienstag, 10. März 2026"),
        ("rescheduled", "de", "Verschoben: Intro call, jetzt Dienstag, 10. März 2026"),
        ("cancelled", "de", "Abgesagt: Intro call, Dienstag, 10. März 2026"),
        ("reminder", "de", "Erinnerung: Intro call, Dienstag, 10. März 2026"),
    ],
)
def test_the_subject_says_what_happened_and_when(kind: Topic, language: str, subject: str) -> None:
    assert render(kind, appointment(), change(), recipient(language=language)).subject.startswith(subject)


@pytest.mark.parametrize("kind", ["booked", "cancelled", "reminder"])
def test_only_a_move_has_a_previous_time(kind: Topic) -> None:
    assert "Previously" not in render(kind, appointment(), change(), recipient()).text


def test_who_moved_it_and_why_is_told() -> None:
    rendered = render("rescheduled", appointment(), change(), recipient())
    assert "Moved by: Jörg Weiß" in rendered.text
    assert "Reason: A train is late" in rendered.text


def test_nothing_is_said_where_nothing_is_known() -> None:
    silent = change(actor=Actor(kind="system"), reason=None)
    rendered = render("rescheduled", appointment(), silent, recipient(link=None, name=""))
    assert not re.search("Moved by|Reason|Where|Join|Your appointment|None", rendered.text + read(rendered))
    assert rendered.text.startswith("Hello,")


def test_links_to_the_meeting_and_to_the_appointments_page_can_be_clicked() -> None:
    rendered = render("booked", appointment(meeting_link="https://meet.example/x"), change(), recipient())
    for link in ("https://meet.example/x", "https://slots.example/a/secret"):
        assert f'<a href="{link}">' in rendered.html
        assert link in rendered.text


def test_a_cancelled_meeting_cannot_be_joined() -> None:
    rendered = render("cancelled", appointment(meeting_link="https://meet.example/x"), change(), recipient())
    assert "https://meet.example/x" not in rendered.text + rendered.html


def test_hosts_read_whom_they_meet_and_attendees_who_receives_them() -> None:
    met = appointment(hosts=(host(),), attendees=(attendee(fullname="Ann Example"),))
    assert "With: Ann Example" in render("booked", met, change(), recipient(role="host")).text
    assert "With: Jörg Weiß" in render("booked", met, change(), recipient(role="attendee")).text
    assert "With: Jörg Weiß" in render("booked", met, change(), recipient(role="guest")).text


def test_an_unconfirmed_appointment_is_not_called_booked() -> None:
    rendered = render("requested", appointment(status="tentative"), change(), recipient())
    assert rendered.subject.startswith("Awaiting confirmation")
    assert "still has to be confirmed" in rendered.text
    assert " is booked" not in rendered.text


@pytest.mark.parametrize("language", ["", "xx", "fr", "tlh-Latn", "../../de", "\n", "de_"])
def test_an_unknown_language_is_english_dates_included(language: str) -> None:
    rendered = render("booked", appointment(), change(), recipient(language=language))
    assert rendered == render("booked", appointment(), change(), recipient(language="en"))


@pytest.mark.parametrize("language", ["de-AT", "de_CH", "DE"])
def test_a_languages_region_keeps_the_language(language: str) -> None:
    assert "Guten Tag" in render("booked", appointment(), change(), recipient(language=language)).text


@given(nasty=st.text(max_size=100))
def test_no_name_or_reason_becomes_markup_or_a_second_subject_line(nasty: str) -> None:
    hostile = f"<script>{nasty}\r\nBcc: x"
    rendered = render(
        "rescheduled",
        appointment(meeting_info=MeetingInfo(name=hostile), company_name=hostile, location=hostile),
        change(reason=hostile, actor=Actor(kind="host", name=hostile)),
        recipient(name=hostile),
    )
    assert "<script" not in rendered.html
    assert len(rendered.subject.splitlines()) == 1


def test_a_link_that_is_not_of_the_web_is_shown_but_not_clickable() -> None:
    rendered = render("booked", appointment(meeting_link="javascript:alert(1)"), change(), recipient())
    assert 'href="javascript' not in rendered.html
    assert "javascript:alert(1)" in rendered.html


def test_a_move_over_the_clock_change_shows_each_time_with_its_own_offset() -> None:
    after = datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    before = after - timedelta(days=3)
    moved = change(start=after, previous_start=before, previous_end=before + timedelta(minutes=30))
    text = render("rescheduled", appointment(), moved, recipient(timezone="Europe/Berlin")).text
    assert f"10:00 AM {TO} 10:30 AM (Central European Time, GMT+02:00)" in text
    assert f"9:00 AM {TO} 9:30 AM (Central European Time, GMT+01:00)" in text
