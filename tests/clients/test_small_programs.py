"""Hand-written programs: a voice bot with a platform key, and the booking page of a website."""

from typing import Any

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from tests.clients import shapes
from tests.clients.program import Program, in_days, in_javascript


@pytest.fixture
def bot(http: httpx.AsyncClient, company: Bootstrapped) -> Program:
    acting_as = {"x-meetergo-api-user-id": str(company.user_id)}
    return Program(http, company, {"Authorization": f"Bearer {company.api_key}", **acting_as})


@pytest.fixture
def page(http: httpx.AsyncClient, company: Bootstrapped) -> Program:
    return Program(http, company, {"Authorization": f"Bearer {company.token}", "Content-Type": "application/json"})


async def test_a_voice_bot_books_what_it_read_out_without_answers_to_questions(bot: Program) -> None:
    meeting_type = f"/v4/meeting-type/{bot.meeting_type_id}"
    await bot.ask(shapes.MeetingType, "PATCH", meeting_type, body={"meetingInfo": {"channel": "connect"}})
    days = {"start": in_days(1).date().isoformat(), "end": in_days(8).date().isoformat()}
    query = {"meetingTypeId": bot.meeting_type_id, "hostIds": bot.user_id, **days}
    found = await bot.ask(shapes.Availability, "GET", "/v4/booking-availability", query)
    called = {"email": "4930123@bot.example", "firstname": "Ann", "lastname": "", "fullname": "Ann"}
    attendee = {**called, "phone": "+4930123", "receiveReminders": True, "language": "de", "timezone": "Europe/Berlin"}
    about = {"channel": "connect", "context": "Ann hat angerufen.", "source": "voice_bot", "duration": 30}
    whom = {"meetingTypeId": bot.meeting_type_id, "hostIds": [bot.user_id], "start": found.starts[0]}
    body = {**whom, **about, "attendee": {**attendee, "dataPolicyAccepted": True}}
    booked = await bot.ask(shapes.Booked, "POST", "/v4/booking", body=body)
    shown = await bot.ask(shapes.Appointment, "GET", f"/v4/appointment/{booked.appointment_id}")
    assert shown.attendees[0].phone == "+4930123"


async def ask_for_slots(page: Program) -> list[str]:
    """Those without anything in the way and with a seat left."""
    window = {"start": in_javascript(in_days(0)), "end": in_javascript(in_days(9)), "timezone": "Europe/Paris"}
    query = {"meetingTypeId": page.meeting_type_id, "hostIds": page.user_id, **window}
    found = await page.ask(shapes.Availability, "GET", "/v4/booking-availability", query)
    return [spot.start_time for day in found.dates for spot in day.spots if not spot.unavailability_events]


def booking(page: Program, start: str) -> dict[str, Any]:
    attendee = {"email": "camille@example.fr", "fullname": "Camille", "phone": "06 12 34 56 78", "language": "fr"}
    asked = {**attendee, "notes": {"Nombre de personnes": "8"}, "receiveReminders": True, "dataPolicyAccepted": True}
    whom = {"meetingTypeId": page.meeting_type_id, "hostIds": [page.user_id]}
    return {**whom, "start": start, "attendee": asked}


async def test_a_website_tells_a_slot_that_is_taken_from_one_that_cannot_be_had(page: Program) -> None:
    start = (await ask_for_slots(page))[0]
    await page.ask(shapes.Booked, "POST", "/v4/booking", body=booking(page, start))
    taken = await page.refused("POST", "/v4/booking", body=booking(page, start))
    assert (taken.status_code, taken.message) == (409, "slot-occupied")
    assert start not in await ask_for_slots(page)
    wrong = await page.refused("POST", "/v4/booking", body={"start": start})
    assert (wrong.status_code, "slot-occupied" in wrong.message) == (400, False)


async def test_a_website_never_thanks_for_what_is_not_confirmed_yet(page: Program) -> None:
    one = f"/v4/meeting-type/{page.meeting_type_id}"
    asked = {"meetingOptions": {"requireHostConfirmation": "enabled"}}
    await page.ask(shapes.MeetingType, "PATCH", one, body=asked)
    start = (await ask_for_slots(page))[0]
    pending = await page.ask(shapes.Pending, "POST", "/v4/booking", body=booking(page, start))
    assert pending.booking_type == "requireHostConfirmation"


async def test_a_meeting_type_in_quotation_marks_is_refused_by_name(page: Program) -> None:
    quoted = await page.refused("GET", f"/v4/meeting-type/%22{page.meeting_type_id}%22")
    assert quoted.status_code in (400, 404)
