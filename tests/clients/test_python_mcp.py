"""The community's MCP server in Python: days instead of times, no hosts, and members that the API does not know."""

from typing import Any

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from tests.clients import shapes
from tests.clients.program import Program, in_days


@pytest.fixture
def program(http: httpx.AsyncClient, company: Bootstrapped) -> Program:
    headers = {"Content-Type": "application/json", "User-Agent": "meetergo-mcp/0.1.1"}
    return Program(http, company, {**headers, "Authorization": f"Bearer {company.token}"})


async def free(program: Program) -> list[str]:
    days = {"start": in_days(1).date().isoformat(), "end": in_days(9).date().isoformat()}
    query = {"meetingTypeId": program.meeting_type_id, **days, "timezone": "America/New_York"}
    return (await program.ask(shapes.Availability, "GET", "/v4/booking-availability", query)).starts


def booking(program: Program, start: str) -> dict[str, Any]:
    attendee = {"email": "ann@example.org", "firstname": "Ann", "lastname": "Example"}
    kept = {"meetingTypeId": program.meeting_type_id, "start": start, "attendee": attendee}
    return {**kept, "timezone": "America/New_York", "notes": "please ring twice"}


async def test_it_books_without_hosts_reminders_or_answers(program: Program) -> None:
    start = (await free(program))[0]
    booked = await program.ask(shapes.Booked, "POST", "/v4/booking", body=booking(program, start))
    shown = await program.ask(shapes.Appointment, "GET", f"/v4/appointment/{booked.appointment_id}")
    assert shown.attendees[0].email == "ann@example.org"
    assert shown.hosts
    assert shown.hosts is not None


async def test_it_lists_by_days_moves_writes_and_cancels_with_an_empty_body(program: Program) -> None:
    first, second, *_ = await free(program)
    booked = (await program.ask(shapes.Booked, "POST", "/v4/booking", body=booking(program, first))).appointment_id
    one = f"/v4/appointment/{booked}"
    days = {"start": in_days(0).date().isoformat(), "end": in_days(30).date().isoformat()}
    query = {"page": 0, "pageSize": 20, **days}
    assert (await program.ask(shapes.Page, "GET", "/v4/appointment/paginated", query)).total == 1
    moved = await program.ask(shapes.Moved, "POST", f"{one}/reschedule", body={"start": second})
    assert moved.appointment.id == booked
    assert (await program.ask(shapes.Appointment, "PATCH", f"{one}/notes", body={"note": "n"})).note == "n"
    assert (await program.ask(shapes.Appointment, "POST", f"{one}/cancel", body={})).cancelled


async def test_it_makes_a_meeting_type_with_everything_that_its_example_names(program: Program) -> None:
    switches = dict.fromkeys(
        ("enableRedirect", "passEventDetailsToRedirect", "groupBooking", "showAvailableSlots", "enrichInvitee"), False
    )
    texts = dict.fromkeys(("description", "redirect", "customChannelName", "customChannelLink"), "")
    button = {"useConfirmationButton": False, "text": "", "color": "", "link": ""}
    numbers = {"duration": 30, "bufferBefore": 0, "bufferAfter": 0}
    info = {"name": "Discovery Call", "channel": "zoom", **numbers, **switches, **texts, "confirmationButton": button}
    body = {"meetingInfo": info, "slug": "discovery-call"}
    made = await program.ask(shapes.MeetingType, "POST", "/v4/meeting-type", body=body)
    assert made.slug == "discovery-call"


async def test_its_contacts_come_many_at_once_and_are_found_by_tags(program: Program) -> None:
    contacts = [{"email": "a@example.org", "tags": ["Lead"]}, {"phoneNumber": "+49 30 2", "firstName": "P"}]
    assert (await program.ask(shapes.Record, "POST", "/crm/bulk", body={"contacts": contacts}))["created"] == 2
    found = await program.ask(shapes.Contacts, "GET", "/crm", {"tags": ["Lead"], "limit": 100})
    assert [row.item.email for row in found.result] == ["a@example.org"]
