"""Every participant gets exactly one message per move: invariants 29, 34, 35, 36."""

import re
from datetime import timedelta
from email.message import EmailMessage
from typing import Any, cast

import pytest
from icalendar import Calendar

from slotkeeper.records.change import Notify
from tests.support.desk import MONDAY, minutes
from tests.support.office import Office
from tests.support.outside_calendar import OutsideCalendar


async def test_every_participant_gets_exactly_one_message_per_move_with_both_times_in_their_own_zone_and_language(
    office: Office,
) -> None:
    second = await office.add_host("Asia/Kathmandu")
    [[address]] = await office.rows(
        "UPDATE users SET language = 'de' WHERE company_id = %(company_id)s AND id = %(id)s RETURNING email", id=second
    )
    ann = office.attendee(language="de", bringalong_emails=("mum@example.net",))
    booked = await office.book(attendee=ann, host_ids=(office.company.user_id, second), notify="none")
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()

    assert _times_told(office) == {
        "ann@example.org": [("Wann", "Montag", "05:00"), ("Bisher", "Montag", "04:00")],
        "mum@example.net": [("Wann", "Montag", "05:00"), ("Bisher", "Montag", "04:00")],
        "host@example.com": [("When", "Monday", "11:00 AM"), ("Previously", "Monday", "10:00 AM")],
        address: [("Wann", "Montag", "15:45"), ("Bisher", "Montag", "14:45")],
    }
    assert len(office.mail.received) == 4


def _times_told(office: Office) -> dict[str, list[tuple[str, ...]]]:
    """To each address: label, weekday and start of each line with a time."""
    line = re.compile(r"^(\w+): (\w+), .*?(\d+:\d\d(?: [AP]M)?) \N{EN DASH}", re.MULTILINE)
    return {received.rcpt_tos[0]: line.findall(_text(received.message)) for received in office.mail.received}


async def test_an_address_that_stands_twice_is_told_once(office: Office) -> None:
    ann = office.attendee(email="Host@Example.com", bringalong_emails=("host@example.com",))
    await office.book(attendee=ann)
    await office.work()
    assert len(office.mail.received) == 1


@pytest.mark.parametrize(
    ("notify", "told"),
    [
        pytest.param("none", set(), id="none"),
        pytest.param("hosts", {"host@example.com"}, id="hosts"),
        pytest.param("attendees", {"ann@example.org"}, id="attendees"),
    ],
)
async def test_a_muted_move_tells_only_whom_it_should(office: Office, notify: Notify, told: set[str]) -> None:
    booked = await office.book(notify="none")
    await office.move(booked.id, MONDAY + minutes(60), notify=notify)
    await office.work()
    assert {received.rcpt_tos[0] for received in office.mail.received} == told


async def test_muting_a_move_mutes_the_providers_own_mails_as_well(office: Office, outside: OutsideCalendar) -> None:
    """The server of the calendar is told to mail nobody (RFC 6638 7.1), whoever else was invited there."""
    booked = await office.book(notify="none")
    await office.work()
    [(href, _, _)] = await outside.events()
    await outside.invite(href, "colleague@example.net")
    await office.move(booked.id, MONDAY + minutes(60), notify="none")
    await office.work()
    assert [start for _, _, start in await outside.events()] == [MONDAY + minutes(60)]
    agents = await outside.schedule_agents(href)
    assert set(agents) == {"host@example.com", "ann@example.org", "colleague@example.net"}
    assert set(agents.values()) == {"CLIENT"}
    assert office.mail.received == []


async def test_sequence_strictly_increases_up_to_the_cancel_uid_never_changes_and_method_agrees_with_the_mime_type(
    office: Office,
) -> None:
    booked = await office.book()
    await office.work()
    for n in (1, 2):
        await office.move(booked.id, MONDAY + minutes(60 * n))
        await office.work()
    await office.cancel(booked.id)
    await office.work()

    calendars = [_calendar(message) for message in office.mail.to("ann@example.org")]
    assert [int(event["SEQUENCE"]) for _, _, event in calendars] == [0, 1, 2, 3]
    assert {str(event["UID"]) for _, _, event in calendars} == {booked.uid}
    assert [method for method, _, _ in calendars] == ["REQUEST", "REQUEST", "REQUEST", "CANCEL"]
    assert all(method == inside for method, inside, _ in calendars)


async def test_on_a_time_change_attendees_go_back_to_needs_action_the_organizer_excepted(office: Office) -> None:
    booked = await office.book()
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    _, _, event = _calendar(office.mail.to("ann@example.org")[-1])
    attendees = event["ATTENDEE"] if isinstance(event["ATTENDEE"], list) else [event["ATTENDEE"]]
    asked = {str(a).lower(): a.params["PARTSTAT"] for a in attendees}
    assert asked == {"mailto:ann@example.org": "NEEDS-ACTION", "mailto:host@example.com": "ACCEPTED"}
    assert str(event["ORGANIZER"]).lower() == "mailto:host@example.com"


async def test_a_message_about_an_earlier_move_tells_of_that_move(office: Office) -> None:
    booked = await office.book(notify="none")
    await office.move(booked.id, MONDAY + minutes(60))
    await office.move(booked.id, MONDAY + minutes(120))
    await office.work()
    first, second = (_calendar(message)[2] for message in office.mail.to("host@example.com"))
    assert first["DTSTART"].dt == MONDAY + minutes(60)
    assert second["DTSTART"].dt == MONDAY + minutes(120)


async def test_a_message_about_a_move_says_that_an_unconfirmed_appointment_is_still_unconfirmed(office: Office) -> None:
    booked = await office.book(notify="none")
    await office.execute("UPDATE appointments SET status = 'tentative' WHERE company_id = %(company_id)s")
    await office.move(booked.id, MONDAY + minutes(60))
    await office.work()
    assert _calendar(office.mail.to("ann@example.org")[-1])[2]["STATUS"] == "TENTATIVE"


async def test_a_recipient_whom_the_server_refuses_is_shown_on_the_appointment_and_stops_nobody_else(
    office: Office,
) -> None:
    office.mail.refuse["ann@example.org"] = "550 5.1.1 No such user"
    booked = await office.book()
    await office.work()
    assert [received.rcpt_tos for received in office.mail.received] == [("host@example.com",)]
    assert (await office.get(booked.id)).error_codes == ("email_undeliverable",)


async def test_a_mail_server_that_is_busy_gets_the_same_message_again_later(office: Office) -> None:
    office.mail.refuse["ann@example.org"] = "451 4.3.0 try again"
    booked = await office.book()
    await office.work()
    [waiting] = [e for e in await office.effects(booked.id, "email") if e.state == "retrying"]
    assert waiting.next_attempt_at is not None
    office.mail.refuse.clear()
    await office.wait_and_work(timedelta(minutes=1))
    [message] = office.mail.to("ann@example.org")
    assert str(waiting.id) in message["Message-ID"]
    assert all(effect.state == "done" for effect in await office.effects(booked.id, "email"))


def _text(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def _calendar(message: EmailMessage) -> tuple[str, str, Any]:
    """METHOD in the MIME type, METHOD inside, and the VEVENT."""
    part = next(part for part in message.walk() if part.get_content_type() == "text/calendar")
    calendar = Calendar.from_ical(cast("bytes", part.get_payload(decode=True)))
    return part["content-type"].params["method"], str(calendar["METHOD"]), calendar.walk("VEVENT")[0]
