"""The other side is told of each step, once, in its own zone and language; webhooks have types of their own."""

import json
import re
from email.message import EmailMessage
from typing import cast

import pytest

from tests.support.desk import MONDAY, minutes
from tests.support.negotiation import Negotiation
from tests.support.office import Office

LATER, LATEST = MONDAY + minutes(60), MONDAY + minutes(120)
TYPES = ("reschedule_proposed", "reschedule_proposal_declined", "reschedule_proposal_withdrawn", "booking_rescheduled")


@pytest.fixture
async def talks(office: Office) -> Negotiation:
    ann = office.attendee(language="de", timezone="America/New_York", bringalong_emails=("mum@example.net",))
    return Negotiation(office, await office.book(attendee=ann, notify="none"))


def mails(office: Office) -> list[tuple[str, str, str]]:
    """To whom, subject, and text."""
    return [
        (received.rcpt_tos[0], str(received.message["Subject"]), text_of(received.message))
        for received in office.mail.received
    ]


def text_of(message: EmailMessage) -> str:
    return str(cast("EmailMessage", message.get_body(("plain",))).get_content())


async def test_the_attendee_gets_the_times_in_their_zone_and_language_and_the_way_to_accept_one(
    office: Office, talks: Negotiation
) -> None:
    await talks.propose(talks.host, LATER, LATEST, message="Die Bahn streikt")
    await office.work()
    [(told, subject, text)] = mails(office)
    assert told == "ann@example.org"
    assert subject.startswith("Andere Zeiten vorgeschlagen: ")
    assert re.findall(r"Vorgeschlagen: .*?, (\d\d:\d\d)", text) == ["05:00", "06:00"]
    assert "Nachricht: Die Bahn streikt" in text
    assert re.search(r"Hier eine Zeit wählen: https://\S+/a/\S+/proposal\s", text)


async def test_each_host_gets_the_attendees_times_and_a_link_of_their_own(office: Office, talks: Negotiation) -> None:
    second = await office.add_host("Asia/Kathmandu")
    booked = await office.book(
        MONDAY - minutes(60), host_ids=(office.company.user_id, second), notify="none", attendee=office.attendee()
    )
    talks = Negotiation(office, booked)
    await talks.propose(talks.attendee, LATER)
    await office.work()
    told = {address: re.findall(r"Proposed: .*?(\d+:\d\d)\s?[AP]M", text) for address, _, text in mails(office)}
    assert sorted(told.values()) == [["11:00"], ["3:45"]]
    links = {link for _, _, text in mails(office) for link in re.findall(r"https://\S+/h/\S+", text)}
    assert len(links) == 2


async def test_an_answer_is_told_to_the_side_that_offered_and_a_withdrawal_to_the_other(
    office: Office, talks: Negotiation
) -> None:
    offer = await talks.propose(talks.attendee, LATER)
    await talks.decline(talks.host, offer.id, "neither suits")
    offer = await talks.propose(talks.attendee, LATER)
    await talks.withdraw(talks.attendee, offer.id)
    await office.work()
    told = [(address, subject.partition(":")[0]) for address, subject, _ in mails(office)]
    assert sorted(told) == [
        ("ann@example.org", "Andere Zeiten abgelehnt"),
        ("host@example.com", "Other times proposed"),
        ("host@example.com", "Other times proposed"),
        ("host@example.com", "Proposal withdrawn"),
    ]
    assert "Grund: neither suits" in next(text for address, _, text in mails(office) if address == "ann@example.org")


async def test_what_is_accepted_is_told_to_all_as_a_move(office: Office, talks: Negotiation) -> None:
    offer = await talks.propose(talks.host, LATER)
    await talks.accept(talks.attendee, offer.id, LATER)
    await office.work()
    told = [(address, subject.partition(":")[0]) for address, subject, _ in mails(office)]
    assert sorted(told) == [
        ("ann@example.org", "Andere Zeiten vorgeschlagen"),
        ("ann@example.org", "Verschoben"),
        ("host@example.com", "Moved"),
        ("mum@example.net", "Verschoben"),
    ]


async def test_each_step_fires_one_webhook_of_its_own_type_with_the_proposals_id(
    office: Office, talks: Negotiation
) -> None:
    await office.add_endpoint(*TYPES)
    first = await talks.propose(talks.host, LATER)
    await talks.decline(talks.attendee, first.id, "no")
    second = await talks.propose(talks.attendee, LATER, LATEST)
    await talks.withdraw(talks.attendee, second.id)
    third = await talks.propose(talks.host, LATEST)
    await talks.accept(talks.attendee, third.id, LATEST)
    await office.work()
    bodies = [json.loads(received.body) for received in office.receiver.received]
    told = {(b["webhookType"], b["proposalId"], b["actor"]["kind"], b["start"]) for b in bodies}
    before, after = "2037-12-07T09:00:00Z", "2037-12-07T11:00:00Z"
    assert told == {
        ("reschedule_proposed", str(first.id), "host", before),
        ("reschedule_proposal_declined", str(first.id), "attendee", before),
        ("reschedule_proposed", str(second.id), "attendee", before),
        ("reschedule_proposal_withdrawn", str(second.id), "attendee", before),
        ("reschedule_proposed", str(third.id), "host", before),
        ("booking_rescheduled", str(third.id), "attendee", after),
    }
    assert len(bodies) == 6
    assert all(b["isCancelled"] is False for b in bodies)
