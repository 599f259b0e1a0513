"""A meeting type may ask before it keeps people in a CRM: ``crmOptInFieldName``."""

from typing import Any

import pytest

from slotkeeper.side_effects.crm_opt_in import of_those_who_agreed
from tests.ics.sample import appointment, attendee
from tests.support.office import Office
from tests.support.sales import Sales, sales

__all__ = ["sales"]

QUESTION = "May we keep your data?"


@pytest.mark.parametrize(
    ("notes", "agreed"),
    [
        pytest.param({QUESTION: True}, True, id="ticked"),
        pytest.param({QUESTION: " Yes"}, True, id="a word"),
        pytest.param({QUESTION: "Ja"}, True, id="a German word"),
        pytest.param({QUESTION: ["oui"]}, True, id="the only ticked box of a list"),
        pytest.param({f" {QUESTION.upper()} ": "on"}, True, id="the label in another spelling"),
        pytest.param({QUESTION: False}, False, id="not ticked"),
        pytest.param({QUESTION: "No"}, False, id="no"),
        pytest.param({QUESTION: "yes, but not my number"}, False, id="more than a yes"),
        pytest.param({QUESTION: ["yes", "no"]}, False, id="both ticked"),
        pytest.param({QUESTION: []}, False, id="none ticked"),
        pytest.param({QUESTION: None}, False, id="null"),
        pytest.param({"Another question": True}, False, id="never asked"),
        pytest.param({}, False, id="no answers"),
    ],
)
def test_only_a_yes_to_the_question_is_an_agreement(notes: dict[str, Any], agreed: bool) -> None:
    booked = appointment(attendees=(attendee(notes=notes),))
    assert bool(of_those_who_agreed({"crmOptInFieldName": QUESTION}, booked).attendees) is agreed


@pytest.mark.parametrize("name", [None, ""])
def test_without_a_question_everybody_is_kept(name: str | None) -> None:
    booked = appointment(attendees=(attendee(),))
    assert of_those_who_agreed({"crmOptInFieldName": name}, booked) == booked


async def contacts(office: Office) -> list[str]:
    sql = "SELECT email FROM crm_contacts WHERE company_id = %(company_id)s ORDER BY email"
    return [email for (email,) in await office.rows(sql)]


async def test_who_did_not_agree_is_neither_a_contact_nor_a_deal(office: Office, sales: Sales) -> None:
    await sales.keep_in("Qualified", crmOptInFieldName=QUESTION)
    booked = await office.book(attendee=office.attendee(notes={QUESTION: "no"}))
    await office.work()
    assert (await contacts(office), await sales.deals()) == ([], [])
    assert await office.effects(booked.id, "crm") == []


async def test_of_a_group_those_who_agreed_are_kept_and_the_deal_is_about_the_first_of_them(
    office: Office, sales: Sales
) -> None:
    await sales.keep_in("Qualified", crmOptInFieldName=QUESTION)
    await office.set_type(meeting_info={"name": "Class", "duration": 30, "groupBooking": True}, spots=3)
    await office.book(attendee=office.attendee(email="ann@example.org"))
    await office.book(attendee=office.attendee(email="bob@example.org", notes={QUESTION: "yes"}))
    await office.work()
    deal = await sales.only_deal()
    assert (await contacts(office), deal.contact and deal.contact.email) == (["bob@example.org"], "bob@example.org")
