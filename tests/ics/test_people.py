from slotkeeper.ics.build import build_ics
from tests.ics.reading import attendees_of, event_of
from tests.ics.sample import BOOKED_AT, appointment, attendee, host

HOSTS = (host(), host(email="second@example.com", given_name="Second", family_name="Host"))


def test_after_a_change_of_time_everyone_needs_to_act_but_the_organizer() -> None:
    people = attendees_of(
        build_ics(appointment(hosts=HOSTS, attendees=(attendee(bringalong_emails=("b@x.example",)),)))
    )
    states = {address: person.params["PARTSTAT"] for address, person in people.items()}
    assert states == {
        "host@example.com": "ACCEPTED",
        "second@example.com": "NEEDS-ACTION",
        "ann@example.org": "NEEDS-ACTION",
        "b@x.example": "NEEDS-ACTION",
    }
    assert people["host@example.com"].params["ROLE"] == "CHAIR"
    assert all(p.params["RSVP"] == "TRUE" for a, p in people.items() if a != "host@example.com")


def test_the_main_host_is_the_organizer() -> None:
    organizer = event_of(build_ics(appointment(hosts=HOSTS)))["ORGANIZER"]
    assert organizer == "mailto:host@example.com"
    assert organizer.params["CN"] == "Jörg Weiß"


def test_an_address_stands_once_however_it_is_written() -> None:
    twice = attendee(email="Ann@Example.org", bringalong_emails=("ann@example.ORG", "HOST@example.com", "b@x.example"))
    people = attendees_of(build_ics(appointment(attendees=(twice, attendee()))))
    assert set(people) == {"host@example.com", "ann@example.org", "b@x.example"}


def test_those_who_left_and_those_without_an_address_are_not_invited() -> None:
    gone = attendee(email="gone@example.org", bringalong_emails=("guest@example.org",), deleted_at=BOOKED_AT)
    by_phone = attendee(email=None, phone="+49 30 1")
    assert set(attendees_of(build_ics(appointment(attendees=(gone, by_phone))))) == {"host@example.com"}


def test_names_with_quotes_and_commas_read_back() -> None:
    named = attendee(fullname='Weiß, "Dr." Jörg; ^n: \r\nATTENDEE:mailto:eve@example.net')
    person = attendees_of(build_ics(appointment(attendees=(named,))))["ann@example.org"]
    assert person.params["CN"] == 'Weiß, "Dr." Jörg; ^n: ATTENDEE:mailto:eve@example.net'


def test_a_calendars_server_is_told_not_to_invite() -> None:
    stored = attendees_of(build_ics(appointment(), method=None))
    mailed = attendees_of(build_ics(appointment()))
    assert {person.params.get("SCHEDULE-AGENT") for person in stored.values()} == {"CLIENT"}
    assert {person.params.get("SCHEDULE-AGENT") for person in mailed.values()} == {None}
