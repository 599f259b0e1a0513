"""The official MCP server and its forks: a JSON content type on everything, repeated keys, JavaScript's times."""

from typing import Any

import httpx
import pytest

from slotkeeper.accounts.bootstrap import Bootstrapped
from slotkeeper.webhooks.subscription import EVENT_TYPES
from tests.clients import shapes
from tests.clients.program import Program, in_days, in_javascript

CHANNELS = (
    *("local", "local-attendee", "google", "zoom", "phone", "phone-incoming", "whatsapp", "connect", "webex"),
    *("teamsForBusiness2", "teams2ForExchange", "custom", "resource", "whereby", "kmeet", "jitsi", "nextcloudTalk"),
    *("openTalk", "alfaview"),
)
WEBHOOK_EVENTS = EVENT_TYPES[:9]


class Mcp(Program):
    async def availability(self, meeting_type_id: str, **query: Any) -> list[str]:
        """It asks the meeting type first whom to ask for: its queue, else its owner."""
        found = await self.ask(shapes.MeetingType, "GET", f"/v4/meeting-type/{meeting_type_id}")
        whom = {"queueId": found.queue_id} if found.queue_id else {"hostIds": [found.user_id]}
        window = {"start": in_javascript(in_days(0)), "end": in_javascript(in_days(14))}
        query = {"meetingTypeId": meeting_type_id, **window, **query, **whom}
        return (await self.ask(shapes.Availability, "GET", "/v4/booking-availability", query)).starts

    def booking(self, meeting_type_id: str, start: str, email: str) -> dict[str, Any]:
        attendee = {"email": email, "fullname": "Ann Example", "receiveReminders": True, "dataPolicyAccepted": True}
        return {
            "meetingTypeId": meeting_type_id,
            "start": start,
            "hostIds": [self.user_id],
            "attendee": {**attendee, "notes": {"What about?": "Pricing"}, "bringalongEmails": ["g@example.org"]},
        }

    async def book(self, meeting_type_id: str, start: str, email: str = "ann@example.org") -> str:
        body = self.booking(meeting_type_id, start, email)
        return (await self.ask(shapes.Booked, "POST", "/v4/booking", body=body)).appointment_id

    async def get(self, appointment_id: str) -> shapes.Appointment:
        return await self.ask(shapes.Appointment, "GET", f"/v4/appointment/{appointment_id}")


@pytest.fixture(params=["personal token", "platform key"])
def mcp(http: httpx.AsyncClient, company: Bootstrapped, request: pytest.FixtureRequest) -> Mcp:
    headers = {"Content-Type": "application/json", "User-Agent": "meetergo-mcp/0.9.0"}
    if request.param == "personal token":
        return Mcp(http, company, {**headers, "Authorization": f"Bearer {company.token}"})
    acting_as = {"x-meetergo-api-user-id": str(company.user_id)}
    return Mcp(http, company, {**headers, "Authorization": f"Bearer {company.api_key}", **acting_as})


async def test_an_appointment_is_booked_listed_moved_and_cancelled(mcp: Mcp) -> None:
    assert (await mcp.ask(shapes.Me, "GET", "/v4/user/me")).id == mcp.user_id
    [listed] = await mcp.ask(list[shapes.MeetingType], "GET", "/v4/meeting-type")
    first, *_, later = await mcp.availability(listed.id, timezone="America/New_York", meetingDuration=30)
    booked = await mcp.book(listed.id, first)
    again = await mcp.refused("POST", "/v4/booking", body=mcp.booking(listed.id, first, "bo@example.org"))
    assert again.message == "slot-occupied"
    moves = await mcp.availability(listed.id, existingAppointmentId=booked)
    assert len(moves) > len(await mcp.availability(listed.id))
    move = f"/v4/appointment/{booked}/reschedule"
    moved = await mcp.ask(shapes.Moved, "POST", move, body={"start": later})
    assert (moved.appointment.id, bool(moved.appointment.rescheduled_at)) == (booked, True)
    moved = await mcp.ask(shapes.Moved, "POST", move, body={"start": first, "ignoreAvailability": True})
    assert (len(moved.appointment.attendees), moved.appointment.cancelled) == (1, False)
    cancelled = await mcp.ask(
        shapes.Appointment, "POST", f"/v4/appointment/{booked}/cancel", body={"reason": "ill", "cancelAll": False}
    )
    assert cancelled.cancelled


async def test_lists_take_the_present_time_as_javascript_writes_it(mcp: Mcp) -> None:
    booked = await mcp.book(mcp.meeting_type_id, (await mcp.availability(mcp.meeting_type_id))[0])
    window = {"start": in_javascript(in_days(0)), "end": in_javascript(in_days(30)), "status": "confirmed"}
    ordered = {"sortBy": "appointment.createdAt", "sortDirection": "DESC", "search": "ann"}
    query = {"page": 0, "pageSize": 20, **window, **ordered, "meetingTypeId": mcp.meeting_type_id}
    page = await mcp.ask(shapes.Page, "GET", "/v4/appointment/paginated", query)
    assert ([one.id for one in page.appointments], page.total) == ([booked], 1)
    assert await mcp.ask(list[shapes.Appointment], "GET", "/v4/appointment/today") is not None


