"""What the form of a booking page asks for, and what it says of what was typed."""

import pytest

from slotkeeper.secrets import hash_password
from tests.support.booking_page import VisitedPage, attendee_of

INFO = {"name": "Talk", "duration": 30, "channel": "custom"}
NEXT = "2037-12-07T09:15:00Z"


TOO_MANY = ",".join(f"guest{number}@example.org" for number in range(6))


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        pytest.param({"firstname": " \t"}, "firstname", "Bitte ausfüllen.", id="no name"),
        pytest.param({"firstname": "x" * 101}, "firstname", "Das ist zu lang.", id="a long name"),
        pytest.param({"email": ""}, "email", "Bitte ausfüllen.", id="no address"),
        pytest.param({"email": "ann"}, "email", "Das ist keine E-Mail-Adresse.", id="no address at all"),
        pytest.param({"email": "a@b@c"}, "email", "Das ist keine E-Mail-Adresse.", id="two addresses"),
        pytest.param({"guests": "bo"}, "guests", "Das sind nicht lauter E-Mail-Adressen.", id="a guest's name"),
        pytest.param({"guests": TOO_MANY}, "guests", "Bitte höchstens fünf Gäste.", id="six guests"),
        pytest.param({"message": "x" * 2001}, "message", "Das ist zu lang.", id="a long message"),
        pytest.param({"policy": ""}, "policy", "Bitte ankreuzen.", id="no consent"),
    ],
)
async def test_what_is_wrong_is_told_at_its_field_and_books_nothing(
    visit: VisitedPage, typed: dict[str, str], field: str, sentence: str
) -> None:
    answer = await visit.book("de", **typed)
    assert answer.status_code == 400
    assert f'<p class="wrong" id="{field}-wrong">{sentence}</p>' in answer.text
    assert answer.text.count('class="wrong"') == answer.text.count('aria-invalid="true"') == 1
    assert 'value="Example"' in answer.text
    assert await visit.appointments() == []


@pytest.mark.parametrize("content", [b"", b"{}", b"start=2037-12-07T09:00:00Z&firstname=%ff%00&&&===", b"\xff\xfe"])
async def test_whatever_else_is_sent_is_refused_with_a_page(visit: VisitedPage, content: bytes) -> None:
    answer = await visit.client.post(visit.path, content=content)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")


async def test_a_called_visitor_has_to_say_where(visit: VisitedPage) -> None:
    await visit.desk.set_type(meeting_info={**INFO, "channel": "phone"})
    assert 'id="phone-wrong">Please fill this in.' in (await visit.book()).text
    assert 'id="phone-wrong">This is not a telephone number.' in (await visit.book(phone="call me")).text
    assert (await visit.book(phone="030 1234567")).status_code == 303


async def test_where_a_call_is_enough_no_address_is_needed(visit: VisitedPage) -> None:
    await visit.desk.set_type(meeting_options={"allowPhoneOnlyBooking": True})
    assert (await visit.book(email="")).status_code == 400
    assert (await visit.book(email="", phone="030 1234567")).status_code == 303
    attendee = await attendee_of(visit.desk)
    assert (attendee["email"], attendee["phone"]) == (None, "030 1234567")


async def test_of_several_places_one_is_chosen_and_one_alone_is_taken(visit: VisitedPage) -> None:
    await visit.desk.set_type(meeting_info={**INFO, "channel": "local"}, locations=["Here", "There"])
    assert 'id="location-wrong">Please fill this in.' in (await visit.book()).text
    assert 'id="location-wrong">Please choose again.' in (await visit.book(location="Nowhere")).text
    assert (await visit.book(location="There")).status_code == 303
    await visit.desk.set_type(locations=["Here"])
    assert (await visit.send(await visit.form("2037-12-07T10:00:00Z"))).status_code == 303
    rows = await visit.desk.rows(
        "SELECT location FROM appointments WHERE company_id = %(company_id)s ORDER BY start_at"
    )
    assert rows == [("There",), ("Here",)]


async def test_who_is_visited_says_where_they_live(visit: VisitedPage) -> None:
    await visit.desk.set_type(meeting_info={**INFO, "channel": "local-attendee"})
    assert (await visit.book()).status_code == 400
    assert "Hauptstr. 1" in (await visit.followed(await visit.book(location="Hauptstr. 1"))).text


async def test_a_page_with_a_password_is_booked_with_it_only(visit: VisitedPage) -> None:
    await visit.desk.set_type(booking_password_hash=hash_password("sesame"))
    assert (await visit.book()).status_code == 400
    wrong = await visit.book(password="open", message="Kept")
    assert wrong.status_code == 403
    assert 'id="password-wrong">This is not the password of this page.' in wrong.text
    assert "Kept</textarea>" in wrong.text
    assert ">open<" not in wrong.text
    assert 'value="open"' not in wrong.text
    assert (await visit.book(password="sesame")).status_code == 303


@pytest.mark.parametrize(("ticked", "answer"), [({"consent": "true"}, True), ({}, False)])
async def test_the_question_of_a_crm_is_asked_and_its_answer_kept(
    visit: VisitedPage, ticked: dict[str, str], answer: bool
) -> None:
    await visit.desk.set_type(crm_options={"crmOptInFieldName": "Keep me informed"})
    assert "Keep me informed</label>" in (await visit.get(start=NEXT)).text
    await visit.book(**ticked)
    assert (await attendee_of(visit.desk))["notes"] == {"Keep me informed": answer}
