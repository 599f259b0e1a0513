import re
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from slotkeeper.emails.imip import build_message
from slotkeeper.emails.recipient import Recipient
from slotkeeper.emails.render import Rendered, Topic, render
from slotkeeper.ics.build import Method, build_ics
from slotkeeper.jobs.outcomes import PersonMustAct
from slotkeeper.records.appointment import Status
from tests.emails.test_language import CATALOGUES
from tests.ics.reading import event_of
from tests.ics.sample import START, appointment, change, recipient

TO = "\N{EN DASH}"
LANGUAGES = ["en", *(path.parts[-3] for path in CATALOGUES)]

RENDERED = Rendered(subject="Moved", text="Moved.\n", html="<p>Moved.</p>\n")


def build(rendered: Rendered = RENDERED, to: Recipient | None = None, **fields: Any) -> EmailMessage:
    given = {"sender": "Praxis Dr. Weiß <no-reply@slots.example>", "reply_to": "host@example.com", "message_id": "e-1"}
    return build_message(rendered, to or recipient(), **{**given, "ics": None, "method": None, **fields})


def received(message: EmailMessage) -> EmailMessage:
    parsed = message_from_bytes(message.as_bytes(), policy=default)
    assert [part.defects for part in parsed.walk() if part.defects] == []
    return parsed


def part(message: EmailMessage, content_type: str) -> EmailMessage:
    [found] = [part for part in message.walk() if part.get_content_type() == content_type]
    assert isinstance(found, EmailMessage)
    return found


def content(found: EmailMessage) -> str:
    raw = found.get_payload(decode=True)
    assert isinstance(raw, bytes)
    return raw.decode()


@pytest.mark.parametrize("method", ["REQUEST", "CANCEL"])
def test_method_is_the_same_inside_and_outside(method: Method) -> None:
    message = received(build(ics=build_ics(appointment(), method=method), method=method))
    calendar = part(message, "text/calendar")
    assert calendar["Content-Type"].params["method"] == method
    assert calendar["Content-Type"].params["charset"] == "utf-8"
    for text in (content(calendar), content(part(message, "application/ics"))):
        assert Calendar.from_ical(text)["METHOD"] == method


def test_a_message_offers_text_html_and_calendar_and_the_file_beside_them() -> None:
    message = received(build(ics=build_ics(appointment()), method="REQUEST"))
    alternative, attachment = message.iter_parts()
    assert message.get_content_type() == "multipart/mixed"
    assert alternative.get_content_type() == "multipart/alternative"
    kinds = [one.get_content_type() for one in alternative.iter_parts()]
    assert kinds == ["text/plain", "text/html", "text/calendar"]
    assert (attachment.get_content_type(), attachment.get_filename()) == ("application/ics", "invite.ics")


def test_the_ics_arrives_byte_for_byte_with_its_sequence() -> None:
    ics = build_ics(appointment(sequence=7, ics_title="Erstgespräch 語 " * 20, status="cancelled"), method="CANCEL")
    message = received(build(ics=ics, method="CANCEL"))
    assert content(part(message, "application/ics")) == ics
    assert content(part(message, "text/calendar")) == ics
    assert event_of(content(part(message, "text/calendar")))["SEQUENCE"] == 7


def test_the_message_tells_the_times_that_its_ics_carries() -> None:
    there = recipient(timezone="Europe/Berlin", language="de")
    message = received(
        build(
            render("rescheduled", appointment(), change(), there), there, ics=build_ics(appointment()), method="REQUEST"
        )
    )
    event = event_of(content(part(message, "text/calendar")))
    assert event.start == START
    assert event.end - event.start == timedelta(minutes=30)
    assert f"{event.start:%H:%M} {TO} {event.end:%H:%M}" in content(part(message, "text/plain"))


def test_a_message_without_an_ics_is_text_and_html_only() -> None:
    message = received(build())
    assert message.get_content_type() == "multipart/alternative"
    assert [one.get_content_type() for one in message.iter_parts()] == ["text/plain", "text/html"]