async def test_what_belongs_to_an_appointment_is_written(mcp: Mcp) -> None:
    booked = await mcp.book(mcp.meeting_type_id, (await mcp.availability(mcp.meeting_type_id))[0])
    one, [attendee] = f"/v4/appointment/{booked}", (await mcp.get(booked)).attendees
    guest = {"attendeeId": attendee.id, "email": "guest@example.org"}
    assert (await mcp.ask(shapes.Appointment, "PATCH", f"{one}/guest", body=guest)).id == booked
    assert (await mcp.ask(shapes.Appointment, "PATCH", f"{one}/notes", body={"note": "n"})).note == "n"
    texts = {"transcription": "# T", "summary": "s"}
    await mcp.ask(shapes.Appointment, "PATCH", f"{one}/transcription", body=texts)
    cleared = await mcp.ask(shapes.Appointment, "PATCH", f"{one}/transcription", body={"summary": None})
    assert (cleared.transcription, cleared.summary) == ("# T", None)
    mail = {"attendeeId": attendee.id, "title": "Hi", "content": "There"}
    await mcp.do("POST", "/v4/attendee/quick-mail", body=mail)


async def test_a_group_is_made_by_its_seats_and_left_one_by_one(mcp: Mcp) -> None:
    info = {"name": "Class", "description": "", "duration": 45, "channel": "local", "color": "#e55000"}
    group = await mcp.ask(shapes.MeetingType, "POST", "/v4/meeting-type", body={"meetingInfo": info, "spots": 5})
    start = (await mcp.availability(group.id))[-1]
    booked = {await mcp.book(group.id, start, f"{name}@example.org") for name in ("ann", "bo")}
    [appointment] = booked
    leaving, staying = (await mcp.get(appointment)).attendees
    cancel = f"/v4/appointment/{appointment}/cancel"
    assert (await mcp.refused("POST", cancel, body={})).status_code == 400
    left = await mcp.ask(shapes.Appointment, "POST", cancel, body={"attendeeId": leaving.id, "reason": "one"})
    assert ([one.id for one in left.attendees], left.cancelled) == ([staying.id], False)
    assert (await mcp.ask(shapes.Appointment, "POST", cancel, body={"cancelAll": True})).cancelled


async def test_a_meeting_type_takes_every_channel_and_is_deleted(mcp: Mcp) -> None:
    info = {"name": "Talk", "description": "Short", "duration": 30, "channel": "phone", "bufferBefore": 5}
    made = await mcp.ask(shapes.MeetingType, "POST", "/v4/meeting-type", body={"meetingInfo": info})
    one = f"/v4/meeting-type/{made.id}"
    for channel in CHANNELS:
        patched = await mcp.ask(shapes.MeetingType, "PATCH", one, body={"meetingInfo": {"channel": channel}})
        assert (patched.meeting_info.channel, patched.meeting_info.duration) == (channel, 30)
    assert (await mcp.ask(shapes.MeetingType, "PATCH", one, body={"slug": "talk-two", "spots": 2})).slug == "talk-two"
    link = await mcp.ask(shapes.OneTimeLink, "POST", f"/v4/one-time-booking-link/create/{made.id}")
    assert link.url.startswith("http")
    await mcp.do("DELETE", one)
    assert (await mcp.refused("GET", one)).status_code == 404


async def test_the_personal_page_is_read_and_changed(mcp: Mcp) -> None:
    await mcp.ask(shapes.PersonalPage, "GET", "/v4/personal-page/me")
    profiles = {
        "linkedIn": "https://l.example",
        "customLinks": [{"name": "n", "url": "https://x.example", "icon": "i"}],
    }
    colours = {"useCustomColors": True, "primaryColor": "#e55000", "headerImage": None, "onlineProfiles": profiles}
    page = await mcp.ask(shapes.PersonalPage, "PATCH", "/v4/personal-page/me", body=colours)
    assert (page.use_custom_colors, page.primary_color) == (True, "#e55000")


async def test_webhooks_are_managed_at_names_that_have_no_address_yet(mcp: Mcp) -> None:
    new = {"endpoint": "https://hooks.nowhere.example/in", "eventTypes": WEBHOOK_EVENTS, "description": "d"}
    made = await mcp.ask(shapes.Webhook, "POST", "/webhooks", body=new)
    one = f"/webhooks/{made.id}"
    changed = await mcp.ask(shapes.Webhook, "PATCH", one, body={"eventTypes": ["booking_created"]})
    assert await mcp.ask(list[shapes.Webhook], "GET", "/webhooks") == [changed]
    await mcp.do("DELETE", one)
    assert (await mcp.ask(shapes.CalendarConnections, "GET", "/v4/calendar-connections/connections")).total == 0


async def test_contacts_are_found_by_repeated_tags_and_deleted(mcp: Mcp) -> None:
    new = {"firstName": "C", "email": "c@example.org", "tags": ["Lead", "x"], "accountOwnerId": mcp.user_id}
    made = (await mcp.ask(shapes.ContactItem, "POST", "/crm", body=new)).item
    query = {"searchTerm": "c@", "tags": ["Lead", "x"], "sortBy": "createdAt", "sortOrder": "DESC", "page": 1}
    found = await mcp.ask(shapes.Contacts, "GET", "/crm", query)
    assert [row.item.id for row in found.result] == [made.id]
    await mcp.ask(shapes.Contact, "PATCH", f"/crm/{made.id}", body={"tags": ["Lead"]})
    await mcp.do("DELETE", f"/crm/{made.id}")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        pytest.param("GET", "/v4/routing-form", id="routing forms"),
        pytest.param("GET", "/v4/data-field", id="data fields"),
        pytest.param("GET", "/company/mira-settings", id="Mira"),
        pytest.param("POST", "/knowledge/search", id="knowledge"),
        pytest.param("GET", "/web-chat/insights", id="web chat"),
    ],
)
async def test_what_is_out_of_scope_is_a_problem_that_it_can_show(mcp: Mcp, method: str, path: str) -> None:
    refusal = await mcp.refused(method, path)
    assert refusal.status_code == 404
    assert refusal.message