def test_each_attempt_has_the_same_message_id_and_says_that_a_machine_wrote_it() -> None:
    first, second = received(build()), received(build())
    assert first["Message-ID"] == second["Message-ID"] == "<e-1@slots.example>"
    assert first["Auto-Submitted"] == "auto-generated"


def test_names_in_headers_read_back() -> None:
    message = received(build(to=recipient(name='Weiß, "Jörg" <x>')))
    [to] = message["To"].addresses
    assert (to.display_name, to.addr_spec) == ('Weiß, "Jörg" <x>', "ann@example.org")
    assert message["From"].addresses[0].display_name == "Praxis Dr. Weiß"
    assert message["Reply-To"].addresses[0].addr_spec == "host@example.com"


@given(words=st.lists(st.text("ab:,.=?_\u00e4\u2013\U0001f600", min_size=1, max_size=15), max_size=14))
def test_a_subject_reads_back_as_it_was_written(words: list[str]) -> None:
    subject = " ".join(words)
    assert received(build(Rendered(subject=subject, text="", html="")))["Subject"] == subject


@given(words=st.lists(st.text('ab:,.=?_<"\u00e4\u2013\u0439', min_size=1, max_size=15), max_size=14))
def test_a_name_reads_back_as_it_was_written(words: list[str]) -> None:
    name = " ".join(words)
    # Not by Python's newer reader, which puts a blank between the encoded words of a name.
    parsed = message_from_bytes(build(to=recipient(name=name)).as_bytes())
    shown, address = parseaddr(parsed["To"])
    assert (str(make_header(decode_header(shown))), address) == (name, "ann@example.org")


@pytest.mark.parametrize("status", get_args(Status))
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", get_args(Topic))
def test_no_subject_or_heading_arrives_with_a_doubled_leading_or_trailing_blank(
    kind: Topic, language: str, status: Status
) -> None:
    there = recipient(language=language)
    full = appointment(status=status, location="Raum 4", meeting_link="https://meet.example/x")
    message = received(build(render(kind, full, change(), there), there))
    lines = [
        str(message["Subject"]),
        *content(part(message, "text/plain")).splitlines(),
        *re.findall("<(?:title|p|th)[^>]*>([^<]*)</", content(part(message, "text/html"))),
    ]
    assert len(lines) > 10
    assert [line for line in lines if line != " ".join(line.split())] == []


@given(subject=st.text(max_size=80), name=st.text(max_size=80))
def test_no_name_or_title_adds_a_header(subject: str, name: str) -> None:
    evil = "\r\nBcc: eve@example.net\r\n\r\nbody"
    rendered = Rendered(subject=subject + evil, text="", html="")
    message = received(build(rendered, recipient(name=name + evil)))
    assert set(message.keys()) == HEADERS
    assert [one.addr_spec for one in message["To"].addresses] == ["ann@example.org"]


HEADERS = {"From", "To", "Reply-To", "Subject", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"}


@pytest.mark.parametrize(
    "address",
    ["", "ann", "ann@", "@example.org", "a b@example.org", "ann@example.org\r\nBcc: x@y.example", "a@b@c", ","],
)
def test_an_address_that_is_none_needs_a_person(address: str) -> None:
    with pytest.raises(PersonMustAct) as raised:
        build(to=recipient(address=address))
    assert raised.value.error_code == "email_undeliverable"


def test_the_clock_change_does_not_part_the_mail_from_the_ics() -> None:
    start = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    there = recipient(timezone="Europe/Berlin", language="de")
    moved = appointment(start=start)
    message = received(
        build(render("rescheduled", moved, change(start=start), there), there, ics=build_ics(moved), method="REQUEST")
    )
    assert event_of(content(part(message, "text/calendar"))).start == start
    assert f"02:30 {TO} 03:00 (Mitteleuropäische Zeit, GMT+01:00)" in content(part(message, "text/plain"))
